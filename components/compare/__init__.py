"""The page of two views against each other."""
