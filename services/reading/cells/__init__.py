"""The values of a study's tables, read by one rule whatever format they came in."""
