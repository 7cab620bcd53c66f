"""Refusals to report, and their notices (F3)."""
