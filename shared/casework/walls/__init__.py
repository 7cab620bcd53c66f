"""Both parties of a case at one organisation: it notices by itself, warns its own staff, and parts the two files.

The database keeps the wall (deploy/migrations/security.py): who works on one side does not see the other's rows,
whatever a query forgets. Nothing of it is told to anybody else.
"""
