"""The ground every concept stands on; it knows accounts and customers only as numbers."""
