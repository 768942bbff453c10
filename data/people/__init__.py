"""Whom the business serves, and how they come in."""
