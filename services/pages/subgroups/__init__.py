"""The subgroups page: the forest and what to make of it."""
