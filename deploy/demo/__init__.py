"""The story that `make demo` plays, and how it is told."""
