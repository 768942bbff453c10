"""Where each form of a NiceGUI page stands: filled in by the journeys."""

PAGES: dict[str, str] = {}
