"""The page of benefit and risk."""
