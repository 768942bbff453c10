"""What the business does: kinds of things it services, and the service types on offer."""
