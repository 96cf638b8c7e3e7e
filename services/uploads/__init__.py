"""Uploaded studies: how they come in and where they lie."""
