"""Counts by the report's indicators (F13): of closed months, from literal tables, published once."""
