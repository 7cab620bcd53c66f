"""A message about a referral as a Communication. Pure."""

from services.health.fhir.elements import Element, extension, filled, identifier, instant, meta, reference
from services.health.fhir.labels import REDACTED, VERY_RESTRICTED, VIOLENCE
from shared.casework.messages.endpoints import Message

SENT = "completed"


def communication(message: Message, *, parties: tuple[str, str]) -> Element:
    """The Communication. What was erased has no payload. `parties`: the two sides of its referral."""
    others = [party for party in parties if party != message.author_id]
    labels = [VERY_RESTRICTED, VIOLENCE]
    return filled(
        resourceType="Communication",
        id=str(message.id),
        meta=meta(
            revision=None,
            updated_at=message.read_at or message.delivered_at or message.at,
            security=labels if message.body is not None else [*labels, REDACTED],
        ),
        extension=[extension("read-at", valueDateTime=instant(message.read_at))] if message.read_at else [],
        identifier=[identifier("message", message.id)],
        basedOn=[reference("Task", message.referral_id)],
        status=SENT,
        sent=instant(message.at),
        received=instant(message.delivered_at) if message.delivered_at else None,
        sender=reference("Organization", message.author_id),
        recipient=[reference("Organization", other) for other in others],
        payload=[{"contentString": message.body}] if message.body is not None else [],
    )
