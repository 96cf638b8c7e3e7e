"""Bundled studies, published figures and the generator of the simulated patients."""
