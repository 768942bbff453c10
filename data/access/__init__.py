"""Who somebody is, what they may do, and how the business has set things up."""
