"""The page on which a reader says what the columns of an upload are."""
