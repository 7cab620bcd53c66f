"""People as this agency knows them. A row never leaves; what an event may say of it is decided by policy."""
