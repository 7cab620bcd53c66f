"""Reports of violence to the police (F6), and of admissions (F15): sent at once, answered, watched by an alarm."""
