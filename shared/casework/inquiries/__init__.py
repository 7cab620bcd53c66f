"""Questions between agencies and their answers, each by a day (F14)."""
