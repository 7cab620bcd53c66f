"""How a local agreement is concluded (F16): the text that is signed, what a party says of it, and where that leaves it.

Every party signs the same bytes of one version. A change is a new version that all parties of the one before sign, too,
and that one stays in force until the change is. What binds is the agreement that stands in the network's trust list.
Source: report, 2.1, question 11; the days are the project's own, as dated rows.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from shared.contract.agreement import Agreement
from shared.contract.identifiers import OrganisationId
from shared.contract.plain import Day
from shared.contract.span import Span
from shared.contract.vocabulary import AgreementState

ANSWER = "agreement_answer"  # the deadline of a party that has not signed or declined
SIGNATURES = "agreement_signatures"  # the drafter's: somebody has not
ENDS = "agreement_ends"
MOST_LINES = 500
Version = Annotated[int, Field(ge=1, le=1000)]
Token = Annotated[str, Field(max_length=2000, pattern=r"^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$")]  # a JWS
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class Text(BaseModel):
    """One version of an agreement: what is signed."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)
    version: Version
    agreement: Agreement

    @cached_property
    def canonical(self) -> bytes:
        """The one way to write it: JSON with sorted keys and sets, without spaces. Lines keep their order."""
        said = self.model_dump(mode="json")
        return json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()

    @cached_property
    def sha256(self) -> str:
        """The hash of the canonical text."""
        return hashlib.sha256(self.canonical).hexdigest()


class Statement(BaseModel):
    """What a party's node signs: that the party signs this text, or that it ends for all (`ends_on`: a notice)."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)
    agreement: str
    version: Version
    sha256: Sha256
    party: OrganisationId
    ends_on: Day | None = None

    def is_of(self, text: Text) -> bool:
        """Whether it speaks of exactly this text, for one of its parties."""
        named = (self.agreement, self.version, self.sha256) == (text.agreement.id, text.version, text.sha256)
        return named and self.party in text.agreement.parties


class Bundle(BaseModel):
    """A version with the signatures of its parties, and the notices that were given: enough to check it by itself."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)
    text: Text
    signatures: tuple[Token, ...]
    notices: tuple[Token, ...] = ()


@dataclass(frozen=True, slots=True)
class TermRow:
    """By when a draft is answered, in business days, and how long before its end an agreement reminds of it."""

    answer_within: int
    remind_before: Span
    source: str
    valid_from: date
    valid_until: date | None = None


TERMS: tuple[TermRow, ...] = (
    TermRow(
        answer_within=10,
        remind_before=Span(days=30),
        source="the project's own: two weeks to read a draft, a month to agree on what comes after",
        valid_from=date(2010, 1, 1),
    ),
)


@dataclass(frozen=True, slots=True)
class Standing:
    """What an organisation knows of one version.

    `ends_on`: the first day on which it does not hold, by its text or by a notice; `newer`: a later version was
    proposed; `listed`: what the trust list holds under its id; `listed_version`: the highest that it ever held.
    """

    text: Text
    signed: frozenset[str]
    declined: bool
    ends_on: date | None
    newer: bool
    newer_concluded: bool
    listed: Agreement | None
    listed_version: int

    @property
    def concluded(self) -> bool:
        """Whether all parties have signed."""
        return self.text.agreement.parties <= self.signed

    @property
    def in_list(self) -> bool:
        """Whether the trust list holds this version; a notice may have brought its end forward there."""
        return (
            self.listed is not None and is_text_of(self.listed, self.text) and self.listed_version in (0, self.version)
        )

    @property
    def version(self) -> int:
        """Of its text."""
        return self.text.version


def terms_on(day: date, *, rows: tuple[TermRow, ...] = TERMS) -> TermRow | None:
    """The row that counts for a draft that is proposed, or an agreement that is concluded, on a day."""
    valid = (row for row in rows if row.valid_from <= day and (row.valid_until is None or day < row.valid_until))
    return next(valid, None)


def name_of(agreement_id: UUID, region: str) -> str:
    """The id by which decisions name it: it follows from the number under which its parties exchange drafts."""
    return f"A-{region}-{agreement_id.hex[:12].upper()}"


def follows(newer: Agreement, older: Agreement) -> bool:
    """Whether a version can change another: of the same agreement, and without leaving a party of it out.

    Who wants to leave gives notice.
    """
    return (newer.id, newer.region) == (older.id, older.region) and older.parties <= newer.parties


def is_text_of(listed: Agreement, text: Text) -> bool:
    """Whether what the trust list holds is this text, but for an earlier end."""
    agreed = text.agreement
    if listed.model_copy(update={"valid_until": agreed.valid_until}) != agreed:
        return False
    if listed.valid_until is None or agreed.valid_until is None:
        return listed.valid_until is not None or agreed.valid_until is None
    return listed.valid_until <= agreed.valid_until


def first_day_without(agreement: Agreement, notices: Iterable[date]) -> date | None:
    """The first day on which it does not hold any more: by its text, or by the earliest notice."""
    return min((day for day in (agreement.valid_until, *notices) if day is not None), default=None)


def remind_on(ends_on: date, today: date, *, rows: tuple[TermRow, ...] = TERMS) -> date:
    """The day on which an end is reminded of: not before today."""
    row = terms_on(today, rows=rows)
    return max(row.remind_before.before(ends_on) if row is not None else ends_on, today)


def state_of(known: Standing, today: date) -> AgreementState:
    """Where a version stands. What the trust list holds binds, whatever else was said."""
    listed, agreed = known.listed, known.text.agreement
    if known.in_list and listed is not None and _holds(listed, today):
        return AgreementState.IN_FORCE
    if known.ends_on is not None and known.ends_on <= today:
        return AgreementState.ENDED
    if not agreed.parties <= known.signed:
        return _of_draft(known)
    if known.newer_concluded or known.listed_version > known.version:
        return AgreementState.REPLACED
    taken_out = known.listed_version == known.version and not known.in_list
    return AgreementState.ENDED if taken_out else AgreementState.CONCLUDED


def _of_draft(known: Standing) -> AgreementState:
    if known.declined:
        return AgreementState.DECLINED
    return AgreementState.REPLACED if known.newer else AgreementState.DRAFT


def _holds(agreement: Agreement, today: date) -> bool:
    return agreement.valid_from <= today and (agreement.valid_until is None or today < agreement.valid_until)
