"""The path of compulsory treatment (F8), as the police and health keep it, each on its own."""
