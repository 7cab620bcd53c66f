"""Orders that the police made (F10), as those know them who protect her, or treat him."""
