"""A study, and who of it is analyzed."""
