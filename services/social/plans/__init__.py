"""Plans to restore rights (F5): goals, partners, progress, reviews."""
