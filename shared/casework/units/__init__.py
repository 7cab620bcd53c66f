"""An organisation's own places: counts, holds and stays. Mounted where there are beds."""
