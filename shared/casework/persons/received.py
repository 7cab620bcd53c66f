"""What a record took over from another organisation goes when the copy goes that it was taken from.

Source: Law on Personal Data of 21 May 2013, arts. 8 and 18: what a withdrawn consent opened is erased everywhere.
"""

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from shared.adapters.audit import Action, record
from shared.adapters.idempotency import forget_answers
from shared.adapters.outbox import Work
from shared.casework.consents import store as consents
from shared.casework.consents.tables import ConsentRow
from shared.casework.persons import store
from shared.casework.persons.capacity import labels_of
from shared.casework.persons.details import Known
from shared.casework.persons.tables import PersonRow
from shared.casework.referrals.tables import ReferralRow
from shared.casework.walls.noticing import notice
from shared.contract.decisions import fields_of, retained
from shared.contract.events import ReferralRequested
from shared.contract.vocabulary import DataCategory

# The fields that a referral and a record have in common, with their categories.
CATEGORY_OF = {name: c for name, c in fields_of(ReferralRequested).items() if name in Known.model_fields}


async def forget_taken_over(work: Work, *, organisation_id: str, referral_id: UUID) -> None:
    """A copy is erased: forget what was taken over from it, but for what the person allows here."""
    query = select(PersonRow).where(PersonRow.organisation_id == organisation_id, PersonRow.taken_from == referral_id)
    for person in await _labelled(work, query):
        await _forget(work, person)


async def forget_received(work: Work, *, organisation_id: str, consent_id: UUID) -> None:
    """A consent given here has ended: forget what came from elsewhere and stayed on it alone."""
    gave_it = select(ConsentRow.person_id).where(
        ConsentRow.id == consent_id, ConsentRow.organisation_id == organisation_id
    )
    over = select(ReferralRow.id).where(
        ReferralRow.organisation_id == organisation_id, col(ReferralRow.erased_at).is_not(None)
    )
    query = select(PersonRow).where(
        PersonRow.organisation_id == organisation_id,
        col(PersonRow.id).in_(gave_it),
        col(PersonRow.taken_from).in_(over),
    )
    for person in await _labelled(work, query):
        await _forget(work, person)


async def _labelled(work: Work, query: SelectOfScalar[PersonRow]) -> Sequence[PersonRow]:
    """Those who still hold something that came from elsewhere, locked."""
    labelled = query.where(col(PersonRow.handling).is_not(None))
    return (await work.session.exec(labelled.order_by(col(PersonRow.id)).with_for_update())).all()


async def _forget(work: Work, person: PersonRow) -> None:
    """Empty the fields that nothing holds any more. What she allows here by a consent of her own stays, labelled."""
    labels, stays = labels_of(person), await _may_stay(work, person) & set(CATEGORY_OF.values())
    goes = frozenset[DataCategory]().union(*(label.categories for label in labels)) - stays
    known = (await store.all_known(work.session, [person]))[0]
    if known is None:
        return
    nothing = Known()
    held = {name for name, category in CATEGORY_OF.items() if category in goes and getattr(known, name)}
    emptied = {name: getattr(nothing, name) for name in held}
    await store.keep(work.session, person, known.model_copy(update=emptied))
    narrowed = (label.model_copy(update={"categories": label.categories & stays}) for label in labels)
    left = [label for label in narrowed if label.categories]
    person.handling = [label.model_dump(mode="json") for label in left] or None
    person.revision += 1
    person.updated_at = work.now
    whose = person.organisation_id
    await forget_answers(work.session, organisation_id=whose, concerning=person.id)
    await notice(work, person)
    about = {"concerning": person.id, "person_id": person.id, "details": {"fields": sorted(emptied)}}
    await record(work, organisation_id=whose, action=Action.PERSON_CORRECTED, **about)  # type: ignore[arg-type]  # ids and a map


async def _may_stay(work: Work, person: PersonRow) -> frozenset[DataCategory]:
    """What retention keeps, and what the consents cover that the person gave here and that hold now."""
    given = await consents.live_of(work.session, organisation_id=person.organisation_id, person_id=person.id)
    holding = [consents.terms(row) for row in given if row.valid_until > work.now]
    return retained(work.node.agency, work.now).union(*(consent.categories for consent in holding))
