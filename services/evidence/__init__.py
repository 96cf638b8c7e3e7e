"""Published facts of the field, read from ``data/evidence``."""
