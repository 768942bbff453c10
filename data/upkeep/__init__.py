"""How a house begins, and what keeps it in order."""
