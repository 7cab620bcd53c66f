"""What Qorgau says of itself to other people and their tools, in the standards that they read."""
