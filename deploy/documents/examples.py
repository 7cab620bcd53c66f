"""One example of each event, as it could leave: between two agencies and on grounds on which policy lets it go.

An example fills what may be told there and nothing else, so that nobody is shown a field where it never stands. Where
several grounds open the event it is those that open most, but for an emergency, which is no example of every day.
"""

from collections import defaultdict
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from deploy.documents.telling import possible_at
from deploy.documents.values import MEANT_FOR, OF_HIM, TOGETHER, VALUES
from shared.adapters.closing import ABOUT_NOBODY
from shared.adapters.jetstream import EVERYONE
from shared.contract.conditions import Party
from shared.contract.consent import CONSENTABLE, Consent
from shared.contract.decisions import categories_in, fields_of, narrowed, redact
from shared.contract.events import EVENTS, Envelope, Event, Payload, cloud_type
from shared.contract.grounds import CourtDecision, Grounds, label
from shared.contract.policy import STATE_EVENTS
from shared.contract.questions import decide_on
from shared.contract.schemas import Schema, inlined, schema_of
from shared.contract.soundness.reach import Categories, Cell
from shared.contract.vocabulary import RECIPIENTS, Agency, Basis, EventType, Partner, Purpose, Recipient, SubjectRole

Way = tuple[Cell, Purpose | None, Categories]
AT = datetime(2026, 3, 20, 9, tzinfo=UTC)
ORGANISATIONS: dict[Recipient, str] = {
    Agency.POLICE: "police-talgar",
    Agency.SHELTER: "shelter-alatau",
    Agency.HEALTH: "hospital-talgar",
    Agency.SOCIAL: "social-talgar",
    Partner.COURT: "court-talgar",
    Partner.PROSECUTOR: "prosecutor-talgar",
    Partner.SCHOOL: "school-talgar",
    Partner.PROBATION: "probation-talgar",
}


def examples() -> dict[EventType, Envelope]:
    """The example of each event, in its envelope. Raises LookupError for text that no value is known for."""
    ways: dict[EventType, list[Way]] = defaultdict(list)
    for (cell, purpose), categories in possible_at(AT).items():
        ways[cell.event].append((cell, purpose, categories))
    return {event_type: _example(event_type, ways[event_type]) for event_type in EVENTS}


def _example(event_type: EventType, ways: list[Way]) -> Envelope:
    if event_type is EventType.EVENTS_RECEIVED:
        return _envelope(_content(event_type, SubjectRole.VICTIM), "shelter", "police", None)
    cell, purpose, _ = min(ways, key=_rank)
    sender, recipient = (Party(agency, ORGANISATIONS[agency]) for agency in (cell.sender, cell.recipient))
    content, grounds = _content(event_type, cell.subject), _grounds(cell, purpose)
    decision = decide_on(content, sender=sender, recipient=recipient, grounds=grounds, at=AT)
    told = redact(content, decision.categories | ABOUT_NOBODY)
    if event_type in STATE_EVENTS:
        return _envelope(told, ORGANISATIONS[Agency.SHELTER], EVERYONE, grounds)
    grounds = narrowed(grounds, recipient=recipient, decision=decision)
    return _envelope(told, sender.organisation, recipient.organisation, grounds)


def _content(event_type: EventType, subject: SubjectRole) -> Event:
    """All that an event has fields for."""
    schema = inlined(schema_of(event_type))["properties"]["data"]["properties"]["content"]
    said = _filled(schema, "content")
    if subject is SubjectRole.ALLEGED_OFFENDER:
        said |= {name: value for name, value in OF_HIM.items() if name in said}
    return EVENTS[event_type].model_validate(said | TOGETHER.get(event_type, {}))


def _rank(way: Way) -> tuple[object, ...]:
    """The lowest is the example. To the end, so that it is the same one each time."""
    cell, purpose, categories = way
    held = len(categories & frozenset(fields_of(EVENTS[cell.event]).values()))
    same = cell.sender == cell.recipient, cell.subject is not SubjectRole.VICTIM
    words = [RECIPIENTS.index(one) for one in (cell.sender, cell.recipient)], cell.basis, cell.subject
    named = (purpose is None) is (cell.basis is Basis.CONSENT), [*Purpose].index(purpose) if purpose else 0
    astray = cell.recipient is not MEANT_FOR.get(cell.event, cell.recipient)
    return cell.basis is Basis.EMERGENCY, astray, -held, *same, *named, *words


def _grounds(cell: Cell, purpose: Purpose | None) -> Grounds:
    """What proves the basis, as far as it needs a proof. The consent is to all that one can consent to."""
    sender, until = ORGANISATIONS[cell.sender], AT + timedelta(days=30)
    grounds = Grounds(basis=cell.basis, purpose=purpose, subject=cell.subject)
    if cell.basis is Basis.CONSENT and purpose is not None:
        consent = Consent(
            id=_number("consent"),
            recorded_by=sender,
            purposes=frozenset({purpose}),
            recipients=frozenset({ORGANISATIONS[cell.recipient]}),
            categories=CONSENTABLE,
            given_at=AT - timedelta(hours=1),
            valid_until=until,
        )
        return grounds.model_copy(update={"consent": consent})
    if cell.basis is Basis.COURT_DECISION:
        decision = CourtDecision(number="7599-26-00-4/112", decided_on=AT.date(), until=until.date())
        return grounds.model_copy(update={"court": decision})
    return grounds


def _envelope(content: Event, sender: str, recipient: str, grounds: Grounds | None) -> Envelope:
    handling = None
    if grounds is not None and content.type not in STATE_EVENTS:
        handling = label(origin=sender, grounds=grounds, categories=categories_in(content))
    node = sender if grounds is None else next(a for a, name in ORGANISATIONS.items() if name == sender)
    return Envelope(
        id=_number("event"),
        type=cloud_type(content.type),
        source=f"/nodes/{node}",
        subject="receipt" if grounds is None else str(_number("subject")),
        time=AT,
        sender=sender,
        recipient=recipient,
        data=Payload(grounds=grounds, handling=handling, content=content),
    )


def _filled(node: Schema, name: str) -> Any:
    """A value that a schema takes: all fields of an object, one of a list, the first of codes and alternatives."""
    if name in VALUES:
        return VALUES[name]
    if "anyOf" in node or "enum" in node or "const" in node:
        return node.get("const") or node.get("enum", [None])[0] or _filled(node["anyOf"][0], name)
    kind = node.get("type")
    if kind == "object":
        return {field: _filled(inner, field) for field, inner in node["properties"].items()}
    if kind == "array":
        return [_filled(node["items"], name)]
    if kind == "integer":
        return max(node.get("minimum", 1), 1)
    return kind == "boolean" or _text(node.get("format"), name)


def _text(form: str | None, name: str) -> str:
    known = {"uuid": str(_number(name)), "date": AT.date().isoformat(), "date-time": AT.isoformat()}
    if form is None:
        raise LookupError(f"no example is known of {name}")
    return known[form]


def _number(of: str) -> UUID:
    """The same one each time, so that a document changes only with what it describes."""
    return uuid5(NAMESPACE_URL, f"https://qorgau.invalid/examples/{of}")
