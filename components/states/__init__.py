"""The page of states: where patients are over time."""
