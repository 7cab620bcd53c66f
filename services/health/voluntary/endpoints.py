"""REST calls for voluntary treatment of addiction. It stays in health: nothing of it is told to anybody (F8)."""

from collections.abc import Sequence
from uuid import UUID, uuid4

from fastapi import APIRouter, Response

from services.health.voluntary import store
from services.health.voluntary.domain import BEGINS_WITH, CONSEQUENCES, REFUSABLE, VoluntaryState, why_no_note
from services.health.voluntary.models import NewTreatment, Treatment, TreatmentAgreed, TreatmentRefusal, VoluntaryEnding
from services.health.voluntary.tables import VoluntaryRow
from shared.adapters import paging
from shared.adapters.audit import Action
from shared.adapters.documented import problems
from shared.adapters.http import Desk, OnceKey, Reader, TransactionalRoute, Writer, found, invalid, note
from shared.casework.guardianship import store as guardians
from shared.casework.persons import store as persons
from shared.casework.persons.capacity import capacity_of
from shared.casework.persons.tables import PersonRow
from shared.casework.referrals import store as referrals
from shared.contract.calendar import local_day
from shared.contract.capacity import may_grant
from shared.contract.errors import Problem
from shared.contract.vocabulary import Grantor, Purpose, Side

router = APIRouter(prefix="/voluntary-treatments", tags=["health"], route_class=TransactionalRoute)


@router.post("", status_code=201, responses=problems(404, 409, 410))
async def offer_treatment(body: NewTreatment, desk: Writer, response: Response, _: OnceKey = None) -> Treatment:
    """Offer treatment, or begin it where somebody who can has agreed. A patient may be anonymous."""
    await _check_referral(desk, body.referral_id)
    row = VoluntaryRow(
        id=uuid4(),
        organisation_id=desk.organisation,
        person_id=body.person_id,
        referral_id=body.referral_id,
        state=VoluntaryState.OFFERED,
        created_at=desk.now,
    )
    await _check_who(desk, body.person_id, body.agreed_by)
    if body.agreed_by is not None:
        row.state, row.began_at = VoluntaryState.UNDER_WAY, desk.now
    await store.seal(desk.session, row, store.Words(agreed_by=body.agreed_by))
    desk.session.add(row)
    await desk.session.flush()
    await note(desk, Action.RECORDED, row.id, person_id=row.person_id, what="voluntary_treatment")
    response.headers["Location"] = f"/v1/voluntary-treatments/{row.id}"
    return (await _shown(desk, [row]))[0]


async def _check_who(desk: Desk, person_id: UUID, by: Grantor | None) -> None:
    """Problem 404 or 410 for the person; 422 for who can't agree or refuse for them; 409 for a guardianship authority
    that has not consented."""
    found_row = await persons.get(desk.session, organisation_id=desk.organisation, person_id=person_id)
    person: PersonRow = found(found_row, "person")
    known = await persons.known(desk.session, person)
    if by is None:
        return
    purposes = frozenset({Purpose.ADDICTION_TREATMENT})
    why_not = may_grant(grantor=by, capacity=capacity_of(known), purposes=purposes, on=local_day(desk.now))
    if why_not is not None:
        raise invalid(why_not)
    mine = {"organisation_id": desk.organisation, "person_id": person_id}
    if by is Grantor.GUARDIANSHIP_AUTHORITY and not await guardians.has_consented(desk.session, **mine):  # type: ignore[arg-type]  # a literal
        raise Problem(409, "guardian-has-not-consented", "the guardianship authority has not answered that it consents")


async def _check_referral(desk: Desk, referral_id: UUID | None) -> None:
    if referral_id is None:
        return
    row = await referrals.get(desk.session, organisation_id=desk.organisation, referral_id=referral_id)
    referral = found(row, "referral")
    if referral.side != Side.RECEIVER or referral.state not in BEGINS_WITH:
        raise Problem(409, "not-now", "treatment begins with a referral that was accepted here")
    if referral.purpose != Purpose.ADDICTION_TREATMENT:
        raise invalid("the referral is not one to addiction treatment")


