"""Arrays in, results out: the engine behind ``services.survival``."""
