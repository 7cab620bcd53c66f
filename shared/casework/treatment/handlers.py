"""What events about a path do at the other side."""

from typing import Any

from shared.adapters.inbox import Arrival
from shared.casework.treatment import store
from shared.casework.treatment.opening import new_path
from shared.casework.treatment.standing import settle
from shared.casework.treatment.stepping import HIS_NAME
from shared.casework.treatment.tables import PathRow, StepRow
from shared.contract.calendar import local_day
from shared.contract.events import (
    Event,
    ExaminationEvaded,
    TreatmentDecided,
    TreatmentEnded,
    TreatmentMaterialsSent,
    TreatmentMoved,
)
from shared.contract.treatment import BY_COURT
from shared.contract.treatment_words import TreatmentStep as T

Told = ExaminationEvaded | TreatmentMaterialsSent | TreatmentMoved | TreatmentDecided | TreatmentEnded
OPENING = (T.EVADE, T.SEND_MATERIALS)


async def on_treatment_told(arrival: Arrival, event: Event) -> None:
    """Keep a step, and see how the path stands with it (F8). It may be here before those that came before it."""
    assert isinstance(event, Told)
    step = _step(event)
    if step is None:
        return
    session, mine = arrival.work.session, arrival.recipient
    row = await store.get(session, organisation_id=mine, path_id=event.path_id, lock=True)
    if row is not None and row.counterpart_id != arrival.sender:
        return
    taken = StepRow(
        organisation_id=mine,
        path_id=event.path_id,
        version=event.version,
        by=arrival.work.node.trust.party(arrival.sender).agency,
        step=step,
        on=_day(event),
        details=_details(event),
        at=arrival.work.now,
    )
    if not await store.keep_step(session, taken):
        return
    row = row or _new(arrival, event)
    if step in OPENING and taken.on is not None:
        row.began_on = min(row.began_on, taken.on)
    await _keep_words(arrival, row, event)
    await settle(arrival.work, row)


def _new(arrival: Arrival, event: Told) -> PathRow:
    now = arrival.work.now
    about: dict[str, Any] = {"counterpart_id": arrival.sender, "began_on": local_day(now), "now": now}
    return new_path(event.path_id, arrival.recipient, **about)


async def _keep_words(arrival: Arrival, row: PathRow, event: Told) -> None:
    """Who it is, by whoever said it first; and the court's decision. What was erased here stays so."""
    (words,) = await store.words_of(arrival.work.session, [row])
    if isinstance(event, ExaminationEvaded | TreatmentMaterialsSent):
        said = event.model_dump(mode="json", exclude_none=True, include=set(HIS_NAME))
        words.person = {**said, **words.person}
    words.court = words.court or arrival.grounds.court
    await store.seal(arrival.work.session, row, words)


def _step(event: Told) -> T | None:
    """Which step it tells of. A court's step is not taken on the word of the police or of health."""
    if isinstance(event, ExaminationEvaded):
        return T.EVADE
    if isinstance(event, TreatmentMaterialsSent):
        return T.SEND_MATERIALS
    if isinstance(event, TreatmentDecided):
        return T.ORDER_TREATMENT if event.ordered else T.DECLINE_TREATMENT
    if isinstance(event, TreatmentEnded):
        return T.END
    return None if event.step in (*BY_COURT, *OPENING) else event.step


def _day(event: Told) -> Any:
    names = ("evaded_on", "sent_on", "on", "decided_on", "ended_on")
    return next((getattr(event, name) for name in names if getattr(event, name, None) is not None), None)


def _details(event: Told) -> dict[str, Any]:
    names = {"materials", "decide_by", "from_day", "last_day", "end"}
    return event.model_dump(mode="json", exclude_none=True, include=names)
