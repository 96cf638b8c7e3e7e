"""Published facts of the field: YAML files in ``data/evidence``, read, checked and cited."""
