"""REST calls for comparisons of registers (F11): a supervisor opens one, a supervisor at the other end answers."""

from collections.abc import Sequence
from uuid import UUID, uuid4

from fastapi import APIRouter, Response

from shared.adapters import paging
from shared.adapters.audit import Action
from shared.adapters.documented import problems
from shared.adapters.http import Desk, OnceKey, Reader, Reviewer, TransactionalRoute, found, invalid, note
from shared.casework.comparisons import steps, store
from shared.casework.comparisons.models import Comparison, NewComparison, shown
from shared.casework.comparisons.tables import ComparisonRow
from shared.casework.comparisons.taking_part import Iins, our_entries, out_of_limits, pair, too_often
from shared.casework.deadlines.clock import business_day_deadline
from shared.casework.directory import store as directory
from shared.casework.disclosures.endpoints import refused
from shared.casework.registers import store as registers
from shared.contract.calendar import local_day
from shared.contract.comparisons import ANSWER, ComparisonState, PairRow, after, limits
from shared.contract.decisions import Decision, reason_of
from shared.contract.errors import Problem
from shared.contract.vocabulary import ComparisonEnd, ComparisonStep, Side

router = APIRouter(prefix="/comparisons", tags=["registers"], route_class=TransactionalRoute)
WHY_NOT = {
    ComparisonEnd.TOO_FEW: "so few entries take part that whom they are could be guessed",
    ComparisonEnd.TOO_MANY: "more entries take part than a comparison takes",
    ComparisonEnd.TOO_OFTEN: "these two registers have been compared as often as they may be within a year",
}


@router.post("", status_code=201)
async def open_comparison(body: NewComparison, desk: Reviewer, response: Response, _: OnceKey = None) -> Comparison:
    """Compare a register with another organisation's: our entries leave blinded, and wait there to be answered."""
    there = await directory.get(desk.session, organisation_id=body.counterpart_id)
    if there is None or desk.node.trust.node_of(there.id) is None:
        raise invalid("the network knows no such organisation")
    row = ComparisonRow(
        id=uuid4(),
        organisation_id=desk.organisation,
        side=Side.SENDER,
        state=ComparisonState.OPENED,
        opened_at=desk.now,
        **body.model_dump(),
    )
    allowed, entries = await _ready(desk, row)
    if await store.of_pair(desk.session, row):
        raise Problem(409, "already-open", "a comparison of these two registers is under way")
    desk.session.add(row)
    _check_left(await steps.open_(desk, row, allowed, entries))
    days = limits(local_day(desk.now)).answer_days
    due = {"organisation_id": row.organisation_id, "concerning": row.id, "happened_at": desk.now, "days": days}
    desk.session.add(business_day_deadline(desk, kind=ANSWER, **due))  # type: ignore[arg-type]  # a literal
    await steps.note_step(desk, row)
    response.headers["Location"] = f"/v1/comparisons/{row.id}"
    return (await _shown(desk, [row]))[0]


async def _ready(desk: Desk, row: ComparisonRow) -> tuple[PairRow, Iins]:
    """By which row, and with which entries. Problem 403 where a rule forbids it, 409 beyond the limits."""
    allowed, rule = await pair(desk, row)
    if allowed is None:
        why = reason_of(rule)
        extra: dict[str, object] = {"rule": rule, "reason": {"kk": why.kk, "ru": why.ru, "en": why.en}}
        raise Problem(403, "not-comparable", "these two registers are not compared", extra)
    if await too_often(desk, row):
        raise _refusal(ComparisonEnd.TOO_OFTEN)
    entries = await our_entries(desk, row, allowed)
    beyond = out_of_limits(len(entries), limits(local_day(desk.now)))
    if beyond is not None:
        raise _refusal(beyond)
    return allowed, entries


def _refusal(end: ComparisonEnd) -> Problem:
    return Problem(409, end.replace("_", "-"), WHY_NOT[end])


def _check_left(decision: Decision) -> None:
    """Problem 403 for what policy did not let leave: then nothing happened."""
    if not decision.permitted:
        raise refused(decision)


@router.get("")
async def list_comparisons(
    desk: Reader, cursor: paging.Cursor = None, limit: paging.Limit = 50
) -> paging.Page[Comparison]:
    """Comparisons that were opened here or elsewhere, newest first."""
    rows = await store.page(desk.session, organisation_id=desk.organisation, cursor=cursor, limit=limit)
    cut, following = paging.cut(list(rows), limit, at="opened_at")
    await note(desk, Action.READ_COMPARISON, shown=[row.id for row in cut])
    return paging.Page(items=await _shown(desk, cut), next=following)


@router.get("/{comparison_id}")
async def read_comparison(comparison_id: UUID, desk: Reader) -> Comparison:
    """Read a comparison: how it stands, and which of our entries the other has, too."""
    row = await store.get(desk.session, organisation_id=desk.organisation, comparison_id=comparison_id)
    comparison: ComparisonRow = found(row, "comparison")
    await note(desk, Action.READ_COMPARISON, comparison.id)
    return (await _shown(desk, [comparison]))[0]


@router.post("/{comparison_id}/answer", responses=problems(409))
async def answer_comparison(comparison_id: UUID, desk: Reviewer, _: OnceKey = None) -> Comparison:
    """Take part. Our entries leave blinded; that can't be taken back, since the other side may know its part then."""
    row = await _now(desk, comparison_id, ComparisonStep.ANSWERED)
    allowed, entries = await _ready(desk, row)
    _check_left(await steps.answer(desk, row, allowed, entries))
    await steps.note_step(desk, row)
    return (await _shown(desk, [row]))[0]


@router.post("/{comparison_id}/decline", responses=problems(409))
async def decline_comparison(comparison_id: UUID, desk: Reviewer, _: OnceKey = None) -> Comparison:
    """Do not take part: nothing of our entries leaves."""
    return await _give_up(desk, comparison_id, ComparisonStep.DECLINED)


@router.post("/{comparison_id}/abort", responses=problems(409))
async def abort_comparison(comparison_id: UUID, desk: Reviewer, _: OnceKey = None) -> Comparison:
    """Take back what was opened here and has no answer yet: the secret is destroyed, and the other side is told."""
    return await _give_up(desk, comparison_id, ComparisonStep.ABORTED)


async def _give_up(desk: Desk, comparison_id: UUID, step: ComparisonStep) -> Comparison:
    row = await _now(desk, comparison_id, step)
    allowed, _ = await pair(desk, row)
    await steps.give_up(desk, row, step, ComparisonEnd.NOT_NOW, allowed)
    return (await _shown(desk, [row]))[0]


async def _now(desk: Desk, comparison_id: UUID, step: ComparisonStep) -> ComparisonRow:
    """The comparison, locked. Problem 404, or 409 where that is no step of ours as things stand."""
    mine = desk.organisation
    row: ComparisonRow = found(
        await store.get(desk.session, organisation_id=mine, comparison_id=comparison_id, for_update=True), "comparison"
    )
    state = ComparisonState(row.state)
    waits = state is ComparisonState.OPENED
    if not waits or after(state, Side(row.side), step) is None:
        raise Problem(409, "not-now", "that is no step of this side as the comparison stands")
    return row


async def _shown(desk: Desk, rows: Sequence[ComparisonRow]) -> list[Comparison]:
    ids = [row.id for row in rows]
    matches = await registers.matches(desk.session, organisation_id=desk.organisation, comparison_ids=ids)
    return [shown(row, matches) for row in rows]
