"""Examinations: they stay in health."""
