"""Where patients are over time: rows from state to state, and the probability of each."""
