"""Programmes with sessions for whom others referred (F7): who is enrolled, who came. Mounted where there are any."""
