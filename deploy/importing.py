"""What `qorgau import` does with a file's rows: check all, then take over all, or say what is wrong with each."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from pydantic import Field

from deploy.sheets import Fault, Row, checked, rows, values
from shared.adapters.outbox import Work
from shared.casework.directory import store as directory
from shared.casework.directory.hosted import HostedOrganisation
from shared.casework.letters import store as letters
from shared.casework.letters.store import PartnerDetails
from shared.casework.units import store
from shared.casework.units.counting import UNIT_PATTERN, Count, count
from shared.casework.units.tables import UnitRow
from shared.contract.errors import Problem

ORGANISATION = frozenset(HostedOrganisation.model_fields)
ORGANISATION_NEEDED = frozenset({"id", "agency", "name_kk", "name_ru", "name_en", "kato"})
LISTS = frozenset({"purposes", "responsible_for", "serves", "languages"})
NUMBERS = frozenset({"hold_minutes", "capacity", "occupied"})
PARTNER = frozenset(PartnerDetails.model_fields)
UNIT_NEEDED = frozenset({"organisation", "unit", "for", "capacity", "occupied"})
UNIT = UNIT_NEEDED | {"serves"}
NEW, CHANGED, SAME = "new", "changed", "same"


class UnitLine(Count):
    """A row of a file of units: whose, which, and what `PUT /beds/{unit}` would be sent."""

    organisation: str
    unit: str = Field(pattern=UNIT_PATTERN)

    @property
    def counted(self) -> Count:
        """The count alone."""
        return Count.model_validate(self.model_dump(by_alias=True, exclude={"organisation", "unit"}))


@dataclass(frozen=True)
class Counts:
    """How many rows are new, are not as before, and are as before."""

    new: int = 0
    changed: int = 0
    same: int = 0


@dataclass(frozen=True)
class Enrolling:
    """All organisations afterwards, and how the rows differ from before; or what is wrong."""

    after: list[HostedOrganisation]
    counts: Counts
    faults: list[Fault] = field(default_factory=list)

    @property
    def changes(self) -> bool:
        """Whether anything is to be written."""
        return bool(self.counts.new or self.counts.changed)


def organisations(raw: bytes, before: Sequence[HostedOrganisation]) -> Enrolling:
    """Check a file of organisations against those that are enrolled, and put it over them."""
    lines, faults = rows(raw, columns=ORGANISATION, needed=ORGANISATION_NEEDED)
    known = {one.id: one for one in before}
    found: dict[str, HostedOrganisation] = {}
    for row in lines:
        one, wrong = checked(HostedOrganisation, row, values(row.cells, lists=LISTS, numbers=NUMBERS))
        faults += wrong
        if isinstance(one, HostedOrganisation):
            faults += _of_its_agency(row, one, known, found)
            found[one.id] = one
    same = sum(known.get(one.id) == one for one in found.values())
    new = sum(one.id not in known for one in found.values())
    return Enrolling([*(known | found).values()], Counts(new, len(found) - same - new, same), faults)


def _of_its_agency(
    row: Row, one: HostedOrganisation, known: dict[str, HostedOrganisation], found: dict[str, HostedOrganisation]
) -> Iterator[Fault]:
    if one.id in found:
        yield Fault(row.line, "id", "twice in this file")
    if one.id in known and known[one.id].agency is not one.agency:
        yield Fault(row.line, "agency", "an organisation of this id is enrolled with another agency")


async def partners(work: Work, raw: bytes) -> Counts | list[Fault]:
    """Check a file of partners and put each, in the work's transaction; or what is wrong: then it must not commit."""
    lines, faults = rows(raw, columns=PARTNER, needed=PARTNER - {"phone"})
    found: dict[str, PartnerDetails] = {}
    for row in lines:
        one, wrong = checked(PartnerDetails, row, row.cells)
        faults += wrong
        if isinstance(one, PartnerDetails):
            faults += [Fault(row.line, "id", "twice in this file")] if one.id in found else []
            faults += [Fault(row.line, "id", "a service speaks for it")] if work.node.trust.node_of(one.id) else []
            found[one.id] = one
    if faults:
        return faults
    before = {row.id: row.model_dump(exclude={"updated_at"}) for row in await letters.partners(work.session)}
    changed = [one for one in found.values() if before.get(one.id) != one.model_dump(mode="json")]
    for one in changed:
        await letters.put_partner(work.session, details=one, at=work.now)
    new = sum(one.id not in before for one in changed)
    return Counts(new, len(changed) - new, len(found) - len(changed))


async def units(work: Work, raw: bytes) -> Counts | list[Fault]:
    """Check a file of units and count each, in the work's transaction; or what is wrong: then it must not commit."""
    lines, faults = rows(raw, columns=UNIT, needed=UNIT_NEEDED)
    hosted = {one["id"] for one in await directory.hosted(work.session)}
    seen: set[tuple[str, str]] = set()
    done: list[str] = []
    for row in lines:
        one, wrong = checked(UnitLine, row, values(row.cells, lists=LISTS, numbers=NUMBERS))
        faults += wrong
        if not isinstance(one, UnitLine):
            continue
        if one.organisation not in hosted:
            faults.append(Fault(row.line, "organisation", "this service does not host it"))
        elif (one.organisation, one.unit) in seen:
            faults.append(Fault(row.line, "unit", "twice in this file"))
        else:
            outcome = await _take(work, row, one)
            if isinstance(outcome, Fault):
                faults.append(outcome)
            else:
                done.append(outcome)
        seen.add((one.organisation, one.unit))
    return faults or Counts(done.count(NEW), done.count(CHANGED), done.count(SAME))


async def _take(work: Work, row: Row, line: UnitLine) -> str | Fault:
    """Whether the unit is new, or was counted otherwise or just so before; or why it can't be counted so."""
    whose, unit = line.organisation, line.unit
    before = await store.get(work.session, organisation_id=whose, unit=unit)
    if before is not None and _as_before(before, line):
        return SAME
    try:
        if_match = None if before is None else "*"
        await count(work, organisation_id=whose, unit=unit, counted=line.counted, if_match=if_match)
    except Problem as problem:
        return Fault(row.line, "", problem.told)
    return NEW if before is None else CHANGED


def _as_before(before: UnitRow, line: UnitLine) -> bool:
    numbers = (before.kind, before.capacity, before.occupied) == (line.kind, line.capacity, line.occupied)
    return numbers and (line.serves is None or before.serves == [need.value for need in dict.fromkeys(line.serves)])
