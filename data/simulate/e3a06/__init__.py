"""The simulated E3A06: phase 3 and run-in."""
