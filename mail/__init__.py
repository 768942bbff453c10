"""Carries messages out of the house and knows their wording."""
