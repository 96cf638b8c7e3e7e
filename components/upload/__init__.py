"""The page for bringing one's own study."""
