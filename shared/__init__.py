"""What the four agencies share: the contract between them, the casework each does, and the adapters to the outside."""
