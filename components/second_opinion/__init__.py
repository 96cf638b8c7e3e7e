"""The table of a second opinion."""
