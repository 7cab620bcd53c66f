"""What events do only at social services: nothing beyond what they do everywhere, so far."""

from shared.adapters.inbox import Handlers

HANDLERS: Handlers = {}
