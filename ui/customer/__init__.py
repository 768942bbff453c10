"""Pages of customers: home, booking, profile."""
