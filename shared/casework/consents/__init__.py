"""Consents that were given here, and the terms of those that others relied on when they wrote to us."""
