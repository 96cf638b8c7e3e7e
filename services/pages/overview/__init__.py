"""A study's first page."""
