"""Competing risks: incidence, Gray's test, the Fine-Gray model."""
