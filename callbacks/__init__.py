"""Glue: controls -> View -> service -> component; ``pages.py`` lists the pages."""
