"""What must be done by when, and the reminders that fire once."""
