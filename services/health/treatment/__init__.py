"""What health does on the path of compulsory treatment (F8)."""
