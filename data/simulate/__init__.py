"""The generator of the simulated patients: small steps, each seeded, each with its targets."""
