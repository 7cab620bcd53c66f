"""What is told of a question rests on what the question rested on, both ways."""

from shared.adapters.outbox import Outgoing, Work
from shared.casework.consents import store as consents
from shared.casework.inquiries import store
from shared.casework.inquiries.tables import InquiryRow
from shared.casework.referrals.reading import moment_of
from shared.contract.conditions import Circumstances, Party
from shared.contract.decisions import decide
from shared.contract.events import Event, InformationAnswered, InformationRequested
from shared.contract.grounds import Grounds, Handling
from shared.contract.information import FIELDS, SAYS, TELLING_GROUNDS
from shared.contract.policy import CLOSING
from shared.contract.vocabulary import (
    Basis,
    DataCategory,
    InformationKind,
    Purpose,
    RefusalGround,
    Side,
    SubjectRole,
)


async def grounds_of(work: Work, row: InquiryRow) -> Grounds:
    """On what everything about this question relies, with the consent's terms as they are now."""
    consent = None
    if row.consent_id is not None:
        consent = await consents.terms_now(work.session, row.organisation_id, row.consent_id)
    return Grounds(
        basis=Basis(row.basis),
        purpose=Purpose.INFORMATION_REQUEST,
        subject=SubjectRole(row.subject),
        consent=consent,
        court=await store.court_of(work.session, row),
        **(row.proof or {}),
    )


async def outgoing(work: Work, row: InquiryRow, event: Event, *, handling: tuple[Handling, ...] = ()) -> Outgoing:
    """An event about this question to its other side. What closes it does not say a court's number again."""
    grounds = await grounds_of(work, row)
    return Outgoing(
        event=event,
        sender=row.organisation_id,
        recipient=row.counterpart_id,
        grounds=grounds.model_copy(update={"court": None}) if event.type in CLOSING else grounds,
        concerning=row.id,
        person_id=row.person_id,
        handling=handling,
    )


def says_of(row: InquiryRow) -> DataCategory:
    """What the answer to it says."""
    return SAYS[InformationKind(row.kind)]


async def readable(work: Work, row: InquiryRow) -> frozenset[DataCategory]:
    """What of what the other side told may be read here now: its basis may have ended a moment ago."""
    came = InformationRequested if row.side == Side.RECEIVER else InformationAnswered
    return await _opened(work, row, came, to_us=True)


async def tellable(work: Work, row: InquiryRow, ground: RefusalGround) -> bool:
    """Whether a refusal may say this: what tells of the person goes to nobody who may not be told the answer itself."""
    if ground not in TELLING_GROUNDS:
        return True
    says = says_of(row)
    opened = await _opened(work, row, InformationAnswered, to_us=row.side == Side.SENDER)
    return says in FIELDS and says in opened


async def _opened(work: Work, row: InquiryRow, event: type[Event], *, to_us: bool) -> frozenset[DataCategory]:
    """Between the two ends, on the basis as it is now. Nothing with somebody whom the network knows no longer."""
    if work.node.trust.node_of(row.counterpart_id) is None:
        return frozenset()
    us, them = Party(work.node.agency, row.organisation_id), work.node.trust.party(row.counterpart_id)
    grounds = await grounds_of(work, row)
    decision = decide(
        event.type,
        sender=them if to_us else us,
        recipient=us if to_us else them,
        grounds=grounds,
        at=moment_of(grounds, work.now),
        circumstances=Circumstances(work.node.agreements),
    )
    return decision.categories
