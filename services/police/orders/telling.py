"""Who is told of an order, and what: her protectors that it protects her, and until when; who treats him, that he must.

Each knows it by an id of its own. Nothing that goes to one says anything that is for the other.
"""

from typing import Any
from uuid import UUID, uuid4

from services.police.orders import store
from services.police.orders.tables import BreachRow, CopyRow, OrderRow
from shared.adapters.outbox import Outgoing, Work, emit
from shared.casework.persons import store as persons
from shared.casework.referrals import store as referrals
from shared.casework.referrals.sending import fields_of_person
from shared.casework.referrals.whom import HELPS, protecting
from shared.contract.calendar import local_day
from shared.contract.events import Event, OrderBreached, OrderChanged, OrderIssued
from shared.contract.grounds import Grounds
from shared.contract.orders import treatment_of
from shared.contract.vocabulary import Basis, OrderEnd, OrderKind, Purpose, SubjectRole

# What who treats him needs to know who it is; his address and telephone are not among it.
HIS_NAME = frozenset({"family_name", "given_name", "patronymic", "birth_date", "sex", "iin"})


async def tell_protectors(work: Work, order: OrderRow) -> None:
    """Tell the organisations that protect her or her dependants now, and have not been told yet."""
    mine = order.organisation_id
    copies = await store.copies(work.session, organisation_id=mine, order_ids=[order.id])
    told = {(copy.recipient_id, copy.purpose) for copy in copies}
    whom = [order.protected_id, *(UUID(one) for one in order.dependants)]
    for referral, person in await protecting(work, organisation_id=mine, person_ids=whom):
        if (referral.counterpart_id, Purpose.PROTECTION_ORDER) in told:
            continue
        event = OrderIssued(
            order_id=uuid4(),
            referral_id=referral.id,
            version=order.version,
            kind=OrderKind(order.kind),
            from_day=order.from_day,
            last_day=order.last_day,
            dependants_too=bool(order.dependants),
        )
        to = {"recipient_id": referral.counterpart_id, "purpose": Purpose.PROTECTION_ORDER}
        about = {"subject": referral.subject, "person_id": person, "referral_id": referral.id}
        await _issue(work, order, event, **to, **about)


async def tell_who_treats(work: Work, order: OrderRow, words: store.Words) -> None:
    """Tell the health organisation that was named who he is, and which treatment is required: nothing of her."""
    for row in treatment_of(words.asks) if words.treat_at is not None else ():
        event = OrderIssued(
            order_id=uuid4(),
            version=order.version,
            last_day=order.last_day,
            requirement=row.requirement,
            **await _his_name(work, order),
        )
        to = {"recipient_id": words.treat_at, "purpose": row.purpose}
        about = {"subject": SubjectRole.ALLEGED_OFFENDER, "person_id": order.alleged_offender_id}
        await _issue(work, order, event, **to, **about)


async def tell_change(work: Work, order: OrderRow) -> None:
    """Whoever was told of an order is told how it stands now: nobody is left with what is no longer so."""
    for copy in await _copies(work, order):
        event = OrderChanged(
            order_id=copy.id,
            referral_id=copy.referral_id,
            version=order.version,
            last_day=order.last_day,
            ended_on=local_day(order.ended_at) if order.ended_at is not None else None,
            end=OrderEnd(order.end) if order.end is not None else None,
        )
        await _tell(work, copy, event)


async def tell_breach(work: Work, order: OrderRow, breach: BreachRow) -> None:
    """Those who still protect her are told at once; who treats him is not."""
    for copy in await _copies(work, order):
        if copy.referral_id is not None and await _still_protects(work, copy, copy.referral_id):
            event = OrderBreached(
                order_id=copy.id, referral_id=copy.referral_id, breach_id=uuid4(), breached_at=breach.breached_at
            )
            await _tell(work, copy, event)


async def _still_protects(work: Work, copy: CopyRow, referral_id: UUID) -> bool:
    row = await referrals.get(work.session, organisation_id=copy.organisation_id, referral_id=referral_id)
    return row is not None and row.state in HELPS


async def _copies(work: Work, order: OrderRow) -> list[CopyRow]:
    """Those that left."""
    mine = order.organisation_id
    copies = await store.copies(work.session, organisation_id=mine, order_ids=[order.id])
    return [copy for copy in copies if copy.kept_back_by is None]


async def _his_name(work: Work, order: OrderRow) -> dict[str, Any]:
    row = await persons.get(work.session, organisation_id=order.organisation_id, person_id=order.alleged_offender_id)
    known = (await persons.all_known(work.session, [row]))[0] if row is not None and not row.anonymous else None
    return {name: value for name, value in fields_of_person(known).items() if name in HIS_NAME}


async def _issue(work: Work, order: OrderRow, event: OrderIssued, **to: Any) -> None:
    copy = CopyRow(id=event.order_id, organisation_id=order.organisation_id, order_id=order.id, told_at=work.now, **to)
    copy.kept_back_by = await _tell(work, copy, event)
    work.session.add(copy)
    await work.session.flush()


async def _tell(work: Work, copy: CopyRow, event: Event) -> str | None:
    """The rule that lets nothing leave, or None. An order stands, whoever can be told of it."""
    grounds = Grounds(basis=Basis.STATUTORY_DUTY, purpose=Purpose(copy.purpose), subject=SubjectRole(copy.subject))
    about: dict[str, Any] = {"sender": copy.organisation_id, "recipient": copy.recipient_id}
    outgoing = Outgoing(event=event, grounds=grounds, concerning=copy.id, person_id=copy.person_id, **about)
    emitted = await emit(work, outgoing)
    return None if emitted.event_id is not None else emitted.decision.refusal
