"""The survival page."""
