"""Alembic migrations: one lineage for what all agencies store, one for places, one for each agency."""
