"""Questions between agencies (F14): who answers which kind, what such an answer says, by when, and how a question ends.

Source: report, 2.2, nos. 12, 25 and 30. In how many days, no law that the report names says: the days are the
project's own, as dated rows, until a lawyer has confirmed others.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from shared.contract.calendar import Calendar
from shared.contract.vocabulary import Agency, DataCategory, InformationKind, InquiryAction, InquiryState, Side
from shared.contract.vocabulary import InformationKind as K
from shared.contract.vocabulary import InquiryState as S
from shared.contract.vocabulary import RefusalGround as G

ANSWER, AWAITED = "inquiry_answer", "inquiry_awaited"  # the deadlines of who is asked, and of who asked

ANSWERED_BY: Mapping[InformationKind, frozenset[Agency]] = {
    K.ADDICTOLOGIST_NOTE: frozenset({Agency.HEALTH}),
    K.PSYCHIATRIST_NOTE: frozenset({Agency.HEALTH}),
    K.MEDICAL_CERTIFICATE: frozenset({Agency.HEALTH}),
    K.PRIOR_CONVICTIONS: frozenset({Agency.POLICE}),
    K.SOCIAL_SERVICES: frozenset({Agency.SOCIAL}),
}
# What the answer to each kind says: a consent has to name it, and nothing else of an answer is taken in.
SAYS: Mapping[InformationKind, DataCategory] = {
    K.ADDICTOLOGIST_NOTE: DataCategory.ADDICTION,
    K.PSYCHIATRIST_NOTE: DataCategory.HEALTH,
    K.MEDICAL_CERTIFICATE: DataCategory.HEALTH,
    K.PRIOR_CONVICTIONS: DataCategory.CONVICTIONS,
    K.SOCIAL_SERVICES: DataCategory.NARRATIVE,
}
# In which field of the answer each category is. Addiction has none: it stays in health (F-ADDICTION-STAYS-IN-HEALTH).
FIELDS: Mapping[DataCategory, str] = {
    DataCategory.HEALTH: "health",
    DataCategory.NARRATIVE: "circumstances",
    DataCategory.CONVICTIONS: "convictions",
}
# These grounds tell something about the person: they are told to nobody who may not be told the answer itself.
TELLING_GROUNDS = frozenset({G.NOT_HELD, G.WRONG_PERSON})


@dataclass(frozen=True, slots=True)
class TermRow:
    """Within how many business days a kind is answered, how many before that its reminder comes, and since when."""

    kind: InformationKind
    within: int
    remind_before: int
    source: str
    valid_from: date
    valid_until: date | None = None


PROMPTLY = "report, 2.2, nos. 12, 25 and 30: notes and notices come late; the project's own limit"
SINCE = date(2010, 1, 1)
TERMS: tuple[TermRow, ...] = (
    TermRow(K.ADDICTOLOGIST_NOTE, within=5, remind_before=1, source=PROMPTLY, valid_from=SINCE),
    TermRow(K.PSYCHIATRIST_NOTE, within=5, remind_before=1, source=PROMPTLY, valid_from=SINCE),
    TermRow(K.MEDICAL_CERTIFICATE, within=3, remind_before=1, source=PROMPTLY, valid_from=SINCE),
    TermRow(K.PRIOR_CONVICTIONS, within=3, remind_before=1, source=PROMPTLY, valid_from=SINCE),
    TermRow(K.SOCIAL_SERVICES, within=5, remind_before=1, source=PROMPTLY, valid_from=SINCE),
)


@dataclass(frozen=True, slots=True)
class Due:
    """When an answer is due, up to the end of that day, as it was worked out when the question was asked."""

    on: date
    remind_on: date
    calendar: str


def due(kind: InformationKind, asked_on: date, calendar: Calendar, *, rows: tuple[TermRow, ...] = TERMS) -> Due | None:
    """By the row of the day of the question, which is day 0; None where there is none."""
    valid = (r for r in rows if r.valid_from <= asked_on and (r.valid_until is None or asked_on < r.valid_until))
    row = next((row for row in valid if row.kind is kind), None)
    if row is None:
        return None
    remind_on = calendar.business_days_after(asked_on, max(row.within - row.remind_before, 1))
    return Due(calendar.business_days_after(asked_on, row.within), remind_on, calendar.version)


# What each end may do with a question in a state. What is not here is not possible.
ALLOWED: Mapping[tuple[InquiryState, Side], tuple[InquiryAction, ...]] = {
    (S.ASKED, Side.SENDER): (InquiryAction.CANCEL,),
    (S.ASKED, Side.RECEIVER): (InquiryAction.ANSWER, InquiryAction.REFUSE),
}
# Where both ends acted at once: the end of the basis beats everything, and what was taken back is not answered.
_WEIGHT: Mapping[InquiryState, int] = {S.ASKED: 0, S.ANSWERED: 1, S.REFUSED: 1, S.CANCELLED: 2, S.ENDED: 3}


def allowed_actions(state: InquiryState, side: Side) -> tuple[InquiryAction, ...]:
    """What an end may do now."""
    return ALLOWED.get((state, side), ())


def beats(new: InquiryState, old: InquiryState, *, later: bool) -> bool:
    """Whether what is told now takes the place of how a question stands. `later`: it was made later than that.

    Of two answers of who was asked, which only a restored service gives, the later one stays, whichever comes last.
    """
    if _WEIGHT[new] != _WEIGHT[old]:
        return _WEIGHT[new] > _WEIGHT[old]
    return _WEIGHT[new] == _WEIGHT[S.ANSWERED] and later
