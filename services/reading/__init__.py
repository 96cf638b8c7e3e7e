"""Files into a study: tables become subjects, times and events, with a report."""
