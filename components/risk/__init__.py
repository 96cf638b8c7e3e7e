"""The page on the untreated course and the risk of progression."""
