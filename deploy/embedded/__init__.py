"""Real servers that PyPI wheels carry, and the services, as child processes on loopback."""
