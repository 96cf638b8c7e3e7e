"""What each page shows, from its words to its files."""
