"""Orders that protect somebody (F10): made, extended, ended, broken; and who is told."""
