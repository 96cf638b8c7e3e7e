"""Scripts of the build; nothing here is needed to run the app."""
