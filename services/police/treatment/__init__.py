"""What the police do on the path of compulsory treatment (F8)."""
