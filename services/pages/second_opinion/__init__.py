"""A view recomputed by other code, number by number."""
