"""Adverse events: what their values mean, counted, over time, listed."""
