"""What looks wrong in a study that could be read."""
