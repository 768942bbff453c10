"""What staff shape without code; its modules come with their features."""
