"""The cumulative file of a case (F17): all that was sent, received, due, done and withheld, as one timeline.

It has no table of its own: each noun says in its `entries.py` how its rows are told, as one `Source`. It stays with the
agency (`R-F17-OWN-CASE-FILE`).
"""
