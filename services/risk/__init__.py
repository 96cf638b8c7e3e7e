"""Published risk models of smoldering multiple myeloma."""
