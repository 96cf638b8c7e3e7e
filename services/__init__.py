"""Numbers only: no dash, no plotly, no flask. Everything here runs in a notebook."""
