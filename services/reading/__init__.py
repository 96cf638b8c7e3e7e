"""Files into a study: what single values mean, and how tables become subjects, times and events."""
