"""The page on a study's data."""
