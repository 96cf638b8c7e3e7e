"""The first page: every study in a few words."""
