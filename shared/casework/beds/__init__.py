"""The bed board: what every organisation last announced about its places."""
