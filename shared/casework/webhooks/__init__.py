"""An agency's own system is called when something happens there: Standard Webhooks, set up by a supervisor."""
