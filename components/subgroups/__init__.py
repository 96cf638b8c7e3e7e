"""The subgroups page."""
