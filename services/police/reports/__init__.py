"""Reports of violence and of admissions (F6, F15), as the police answer them."""
