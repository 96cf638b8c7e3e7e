"""Pages that belong to no study, one declaration each."""
