"""The console: pages of dispatchers and owners."""
