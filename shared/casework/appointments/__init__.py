"""When somebody comes: so that the two parties of a case do not sit in one waiting room."""
