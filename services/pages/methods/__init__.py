"""The methods page."""
