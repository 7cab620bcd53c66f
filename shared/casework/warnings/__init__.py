"""Warnings that violence repeats (F18): from what an agency holds itself, and from the police."""
