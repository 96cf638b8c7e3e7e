"""Glue: controls -> View -> service -> component. Each module has a ``register(app, ...)``."""
