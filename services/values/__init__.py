"""What single values and columns of them mean, whatever table they stand in."""
