"""One question to the policy, from a case file or from a command's options."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import typer
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from shared.contract.agreement import Agreement
from shared.contract.calendar import ZONE, end_of, local_day
from shared.contract.capacity import Capacity
from shared.contract.conditions import Circumstances, Party, Question
from shared.contract.consent import Consent
from shared.contract.grounds import CourtDecision, Emergency, Grounds, Handling
from shared.contract.vocabulary import Agency, Basis, DataCategory, EventType, Partner, Purpose, Recipient, SubjectRole

SOME_ID = UUID(int=1)  # the policy never looks at it


class End(BaseModel):
    """Who sends or receives."""

    model_config = ConfigDict(extra="forbid")
    agency: Recipient
    organisation: str


class Received(BaseModel):
    """What came from elsewhere before: from whom, on which basis, what."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)
    origin: str = Field(alias="from")
    basis: Basis
    purpose: Purpose | None
    categories: frozenset[DataCategory]


class CaseFile(BaseModel):
    """A file of `tests/policy`: what is asked, and what the file expects (which is not compared here).

    A key that is not known here is an error: to leave out a circumstance would explain another case.
    """

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)
    rule: str | None = None
    what: str | None = None
    expect: Mapping[str, Any] = {}
    event: EventType
    sender: End = Field(alias="from")
    recipient: End = Field(alias="to")
    subject: SubjectRole = SubjectRole.VICTIM
    purpose: Purpose | None = None
    basis: Basis
    consent: Mapping[str, Any] | None = None
    emergency: Mapping[str, Any] | None = None
    court: CourtDecision | None = None
    anonymous: bool = False
    agreements: tuple[Agreement, ...] = ()
    received: tuple[Received, ...] = ()
    capacity: Capacity | None = None
    at: AwareDatetime

    def question(self) -> Question:
        """The question that it asks. Raises ValidationError for a consent or an emergency that can't be."""
        grounds = Grounds(
            basis=self.basis,
            purpose=self.purpose,
            subject=self.subject,
            consent=Consent.model_validate({"id": SOME_ID, **self.consent}) if self.consent else None,
            emergency=Emergency.model_validate({"id": SOME_ID, **self.emergency}) if self.emergency else None,
            court=self.court,
            anonymous=self.anonymous,
        )
        labels = tuple(Handling(**label.model_dump()) for label in self.received)
        around = Circumstances(agreements=self.agreements, handling=labels, capacity=self.capacity)
        sender, recipient = (Party(end.agency, end.organisation) for end in (self.sender, self.recipient))
        return Question(self.event, sender, recipient, grounds, self.at, around)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a command's options describe.

    The consent: given to the sender, for this purpose, the day before. Where not said, it names the recipient's agency,
    opens nothing by name, and ends thirty days later; where nothing of it is said, there is none.
    """

    event: EventType | None
    sender: Party | None
    recipient: Party | None
    subject: SubjectRole
    purpose: Purpose | None
    basis: Basis | None
    opened: frozenset[DataCategory] | None
    named: frozenset[Recipient | str] | None
    until: date | None
    withdrawn: bool
    emergency: bool
    court: bool
    anonymous: bool
    agreement: Agreement | None

    def question(self, at: datetime) -> Question:
        """The question at a time. Ends the command with 2 where it is not said between whom, and on which basis."""
        if self.event is None or self.sender is None or self.recipient is None or self.basis is None:
            raise typer.BadParameter("say --event, --from, --to and --basis, or --case")
        hour, day = timedelta(hours=1), local_day(at)
        grounds = Grounds(
            basis=self.basis,
            purpose=self.purpose,
            subject=self.subject,
            consent=self._consent(self.sender, self.recipient, at),
            emergency=Emergency(
                id=SOME_ID, declared_by=self.sender.organisation, declared_at=at - hour, until=at + hour
            )
            if self.emergency
            else None,
            court=CourtDecision(number="1", decided_on=day, until=day) if self.court else None,
            anonymous=self.anonymous,
        )
        around = Circumstances(agreements=(self.agreement,) if self.agreement else ())
        return Question(self.event, self.sender, self.recipient, grounds, at, around)

    def _consent(self, sender: Party, recipient: Party, at: datetime) -> Consent | None:
        said = self.withdrawn or not (self.opened is None and self.named is None and self.until is None)
        if not said or self.purpose is None:
            return None
        end = end_of(self.until) if self.until else at + timedelta(days=30)
        return Consent(
            id=SOME_ID,
            recorded_by=sender.organisation,
            purposes=frozenset({self.purpose}),
            recipients=self.named or frozenset({recipient.agency}),
            categories=self.opened or frozenset(),
            given_at=min(at, end) - timedelta(days=1),
            valid_until=end,
            withdrawn_at=at - timedelta(hours=1) if self.withdrawn else None,
        )


def read_case(path: Path) -> Question:
    """The question of a case file. Ends the command with 2 if it is not one."""
    try:
        return CaseFile.model_validate_json(_read(path)).question()
    except ValidationError as error:
        raise _unreadable(path, error) from None


def read_agreement(path: Path) -> Agreement:
    """The plain text of an agreement. Ends the command with 2 if it is not one."""
    try:
        return Agreement.model_validate_json(_read(path))
    except ValidationError as error:
        raise _unreadable(path, error) from None


def party(text: str) -> Party:
    """`AGENCY` or `AGENCY:organisation`. Raises ValueError for what is neither an agency nor a kind of partner."""
    agency, _, organisation = text.partition(":")
    return Party(whom(agency), organisation or agency)


def whom(text: str) -> Recipient:
    """An agency, or a kind of partner. Raises ValueError for anything else."""
    return Partner(text) if text in frozenset(Partner) else Agency(text)


def categories(text: str) -> frozenset[DataCategory]:
    """Categories between commas. Raises ValueError for one that is not in the vocabulary."""
    return frozenset(DataCategory(word.strip()) for word in text.split(",") if word.strip())


def recipients(text: str) -> frozenset[Recipient | str]:
    """Agencies and organisations between commas."""
    return frozenset(word.strip() for word in text.split(",") if word.strip())


def moment(text: str) -> datetime:
    """A day or a time in ISO 8601; in Kazakhstan where it names no zone. Raises ValueError for anything else."""
    read = datetime.fromisoformat(text)
    return read if read.tzinfo else read.replace(tzinfo=ZONE)


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise typer.BadParameter(f"{path} can't be read") from None


def _unreadable(path: Path, error: ValidationError) -> typer.BadParameter:
    where = "; ".join(
        f"{'.'.join(str(part) for part in fault['loc']) or 'file'}: {fault['msg']}" for fault in error.errors()
    )
    return typer.BadParameter(f"{path}: {where}")
