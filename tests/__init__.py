"""Tests are sentences. They use a real NATS server and a real PostgreSQL, on folders and ports of their own."""
