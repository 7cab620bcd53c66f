"""Plans of services (F5)."""
