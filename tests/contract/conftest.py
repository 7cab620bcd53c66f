"""Hypothesis without a stop-watch: a busy machine is not a fault of the contract."""

from hypothesis import settings

settings.register_profile("patient", deadline=None)
settings.load_profile("patient")
