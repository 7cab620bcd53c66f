"""Dangers to life: declared, for a time, and reviewed afterwards by somebody else (break-glass)."""
