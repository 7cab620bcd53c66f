"""What follows from a draft, an answer or a notice, wherever it came from: deadlines, and that all have signed."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import structlog

from shared.adapters.outbox import Work
from shared.casework.agreements import store
from shared.casework.agreements.standing import Known, known
from shared.casework.agreements.tables import AgreementRow
from shared.casework.agreements.telling import tell
from shared.casework.deadlines import store as deadlines
from shared.casework.deadlines.clock import business_day_deadline, day_deadline
from shared.contract.calendar import local_day
from shared.contract.concluding import ANSWER, ENDS, SIGNATURES, Text, follows, remind_on, terms_on
from shared.contract.events import AgreementConcluded
from shared.contract.vocabulary import AgreementState

log = structlog.get_logger()
BEHIND = timedelta(microseconds=1)  # of versions that came at once, each has a place of its own in lists


async def take_in(work: Work, agreement_id: UUID, text: Text, *, organisation_id: str, drafter_id: str) -> bool:
    """Keep a version that was drafted here or elsewhere. False for one that can't be of this agreement."""
    before = await store.versions(work.session, organisation_id=organisation_id, agreement_id=agreement_id)
    agreed = text.agreement
    for row in before:
        one = store.text_of(row)
        older, newer = sorted((one, text), key=lambda each: each.version)
        same = one.sha256 == text.sha256
        if row.drafter_id != drafter_id or not (same or follows(newer.agreement, older.agreement)):
            return False
        if one.version == text.version and not same:
            return False
    if not {drafter_id, organisation_id} <= agreed.parties:
        return False
    fresh = await store.keep(
        work.session,
        AgreementRow(
            organisation_id=organisation_id,
            id=agreement_id,
            version=text.version,
            name=agreed.id,
            drafter_id=drafter_id,
            terms=agreed.model_dump(mode="json"),
            sha256=text.sha256,
            ends_on=agreed.valid_until,
            created_at=max([work.now, *(row.created_at + BEHIND for row in before)]),
        ),
    )
    if fresh and not any(row.version > text.version for row in before):
        await _await_answers(work, agreement_id, organisation_id=organisation_id, drafts=organisation_id == drafter_id)
    return True


async def _await_answers(work: Work, agreement_id: UUID, *, organisation_id: str, drafts: bool) -> None:
    """The newest draft is to be answered: by us, and where it was drafted here, by everybody."""
    about: dict[str, Any] = {"organisation_id": organisation_id, "concerning": agreement_id}
    await deadlines.meet(work.session, **about, at=work.now, kinds=(ANSWER, SIGNATURES))
    row = terms_on(local_day(work.now))
    for kind in (ANSWER, SIGNATURES) if drafts else (ANSWER,):
        if row is not None:
            due = business_day_deadline(work, **about, kind=kind, happened_at=work.now, days=row.answer_within)
            work.session.add(due)
    await work.session.flush()


async def settle(work: Work, agreement_id: UUID, version: int, *, organisation_id: str) -> None:
    """Do what follows from all that is known of a version now. Nothing, where its text is not here yet."""
    rows = await store.versions(work.session, organisation_id=organisation_id, agreement_id=agreement_id)
    row = next((one for one in rows if one.version == version), None)
    if row is None:
        return
    (found,) = await known(work, [row], organisation_id=organisation_id)
    newest = version == rows[0].version
    if newest and organisation_id in {one.party_id for one in found.answers}:
        await _met(work, row, ANSWER)
    if found.standing.concluded and row.concluded_at is None:
        await _conclude(work, found, newest=newest)
    elif found.standing.declined and row.declined_at is None:
        row.declined_at = work.now
        if newest:
            await _met(work, row, ANSWER, SIGNATURES)
    elif row.concluded_at is not None and row.ends_on != found.standing.ends_on:
        await _remind_of_end(work, found)
    work.session.add(row)
    await work.session.flush()


async def _conclude(work: Work, found: Known, *, newest: bool) -> None:
    """All have signed. Who drafted it gives everybody the whole: the text with all signatures."""
    row = found.row
    row.concluded_at = work.now
    if newest:
        await _met(work, row, ANSWER, SIGNATURES)
    await _remind_of_end(work, found)
    log.info("agreement.concluded", agreement=row.name, version=row.version)
    if row.organisation_id == row.drafter_id:
        signatures = tuple(sorted(one.signature for one in found.answers if one.signature is not None))
        event = AgreementConcluded(agreement_id=row.id, terms=found.text, signatures=signatures)
        await tell(work, event, row.id, found.text, organisation_id=row.organisation_id)


async def _remind_of_end(work: Work, found: Known) -> None:
    """One deadline at most: that of its end as it is now, by its text or by a notice."""
    row, ends_on = found.row, found.standing.ends_on
    row.ends_on = ends_on
    if found.standing.newer_concluded:
        return
    await _met(work, row, ENDS)
    if ends_on is not None:
        last_day = ends_on - timedelta(days=1)
        soon = remind_on(last_day, local_day(work.now))
        about: dict[str, Any] = {"organisation_id": row.organisation_id, "concerning": row.id, "kind": ENDS}
        work.session.add(day_deadline(work, **about, due_on=last_day, remind_on=soon))


async def _met(work: Work, row: AgreementRow, *kinds: str) -> None:
    about: dict[str, Any] = {"organisation_id": row.organisation_id, "concerning": row.id}
    await deadlines.meet(work.session, **about, at=work.now, kinds=kinds)


async def close_ended(work: Work) -> int:
    """Agreements and drafts whose end has come and that the trust list holds no more; how many.

    While it holds one, that binds, and its deadline is late: the network's operator has to be told.
    """
    today, ended = local_day(work.now), 0
    rows = await store.ending(work.session, today=today)
    while rows:
        for row in rows:
            ended += await _closed(work, row)
        rows = await store.ending(work.session, today=today, behind=rows[-1])
    return ended


async def _closed(work: Work, row: AgreementRow) -> bool:
    """Whether it is closed now: what the trust list still holds stays, and is looked at again."""
    (found,) = await known(work, [row], organisation_id=row.organisation_id)
    if found.state is AgreementState.IN_FORCE:
        return False
    row.ended_at = work.now
    if not found.standing.newer:
        await _met(work, row, ANSWER, SIGNATURES)
    if not found.standing.newer_concluded:
        await _met(work, row, ENDS)
    return True
