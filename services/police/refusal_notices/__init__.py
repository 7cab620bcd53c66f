"""Notices that somebody refused to report (F3), as they come."""
