"""Voluntary treatment of addiction (F8): it stays in health; who is anonymous has no name here either."""
