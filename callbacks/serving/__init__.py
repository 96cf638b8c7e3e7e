"""What is served around the pages: files of every page, and what a request may be."""
