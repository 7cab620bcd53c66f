"""What of a question or its answer (F14) never leaves, whom nobody is told of, and what only a court is told."""

from uuid import UUID

import pytest
from sqlmodel import col, select

from deploy.network import Network
from shared.adapters.audit_tables import AuditEntry
from shared.adapters.outbox import Outgoing, emit
from shared.casework.consents import store as consents
from shared.casework.consents.tables import ConsentRow
from shared.casework.inquiries.tables import InquiryRow
from shared.contract.events import InformationClosed
from shared.contract.grounds import Grounds
from shared.contract.vocabulary import Agency, Basis, InformationKind, InquiryState, Purpose, RefusalGround
from tests.asking import (
    BY_COURT,
    COURT,
    HOSPITAL,
    NAME,
    POLICE,
    SOCIAL,
    TOLD,
    Case,
    Json,
    another,
    consent_to,
    grounds_at,
    refused_by,
)
from tests.courier import carry, exchange
from tests.pair import NOW, made
from tests.workbench import bench


@pytest.fixture
def case(social_asks_health: Case) -> Case:
    return social_asks_health


async def test_where_she_lives_does_not_leave_with_a_question(case: Case) -> None:
    await made(await case.asks())
    (envelope,) = await case.asking.waiting()
    assert envelope is not None
    assert "Есік" not in envelope.model_dump_json()


@pytest.mark.parametrize(
    ("terms", "rule"),
    [
        ({"categories": ["identity"]}, "F-NOT-IN-CONSENT"),  # the question alone, and not the answer
        ({"categories": ["health"]}, "F-NOT-IN-CONSENT"),  # the answer alone
        ({"recipients": ["police"]}, "F-NO-LIVE-CONSENT"),
        ({"purposes": ["lodging"]}, "F-NO-LIVE-CONSENT"),
    ],
)
async def test_without_a_consent_that_covers_both_ways_nothing_leaves(case: Case, terms: Json, rule: str) -> None:
    consent = await consent_to(case, **terms)
    answer = await case.asks(basis={"kind": "consent", "consent_id": consent})
    assert refused_by(answer) == rule
    assert await case.asking.waiting() == []
    assert (await case.asker.get("/inquiries", params={"box": "outgoing"})).json()["items"] == []


async def test_who_is_asked_holds_the_consent_as_far_as_question_and_answer_need(case: Case) -> None:
    wide = await consent_to(
        case, categories=["identity", "health", "addiction", "contact"], recipients=["health", "shelter"]
    )
    await case.asked(basis={"kind": "consent", "consent_id": wide})
    async with case.answering.work() as work:
        (held,) = (await work.session.exec(select(ConsentRow).where(ConsentRow.id == UUID(wide)))).all()
    assert held.recorded_by == SOCIAL
    assert (held.purposes, held.recipients) == (["information_request"], [HOSPITAL])
    assert sorted(held.categories) == ["health", "identity"]


async def test_the_court_can_ask_without_any_consent_and_its_number_is_sealed_on_both_sides(case: Case) -> None:
    inquiry = await case.asked(basis=BY_COURT)
    await case.answered(inquiry)
    ours, theirs = await case.at_both(inquiry)
    assert (ours["answer"], theirs["basis"]) == ({"health": TOLD}, "court_decision")
    for service in (case.asking, case.answering):
        async with service.work() as work:
            (row,) = (await work.session.exec(select(InquiryRow))).all()
            assert COURT["number"] not in str(row.model_dump())
            assert row.court is not None


@pytest.mark.parametrize("kind", ["own_request", "statutory_duty", "no_personal_data"])
async def test_on_any_other_basis_a_question_has_no_form(case: Case, kind: str) -> None:
    assert (await case.asks(basis={"kind": kind})).status_code == 422


async def test_who_is_treated_anonymously_is_not_told_about_by_name(case: Case) -> None:
    inquiry = await case.asked()
    unnamed = await made(await case.clerk.post("/persons", json={"role": "victim", "anonymous": True}))
    answer = await case.clerk.post(f"/inquiries/{inquiry}/answer", json={"text": TOLD, "person_id": unnamed})
    assert answer.status_code == 422
    assert await case.states(inquiry) == {"asked"}


async def test_the_police_ask_for_a_note_and_learn_only_that_the_court_has_it(police_ask_health: Case) -> None:
    case = police_ask_health
    inquiry = await case.asked(kind="addictologist_note", subject="alleged_offender")
    assert (await case.clerk.post(f"/inquiries/{inquiry}/answer", json={"text": TOLD})).status_code == 422
    await case.answered(inquiry, handed_to="court")
    ours, _ = await case.at_both(inquiry)
    assert (ours["state"], ours["handed_to"], ours["answer"]) == ("answered", "court", {})


