"""The page of risk models."""
