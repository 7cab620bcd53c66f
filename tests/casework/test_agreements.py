"""A local agreement (F16) between one organisation of each agency: drafted, signed by all, changed, ended."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from sqlmodel import col, select

from deploy.network import Network
from shared.adapters.agreement_seal import check_bundle, sign_text
from shared.adapters.audit import Action
from shared.adapters.audit_tables import AuditEntry
from shared.adapters.outbox import Outgoing, Work, emit
from shared.casework.agreements import moving, store
from shared.casework.agreements.standing import Known, known
from shared.casework.agreements.tables import AgreementRow
from shared.casework.agreements.telling import PUBLIC
from shared.contract.agreement import Agreement
from shared.contract.concluding import Bundle, Text, name_of
from shared.contract.events import AgreementAnswered, AgreementConcluded, AgreementProposed, Event
from shared.contract.vocabulary import Agency
from shared.contract.vocabulary import AgreementState as S
from tests.deploy.test_security import OURS
from tests.parties import FIRST, LINE, TERMS, Parties, all_four, post

POLICE, SHELTER, HEALTH, SOCIAL = Agency.POLICE, Agency.SHELTER, Agency.HEALTH, Agency.SOCIAL


@pytest.fixture
async def parties(network: Network) -> AsyncIterator[Parties]:
    async with all_four(network) as four:
        yield four


async def tell(parties: Parties, sender: Agency, recipient: Agency, event: Event, agreement_id: str) -> None:
    """What a service of another make might send."""
    async with parties.benches[sender].work(OURS[sender]) as work:
        await emit(work, Outgoing(event, OURS[sender], OURS[recipient], PUBLIC, UUID(agreement_id)))
    await parties.exchange()


def text_of(made: dict[str, Any], **other: Any) -> Text:
    return Text(version=other.pop("version", made["version"]), agreement=Agreement(**{**made["terms"], **other}))


async def test_a_draft_is_concluded_once_all_have_signed_and_every_party_holds_the_same_with_all_signatures(
    parties: Parties,
) -> None:
    made = await parties.draft()
    assert await parties.states(made["id"]) == {(1, "draft")}
    await parties.sign(made, SOCIAL, POLICE, SHELTER)
    seen = await parties.at(HEALTH, made["id"])
    assert (seen["state"], seen["waiting_for"]) == ("draft", [OURS[HEALTH]])
    await parties.sign(made, HEALTH)
    assert await parties.states(made["id"]) == {(1, "concluded")}
    bundles = {(await parties.chiefs[one].get(f"/agreements/{made['id']}/bundle")).text for one in Agency}
    (bundle,) = [Bundle.model_validate_json(one) for one in bundles]
    node = parties.benches[HEALTH].node
    agreed = check_bundle(node.trust.whole, bundle, now=node.clock().replace(year=2100))
    assert agreed.parties == frozenset(OURS.values())


async def test_lines_that_could_have_no_effect_are_told_back_and_nothing_is_sent(parties: Parties) -> None:
    useless = [LINE, {**LINE, "permit": "P-INVENTED"}, {**LINE, "senders": ["police"], "categories": ["whereabouts"]}]
    answer = await parties.chiefs[SOCIAL].post("/agreements", json={**FIRST, "exchanges": useless})
    assert answer.status_code == 422
    assert answer.json()["type"].endswith("lines-without-effect")
    lines = answer.json()["lines"]
    assert [line.split(":")[0] for line in lines] == ["line 2", "line 3"]
    assert "INVENTED" not in answer.text
    assert await parties.benches[SOCIAL].waiting() == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"parties": [OURS[POLICE], OURS[SHELTER]]},
        {"parties": [OURS[SOCIAL], "police-23"]},
        {"parties": [OURS[SOCIAL], "ngo-nobody-knows"]},
        {"parties": [OURS[SOCIAL]]},
        {"valid_from": "2026-03-19"},
        {"valid_until": "2026-04-01"},
        {"region": "1"},
        {"exchanges": [{**LINE, "senders": []}]},
        {"note": "Сәрсенова"},
    ],
)
async def test_what_can_not_be_agreed_is_not_drafted(parties: Parties, wrong: dict[str, Any]) -> None:
    answer = await parties.chiefs[SOCIAL].post("/agreements", json={**FIRST, **wrong})
    assert answer.status_code == 422, answer.text
    assert "Сәрсенова" not in answer.text
    assert (await parties.chiefs[SOCIAL].get("/agreements")).json()["items"] == []


async def test_social_services_draft_and_nobody_else(parties: Parties) -> None:
    for agency in (POLICE, SHELTER, HEALTH):
        assert (await parties.chiefs[agency].post("/agreements", json=FIRST)).status_code == 405
    made = await parties.draft()
    for agency in (POLICE, SHELTER, HEALTH):
        answer = await parties.chiefs[agency].post(f"/agreements/{made['id']}/versions", json=TERMS)
        assert answer.status_code == 404


async def test_a_worker_reads_and_drafts_and_a_supervisor_signs(parties: Parties) -> None:
    async with parties.benches[SOCIAL].client(OURS[SOCIAL]) as worker:
        made = await post(worker, "/agreements", FIRST)
        signing = {"version": 1, "sha256": made["sha256"]}
        for act, body in (("sign", signing), ("decline", {"version": 1, "reason": "other"})):
            assert (await worker.post(f"/agreements/{made['id']}/{act}", json=body)).status_code == 403
        assert (
            await worker.post(f"/agreements/{made['id']}/notice", json={"ends_on": "2026-05-01"})
        ).status_code == 403
    async with parties.benches[SOCIAL].client(OURS[SOCIAL], "bed-counter") as machine:
        assert (await machine.get("/agreements")).status_code == 403


async def test_who_is_no_party_knows_of_none(parties: Parties) -> None:
    made = await parties.draft()
    async with parties.benches[POLICE].client("police-rural-19", "supervisor") as other:
        assert (await other.get("/agreements")).json()["items"] == []
        for path in ("", "/bundle"):
            assert (await other.get(f"/agreements/{made['id']}{path}")).status_code == 404
        signing = {"version": 1, "sha256": made["sha256"]}
        assert (await other.post(f"/agreements/{made['id']}/sign", json=signing)).status_code == 404
        assert (await other.post(f"/agreements/{made['id']}/notice", json={"ends_on": "2026-05-01"})).status_code == 404


async def test_what_is_signed_is_the_text_that_was_shown_and_each_party_answers_once(parties: Parties) -> None:
    made = await parties.draft()
    sign = f"/agreements/{made['id']}/sign"
    right, chief = {"version": 1, "sha256": made["sha256"]}, parties.chiefs[POLICE]
    assert (await chief.post(sign, json={**right, "sha256": "0" * 64})).status_code == 409
    assert (await chief.post(sign, json={**right, "version": 2})).status_code == 409
    assert (await chief.post(sign, json=right)).status_code == 200
    assert (await chief.post(sign, json=right)).json()["type"].endswith("answered")
    declined = await chief.post(f"/agreements/{made['id']}/decline", json={"version": 1, "reason": "other"})
    assert declined.status_code == 409
    assert (await parties.chiefs[HEALTH].get(f"/agreements/{made['id']}/bundle")).status_code == 409


async def test_who_declines_says_why_and_of_which_line_and_all_others_are_told(parties: Parties) -> None:
    made = await parties.draft()
    why = {"version": 1, "reason": "lines", "lines": [1]}
    chief = parties.chiefs[HEALTH]
    assert (await chief.post(f"/agreements/{made['id']}/decline", json={**why, "lines": [2]})).status_code == 422
    await post(chief, f"/agreements/{made['id']}/decline", why)
    await parties.exchange()
    assert await parties.states(made["id"]) == {(1, "declined")}
    (told,) = (await parties.at(SHELTER, made["id"]))["answers"]
    assert (told["party_id"], told["signed"], told["reason"], told["lines"]) == (OURS[HEALTH], False, "lines", [1])
    signing = {"version": 1, "sha256": made["sha256"]}
    assert (await parties.chiefs[SHELTER].post(f"/agreements/{made['id']}/sign", json=signing)).status_code == 409


async def test_a_change_needs_all_signatures_again_and_the_one_before_lasts_until_then(parties: Parties) -> None:
    made = await parties.draft()
    await parties.sign(made)
    parties.turn_to("2026-03-21T12:00:00+05:00")
    changed = await parties.change(made["id"], exchanges=[LINE, {**LINE, "bases": ["consent"]}])
    assert changed["version"] == 2
    await parties.sign(changed, POLICE, SOCIAL)
    seen = await parties.at(SHELTER, made["id"])
    assert (seen["state"], [(one["version"], one["state"]) for one in seen["earlier"]]) == ("draft", [(1, "concluded")])
    await parties.sign(changed, SHELTER, HEALTH)
    seen = await parties.at(SHELTER, made["id"])
    assert (seen["state"], [(one["version"], one["state"]) for one in seen["earlier"]]) == (
        "concluded",
        [(1, "replaced")],
    )
    newest, oldest = (await parties.chiefs[SHELTER].get("/agreements")).json()["items"]
    assert (newest["version"], oldest["version"]) == (2, 1)


async def test_a_change_leaves_no_party_out(parties: Parties) -> None:
    made = await parties.draft()
    fewer = {**TERMS, "parties": [OURS[SOCIAL], OURS[POLICE]]}
    answer = await parties.chiefs[SOCIAL].post(f"/agreements/{made['id']}/versions", json=fewer)
    assert answer.status_code == 422
    assert (await parties.at(SOCIAL, made["id"]))["version"] == 1
    more = await parties.change(made["id"], parties=[*TERMS["parties"], "shelter-far-19"])
    assert more["waiting_for"] == sorted([*TERMS["parties"], "shelter-far-19"])
    async with parties.benches[SHELTER].client("shelter-far-19", "supervisor") as joined:
        assert (await joined.get(f"/agreements/{made['id']}")).json()["earlier"] == []


async def test_a_newer_draft_takes_the_place_of_one_that_is_not_signed_by_all(parties: Parties) -> None:
    made = await parties.draft()
    await parties.sign(made, SOCIAL)
    await parties.change(made["id"], valid_until=None)
    signing = {"version": 1, "sha256": made["sha256"]}
    assert (await parties.chiefs[POLICE].post(f"/agreements/{made['id']}/sign", json=signing)).status_code == 409
    assert [one["state"] for one in (await parties.at(POLICE, made["id"]))["earlier"]] == ["replaced"]


async def test_notice_ends_it_for_all_and_all_are_told(parties: Parties) -> None:
    made = await parties.draft()
    notice = f"/agreements/{made['id']}/notice"
    assert (await parties.chiefs[POLICE].post(notice, json={"ends_on": "2026-06-01"})).status_code == 409
    await parties.sign(made)
    assert (await parties.chiefs[POLICE].post(notice, json={"ends_on": "2026-03-20"})).status_code == 422
    await post(parties.chiefs[POLICE], notice, {"ends_on": "2026-06-01"})
    await parties.exchange()
    assert (await parties.chiefs[POLICE].post(notice, json={"ends_on": "2026-05-01"})).status_code == 409
    for agency in Agency:
        seen = await parties.at(agency, made["id"])
        assert (seen["ends_on"], [one["party_id"] for one in seen["notices"]]) == ("2026-06-01", [OURS[POLICE]])
    bundle = Bundle.model_validate((await parties.chiefs[HEALTH].get(f"/agreements/{made['id']}/bundle")).json())
    whole, later = parties.benches[HEALTH].node.trust.whole, parties.benches[HEALTH].clock().replace(year=2100)
    assert str(check_bundle(whole, bundle, now=later).valid_until) == "2026-06-01"
    parties.turn_to("2026-06-01T00:00:00+05:00")
    assert await parties.states(made["id"]) == {(1, "ended")}
    assert (await parties.chiefs[HEALTH].post(notice, json={"ends_on": "2026-07-01"})).status_code == 409


async def test_a_draft_that_waits_is_reminded_of_after_ten_business_days_and_not_who_has_answered(
    parties: Parties,
) -> None:
    made = await parties.draft()
    await parties.sign(made, SOCIAL, POLICE)
    parties.turn_to("2026-04-07T09:00:00+05:00")  # 20 March is a Friday; Nauryz, 21 to 25 March, is not counted
    assert await parties.reminded(SHELTER) == []
    parties.turn_to("2026-04-08T09:00:00+05:00")
    assert await parties.reminded(SHELTER) == [("due_soon", "agreement_answer")]
    assert await parties.reminded(SOCIAL) == [("due_soon", "agreement_signatures")]
    assert await parties.reminded(POLICE) == []
    parties.turn_to("2026-04-09T09:00:00+05:00")
    assert ("overdue", "agreement_answer") in await parties.reminded(SHELTER)
    await parties.sign(made, SHELTER, HEALTH)
    assert [one["kind"] for one in (await parties.chiefs[SHELTER].get("/deadlines")).json()["items"]] == [
        "agreement_ends"
    ]


async def test_its_end_is_reminded_of_a_month_before_and_passes_without_an_alarm(parties: Parties) -> None:
    made = await parties.draft(valid_from="2026-03-20", valid_until="2026-06-01")
    await parties.sign(made)
    parties.turn_to("2026-04-30T09:00:00+05:00")
    assert await parties.reminded(HEALTH) == []
    parties.turn_to("2026-05-01T09:00:00+05:00")
    assert await parties.reminded(HEALTH) == [("due_soon", "agreement_ends")]
    parties.turn_to("2026-06-01T09:00:00+05:00")
    assert await parties.reminded(HEALTH) == [("due_soon", "agreement_ends")]
    assert (await parties.chiefs[HEALTH].get("/deadlines")).json()["items"] == []


async def test_a_draft_that_would_have_ended_by_now_waits_for_nobody(parties: Parties) -> None:
    made = await parties.draft(valid_from="2026-03-20", valid_until="2026-04-01")
    parties.turn_to("2026-04-01T09:00:00+05:00")
    assert await parties.reminded(SHELTER) == await parties.reminded(SOCIAL) == []
    assert await parties.states(made["id"]) == {(1, "ended")}
    for agency in (SHELTER, SOCIAL):
        assert (await parties.chiefs[agency].get("/deadlines")).json()["items"] == []


async def test_however_many_have_ended_none_is_left_open_nor_waits_behind_one_that_still_binds(
    parties: Parties, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "BATCH", 2)
    made = [await parties.draft(valid_from="2026-03-20", valid_until=f"2026-04-0{day}") for day in (1, 1, 1, 2, 3)]
    binding = {one["name"] for one in made[:2]}

    async def as_listed(work: Work, rows: Sequence[AgreementRow], *, organisation_id: str) -> list[Known]:
        found = await known(work, rows, organisation_id=organisation_id)
        return [replace(one, state=S.IN_FORCE) if one.row.name in binding else one for one in found]

    monkeypatch.setattr(moving, "known", as_listed)
    parties.turn_to("2026-04-03T09:00:00+05:00")
    async with parties.benches[SHELTER].work() as work:
        assert await moving.close_ended(work) == 3
    async with parties.benches[SHELTER].work() as work:
        assert await moving.close_ended(work) == 0
    open_still = (await parties.chiefs[SHELTER].get("/deadlines")).json()["items"]
    assert {one["concerning"] for one in open_still} == {one["id"] for one in made[:2]}


async def test_versions_that_come_at_one_moment_are_all_listed_whatever_the_length_of_a_page(parties: Parties) -> None:
    made = await parties.draft()
    await parties.change(made["id"], valid_until=None)
    chief = parties.chiefs[HEALTH]
    first = (await chief.get("/agreements", params={"limit": 1})).json()
    second = (await chief.get("/agreements", params={"limit": 1, "cursor": first["next"]})).json()
    assert [one["version"] for one in (*first["items"], *second["items"])] == [2, 1]


async def test_answers_that_are_here_before_the_draft_count_once_it_is(parties: Parties) -> None:
    made, text = await parties.draft(), None
    later = str(uuid4())
    text = text_of(made, id=name_of(UUID(later), "19"))
    for agency in (POLICE, SHELTER, SOCIAL):
        token = sign_text(parties.benches[agency].node, text, party=OURS[agency])
        await tell(
            parties, agency, HEALTH, AgreementAnswered(agreement_id=UUID(later), version=1, signature=token), later
        )
    assert (await parties.chiefs[HEALTH].get(f"/agreements/{later}")).status_code == 404
    await tell(parties, SOCIAL, HEALTH, AgreementProposed(agreement_id=UUID(later), terms=text), later)
    assert (await parties.at(HEALTH, later))["waiting_for"] == [OURS[HEALTH]]


async def test_a_signature_in_somebody_elses_name_or_over_another_text_counts_for_nothing(parties: Parties) -> None:
    made = await parties.draft()
    number, text = UUID(made["id"]), text_of(made)
    police, shelter = (parties.benches[one].node for one in (POLICE, SHELTER))
    forged = [
        sign_text(police, text, party=OURS[SHELTER]),
        sign_text(shelter, text, party=OURS[SHELTER]),  # the shelter's own, sent by the police
        sign_text(police, text_of(made, valid_until="2030-01-01"), party=OURS[POLICE]),
        "e30.e30.e30",
    ]
    for token in forged:
        answered = AgreementAnswered(agreement_id=number, version=1, signature=token)
        await tell(parties, POLICE, HEALTH, answered, made["id"])
    assert (await parties.at(HEALTH, made["id"]))["answers"] == []
    concluded = AgreementConcluded(agreement_id=number, terms=text, signatures=tuple(forged))
    await tell(parties, SOCIAL, HEALTH, concluded, made["id"])
    assert [one["party_id"] for one in (await parties.at(HEALTH, made["id"]))["answers"]] == [OURS[SHELTER]]


async def test_nobody_takes_over_the_agreement_of_others_or_its_name(parties: Parties) -> None:
    made = await parties.draft()
    other = {**FIRST, "parties": ["social-19", OURS[POLICE]]}
    another = text_of(made, version=2, parties=other["parties"])
    await tell(parties, SOCIAL, POLICE, AgreementProposed(agreement_id=UUID(made["id"]), terms=another), made["id"])
    assert await parties.states(made["id"]) == {(1, "draft")}
    number = str(uuid4())
    await tell(parties, SOCIAL, POLICE, AgreementProposed(agreement_id=UUID(number), terms=text_of(made)), number)
    assert (await parties.chiefs[POLICE].get(f"/agreements/{number}")).status_code == 404
    same_version = text_of(made, valid_until=None)
    await tell(
        parties, SOCIAL, POLICE, AgreementProposed(agreement_id=UUID(made["id"]), terms=same_version), made["id"]
    )
    assert (await parties.at(POLICE, made["id"]))["sha256"] == made["sha256"]


async def test_what_others_than_social_services_say_was_concluded_is_not_kept(parties: Parties) -> None:
    made, number = await parties.draft(), uuid4()
    text = text_of(made, id=name_of(number, "19"))
    signatures = tuple(sign_text(parties.benches[one].node, text, party=OURS[one]) for one in Agency)
    concluded = AgreementConcluded(agreement_id=number, terms=text, signatures=signatures)
    await tell(parties, POLICE, HEALTH, concluded, str(number))
    assert (await parties.chiefs[HEALTH].get(f"/agreements/{number}")).status_code == 404
    await tell(parties, SOCIAL, HEALTH, concluded, str(number))
    assert (await parties.at(HEALTH, str(number)))["state"] == "concluded"


async def test_the_same_twice_changes_nothing(parties: Parties) -> None:
    made = await parties.draft()
    await parties.sign(made)
    before = await parties.at(HEALTH, made["id"])
    bundle = Bundle.model_validate((await parties.chiefs[SOCIAL].get(f"/agreements/{made['id']}/bundle")).json())
    number = UUID(made["id"])
    events: tuple[Event, ...] = (
        AgreementProposed(agreement_id=number, terms=bundle.text),
        AgreementConcluded(agreement_id=number, terms=bundle.text, signatures=bundle.signatures),
    )
    for event in events:
        await tell(parties, SOCIAL, HEALTH, event, made["id"])
    assert await parties.at(HEALTH, made["id"]) == before
    assert len((await parties.chiefs[HEALTH].get("/deadlines")).json()["items"]) == 1


async def test_the_record_says_who_signed_and_the_others_are_not_told_that(parties: Parties) -> None:
    made = await parties.draft()
    async with parties.benches[POLICE].client(OURS[POLICE], "supervisor", who="colonel") as chief:
        await post(chief, f"/agreements/{made['id']}/sign", {"version": 1, "sha256": made["sha256"]})
    async with parties.benches[POLICE].work() as work:
        entries = select(AuditEntry).where(col(AuditEntry.action) == Action.AGREEMENT_SIGNED)
        (entry,) = (await work.session.exec(entries)).all()
    assert (entry.actor, entry.concerning) == (f"colonel@{OURS[POLICE]}", made["id"])
    assert (entry.details["version"], entry.details["sha256"]) == (1, made["sha256"])
    assert all("colonel" not in one.model_dump_json() for one in await parties.benches[POLICE].waiting() if one)


async def test_lists_come_as_csv_too(parties: Parties) -> None:
    await parties.draft()
    client: httpx.AsyncClient = parties.chiefs[SHELTER]
    answer = await client.get("/agreements", headers={"Accept": "text/csv"})
    assert answer.headers["content-type"].startswith("text/csv")
    assert "A-19-" in answer.text