async def test_nothing_of_health_goes_to_the_police_and_the_refusal_stands_in_the_record(
    police_ask_health: Case,
) -> None:
    case = police_ask_health
    inquiry = await case.asked(kind="psychiatrist_note", subject="alleged_offender")
    answer = await case.clerk.post(f"/inquiries/{inquiry}/answer", json={"text": TOLD})
    assert refused_by(answer) == "F-OFFENDER-NOT-ABOUT-HER"
    assert await case.states(inquiry) == {"asked"}
    async with case.answering.work() as work:
        kept = select(AuditEntry).where(AuditEntry.action == "decided", AuditEntry.concerning == inquiry)
        (entry,) = (await work.session.exec(kept.order_by(col(AuditEntry.id)))).all()
    assert TOLD not in str(entry.details)


@pytest.mark.parametrize("ground", ["not_held", "wrong_person"])
async def test_whether_health_knows_somebody_is_not_told_to_the_police_either(
    police_ask_health: Case, ground: str
) -> None:
    case = police_ask_health
    inquiry = await case.asked(kind="addictologist_note", subject="alleged_offender")
    assert (await case.clerk.post(f"/inquiries/{inquiry}/refuse", json={"ground": ground})).status_code == 422
    await case.does(case.clerk, inquiry, "refuse", {"ground": "not_told_here"})
    await exchange(case.asking, case.answering)
    assert (await case.at_both(inquiry))[0]["ground"] == "not_told_here"


async def test_if_it_is_told_all_the_same_the_police_do_not_keep_it(police_ask_health: Case) -> None:
    case = police_ask_health
    inquiry = await case.asked(kind="addictologist_note", subject="alleged_offender")
    async with case.answering.work(HOSPITAL) as work:
        event = InformationClosed(
            inquiry_id=UUID(inquiry),
            kind=InformationKind.ADDICTOLOGIST_NOTE,
            state=InquiryState.REFUSED,
            at=work.now,
            ground=RefusalGround.NOT_HELD,
        )
        grounds = Grounds.model_validate(
            {"basis": Basis.CONSENT, "purpose": Purpose.INFORMATION_REQUEST, "subject": "alleged_offender"}
        )
        await emit(work, Outgoing(event, HOSPITAL, POLICE, grounds, UUID(inquiry)))
    await carry(case.answering, case.asking)
    assert (await case.at_both(inquiry))[0]["ground"] == "not_told_here"


async def test_prior_convictions_are_told_by_the_police_as_articles_and_days(network: Network) -> None:
    async with (
        bench(network, Agency.SOCIAL, at=NOW) as social,
        bench(network, Agency.POLICE, at=NOW) as police,
        social.client(SOCIAL) as asker,
        police.client(POLICE) as clerk,
    ):
        case = Case(social, police, asker, clerk)
        case.her = await made(await asker.post("/persons", json={"role": "alleged_offender", "family_name": NAME}))
        asked = {"to": POLICE, "kind": "prior_convictions", "subject": "alleged_offender", "basis": BY_COURT}
        inquiry = await case.asked(**asked)
        assert (await clerk.post(f"/inquiries/{inquiry}/answer", json={"text": "Побои жены."})).status_code == 422
        one = {"article": "cc-109", "convicted_on": "2025-04-11", "spent": False}
        await case.answered(inquiry, convictions=[one])
        ours, _ = await case.at_both(inquiry)
        assert ours["answer"] == {"convictions": [one]}
        none = await case.asked(**asked)
        await case.answered(none, convictions=[])
        assert (await case.at_both(none))[0]["answer"] == {"convictions": []}


async def test_a_kind_that_is_not_answered_here_is_refused_by_itself(case: Case) -> None:
    inquiry = await made(await case.asks())
    grounds = await grounds_at(case.asking, SOCIAL, inquiry)
    wide = await consent_to(case, categories=["identity", "convictions"])
    async with case.asking.work(SOCIAL) as work:
        terms = await consents.terms_now(work.session, SOCIAL, UUID(wide))
        (first,) = (await work.session.exec(select(InquiryRow))).all()
        assert first.due_on is not None
        event = another(first.due_on, kind="prior_convictions")
        on = grounds.model_copy(update={"consent": terms})
        assert (await emit(work, Outgoing(event, SOCIAL, HOSPITAL, on, event.inquiry_id))).event_id is not None
    await carry(case.asking, case.answering)
    theirs = (await case.clerk.get(f"/inquiries/{event.inquiry_id}")).json()
    assert (theirs["state"], theirs["ground"]) == ("refused", "not_this_kind")


async def test_what_is_asked_and_told_lies_sealed(case: Case) -> None:
    inquiry = await case.asked()
    await case.answered(inquiry)
    for service in (case.asking, case.answering):
        async with service.work() as work:
            (row,) = (await work.session.exec(select(InquiryRow))).all()
            for word in (NAME, TOLD, "+7 727"):
                assert word.encode() not in b"".join(part for part in (row.sealed, row.answer) if part)
