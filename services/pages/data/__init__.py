"""What was read of a study's files, and how."""
