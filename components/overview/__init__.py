"""A study's overview."""
