"""Telling staff that something waits, outside of the desk: what kind of thing and how many, and nothing of a case."""