@router.get("")
async def list_treatments(
    desk: Reader, cursor: paging.Cursor = None, limit: paging.Limit = 50
) -> paging.Page[Treatment]:
    """Voluntary treatments, newest first."""
    rows = await store.page(desk.session, organisation_id=desk.organisation, cursor=cursor, limit=limit)
    cut, following = paging.cut(list(rows), limit, at="created_at")
    await note(desk, Action.READ_TREATMENT, shown=[row.id for row in cut])
    return paging.Page(items=await _shown(desk, cut), next=following)


@router.get("/{treatment_id}")
async def read_treatment(treatment_id: UUID, desk: Reader) -> Treatment:
    """Read a treatment."""
    row: VoluntaryRow = found(
        await store.get(desk.session, organisation_id=desk.organisation, treatment_id=treatment_id), "treatment"
    )
    await note(desk, Action.READ_TREATMENT, row.id, person_id=row.person_id)
    return (await _shown(desk, [row]))[0]


@router.post("/{treatment_id}/begin", responses=problems(404, 409, 410))
async def begin_treatment(treatment_id: UUID, body: TreatmentAgreed, desk: Writer, _: OnceKey = None) -> Treatment:
    """Begin treatment that was offered, once somebody who can has agreed."""
    row = await _in_state(desk, treatment_id, frozenset({VoluntaryState.OFFERED}))
    await _check_who(desk, row.person_id, body.agreed_by)
    row.state, row.began_at = VoluntaryState.UNDER_WAY, desk.now
    await store.seal(desk.session, row, store.Words(agreed_by=body.agreed_by))
    return await _changed(desk, row)


@router.post("/{treatment_id}/refusal", responses=problems(404, 409, 410))
async def refuse_treatment(treatment_id: UUID, body: TreatmentRefusal, desk: Writer, _: OnceKey = None) -> Treatment:
    """Record a refusal as a note: explained, and signed by both. It is a right: nobody is told of it."""
    row = await _in_state(desk, treatment_id, REFUSABLE)
    signed, explained = (body.patient.signed_on, body.addictologist.signed_on), frozenset(body.consequences)
    why_not = why_no_note(explained=explained, signed=signed, on=local_day(desk.now), rows=CONSEQUENCES)
    if why_not is not None:
        raise invalid(why_not)
    if body.signed_by is Grantor.GUARDIANSHIP_AUTHORITY:
        raise invalid("a note of refusal is signed by the patient or a legal representative")
    await _check_who(desk, row.person_id, body.signed_by)
    (words,) = await store.words_of(desk.session, [row])
    words.refusal = store.Note.model_validate(body.model_dump())
    await store.seal(desk.session, row, words)
    row.state, row.ended_at = VoluntaryState.REFUSED, desk.now
    return await _changed(desk, row)


@router.post("/{treatment_id}/end", responses=problems(404, 409))
async def end_treatment(treatment_id: UUID, body: VoluntaryEnding, desk: Writer, _: OnceKey = None) -> Treatment:
    """End treatment. Erasure and withdrawal never stand in the way."""
    row = await _in_state(desk, treatment_id, frozenset({VoluntaryState.UNDER_WAY}))
    row.state, row.ended_at = body.outcome, desk.now
    return await _changed(desk, row)


async def _in_state(desk: Desk, treatment_id: UUID, states: frozenset[VoluntaryState]) -> VoluntaryRow:
    """The treatment, locked. Problem 404, or 409 in another state."""
    row: VoluntaryRow = found(
        await store.get(desk.session, organisation_id=desk.organisation, treatment_id=treatment_id, lock=True),
        "treatment",
    )
    if row.state not in states:
        raise Problem(409, "not-now", "this can't be done with this treatment now")
    return row


async def _changed(desk: Desk, row: VoluntaryRow) -> Treatment:
    desk.session.add(row)
    await desk.session.flush()
    await note(desk, Action.CHANGED, row.id, person_id=row.person_id, what="voluntary_treatment")
    return (await _shown(desk, [row]))[0]


async def _shown(desk: Desk, rows: Sequence[VoluntaryRow]) -> list[Treatment]:
    said = await store.words_of(desk.session, rows)
    return [Treatment(**row.model_dump(), **words.model_dump()) for row, words in zip(rows, said, strict=True)]
