"""What events do only at health: a bed asked for is held (detoxification, addictology)."""

from shared.adapters.inbox import Handlers
from shared.casework.units.handlers import on_referral_requested_hold_bed
from shared.contract.vocabulary import EventType

HANDLERS: Handlers = {EventType.REFERRAL_REQUESTED: (on_referral_requested_hold_bed,)}
