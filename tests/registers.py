"""Registers with somebody in them, and comparisons that wait: for tests of one service alone, and of two at rest."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID, uuid4

from deploy.demo.people import iin
from shared.adapters import blinding
from shared.casework.comparisons.store import Material
from shared.casework.comparisons.store import keep as keep_material
from shared.casework.comparisons.tables import ComparisonRow
from shared.casework.persons import store as persons
from shared.casework.persons.details import Known
from shared.casework.persons.tables import PersonRow
from shared.casework.registers import store as registers
from shared.casework.registers.tables import RegisterEntryRow
from shared.contract.registers import EntryCode
from shared.contract.vocabulary import Agency, RegisterKind, Side, SubjectRole
from tests.workbench import Bench

# A register that an agency keeps, and a reason for which an adult is in it.
OF_AGENCY: dict[Agency, dict[str, Any]] = {
    Agency.POLICE: {"kind": "preventive_monitoring", "codes": ["protective_order"]},
    Agency.HEALTH: {"kind": "dispensary", "codes": ["alcohol"]},
    Agency.SOCIAL: {"kind": "troubled_families", "codes": ["duties_not_performed"]},
}
# What an agency may compare: its own register, why somebody is in it, with whose, and who else might ask.
Pairing = tuple[RegisterKind, EntryCode, str, RegisterKind, str]
COMPARABLE: dict[Agency, Pairing] = {
    Agency.POLICE: (
        RegisterKind.PREVENTIVE_MONITORING,
        EntryCode.DUTIES_NOT_PERFORMED,
        "social-19",
        RegisterKind.TROUBLED_FAMILIES,
        "social-23",
    ),
    Agency.HEALTH: (
        RegisterKind.MINORS_WHO_SUFFERED,
        EntryCode.MINOR_SUFFERED,
        "social-19",
        RegisterKind.MINORS_WHO_SUFFERED,
        "social-23",
    ),
    Agency.SOCIAL: (
        RegisterKind.TROUBLED_FAMILIES,
        EntryCode.DUTIES_NOT_PERFORMED,
        "police-19",
        RegisterKind.PREVENTIVE_MONITORING,
        "police-rural-19",
    ),
}
PEOPLE = [iin("1987-06-05", 101 * n, digit=4) for n in range(60)]


async def registered(
    service: Bench, organisation: str, kind: RegisterKind, code: EntryCode, numbers: Iterable[str | None]
) -> list[UUID]:
    """Entries of a register, of persons with these IINs: their ids, in that order."""
    ids = []
    async with service.work(organisation) as work:
        now = {"created_at": work.now, "updated_at": work.now}
        for number in numbers:
            person = PersonRow.model_validate(
                {"id": uuid4(), "organisation_id": organisation, "role": SubjectRole.VICTIM, **now}
            )
            await persons.keep(work.session, person, Known(iin=number))
            of = {"organisation_id": organisation, "kind": kind, "person_id": person.id, "since": work.now.date()}
            entry = RegisterEntryRow.model_validate({"id": uuid4(), **of, **now})
            await registers.seal(work.session, entry, {code})
            work.session.add_all([person, entry])
            ids.append(entry.id)
    return ids


async def a_comparison(
    service: Bench, organisation: str, theirs: str, kinds: tuple[RegisterKind, RegisterKind], *, comparison_id: UUID
) -> None:
    """One that was opened there, and waits for an answer here."""
    row = ComparisonRow(
        id=comparison_id,
        organisation_id=organisation,
        side=Side.RECEIVER,
        counterpart_id=theirs,
        kind=kinds[0],
        their_kind=kinds[1],
        state="opened",
        opened_at=service.clock(),
    )
    async with service.work(organisation) as work:
        tokens = blinding.written(blinding.blind([], context=[str(row.id)], size=64).points)
        row.their_size = 64
        await keep_material(work.session, row, Material(theirs=tokens))
        work.session.add(row)


async def to_compare(service: Bench, organisation: str, asked: Iterable[UUID]) -> None:
    """Enough entries for a comparison, and comparisons that another asked for; nothing where no register is kept."""
    if service.node.agency not in COMPARABLE:
        return
    ours, code, _, theirs, stranger = COMPARABLE[service.node.agency]
    await registered(service, organisation, ours, code, PEOPLE[:20])
    for one in asked:
        await a_comparison(service, organisation, stranger, (ours, theirs), comparison_id=one)
