"""The evidence page's own parts: whom a trial enrolled, results in parts of its patients."""
