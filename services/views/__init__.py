"""What a page shows, read from an address or a field: values, their words, links with faults."""
