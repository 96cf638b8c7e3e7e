"""The page of the report: the views a reader has pinned, and files of them."""
