"""Admissions to the trauma room (F15)."""
