"""Two views of a page against each other."""
