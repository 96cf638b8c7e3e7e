"""The speed of the app and of its engine; README.md says how each is run."""
