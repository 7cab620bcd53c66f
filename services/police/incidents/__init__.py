"""Incidents, by the report's indicators."""
