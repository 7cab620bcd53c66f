"""The accounting: what left about whom, to whom, on which basis, and what was withheld."""
