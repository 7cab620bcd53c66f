"""What happened at an organisation, for its own systems: a feed that is asked, or followed."""
