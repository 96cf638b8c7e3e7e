"""The page that compares risk models in the same patients."""
