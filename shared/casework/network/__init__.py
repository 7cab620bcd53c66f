"""How this service stands with the others."""
