"""The calculator of risk models: what is typed, and which trials were about such patients."""
