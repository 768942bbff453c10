"""Every door: pages, plain entry forms, machine addresses, the command line."""
