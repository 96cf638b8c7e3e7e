"""One table file in, whatever its format."""
