"""Who goes there, and when they work."""
