"""Who is to be told outside of the desk is: what kind of thing waits and how many, once, and nothing of a case."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from prometheus_client import REGISTRY
from sqlmodel import update
from standardwebhooks import Webhook

from deploy.demo.office import eventually
from shared.casework.deadlines.clock import alarm, remind
from shared.casework.loops import loops_of
from shared.casework.notifications import store
from shared.casework.notifications.kinds import KINDS, SUBJECT, WHERE, Kind, Language, lines
from shared.casework.notifications.targets import Target
from shared.casework.notifications.telling import Teller
from shared.casework.notifications.waiting import counted, waiting
from shared.casework.referrals.tables import ReferralRow
from shared.contract.errors import SettingsError
from tests.casework.test_reports import CALL, STORY, in_danger, report, victim
from tests.courier import exchange
from tests.listeners import HOST, Mailbox, Receiver
from tests.pair import NAME, POLICE, SHELTER, Two, person, referred
from tests.workbench import Bench

LANGUAGES: tuple[Language, ...] = ("kk", "ru", "en")
SECRET = "whsec_" + "c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0"
PHONE, GIVEN_NAME = "+7 701 555 44 33", "Күнсұлу"
LATER, MUCH_LATER = "2026-03-20T12:05:00+05:00", "2026-03-20T12:16:00+05:00"


@dataclass
class Told:
    """What a service is told to tell, and whom."""

    service: Bench
    folder: Path
    mailbox: Mailbox

    def teller(self, *targets: Mapping[str, Any], **settings: Any) -> Teller:
        file = self.folder / "notify.json"
        file.write_text(json.dumps(targets))
        about = {"notify_file": file, "mail_host": HOST, "mail_port": self.mailbox.port, "mail_security": "none"}
        about |= {"mail_from": "qorgau@shelter.example", "public_url": "https://desk.example", **settings}
        state = self.service.app.state
        whole = state.settings.model_copy(update=about)
        return Teller(database=state.database, node=state.node, clock=self.service.clock, settings=whole)

    def secret(self, text: str = SECRET) -> str:
        file = self.folder / "secret"
        file.write_text(text)
        return str(file)

    def hook(self, receiver: Receiver) -> dict[str, str]:
        return {"organisation": SHELTER, "webhook": receiver.url, "secret_file": self.secret()}


BY_MAIL = {"organisation": SHELTER, "mail": "duty@shelter.example", "languages": ["en"]}


@pytest.fixture
def mailbox() -> Mailbox:
    return Mailbox()


@pytest.fixture
def at_shelter(two: Two, tmp_path: Path, mailbox: Mailbox) -> Told:
    return Told(two.shelter, tmp_path, mailbox)


@pytest.fixture
def at_police(two: Two, tmp_path: Path, mailbox: Mailbox) -> Told:
    return Told(two.police, tmp_path, mailbox)


async def a_referral(two: Two) -> tuple[str, str, str]:
    """(person, consent, referral), and the shelter has it."""
    her = await person(two.officer, given_name=GIVEN_NAME, phone=PHONE)
    consent, referral = await referred(two.officer, her, categories=["identity", "contact"])
    await exchange(two.police, two.shelter)
    return her, consent, referral


def said(mailbox: Mailbox) -> list[str]:
    return [str(mail.get_content()).splitlines()[0] for mail in mailbox.mails]


async def test_a_referral_that_waits_is_told_in_each_language_of_the_target_and_where_to_sign_in(
    two: Two, at_shelter: Told, mailbox: Mailbox
) -> None:
    await a_referral(two)
    async with mailbox.up():
        assert await at_shelter.teller({**BY_MAIL, "languages": ["kk", "ru"]}).turn() == 1
    (mail,) = mailbox.mails
    assert (mailbox.to, mail["to"], mail["from"]) == (
        ["duty@shelter.example"],
        "duty@shelter.example",
        "qorgau@shelter.example",
    )
    assert mail["subject"] == f"{SUBJECT['kk']} / {SUBJECT['ru']}"
    assert str(mail.get_content()).splitlines() == [
        "Жауап күтіп тұрған жолдама: 1",
        f"{WHERE['kk']}: https://desk.example/desk",
        "",
        "Ждут ответа направлений: 1",
        f"{WHERE['ru']}: https://desk.example/desk",
    ]


async def test_nothing_of_the_case_is_in_a_mail_a_webhook_or_a_log(
    two: Two, at_shelter: Told, mailbox: Mailbox, capfd: pytest.CaptureFixture[str]
) -> None:
    ids = await a_referral(two)
    capfd.readouterr()
    receiver = Receiver()
    async with mailbox.up(), receiver.up():
        teller = at_shelter.teller(BY_MAIL, at_shelter.hook(receiver))
        assert await teller.turn() == 2
        two.turn_to(MUCH_LATER)
        await a_referral(two)
    await teller.turn()  # both are down
    logged = "".join(capfd.readouterr())
    assert logged.count("notification.failed") == 2
    words = (*ids, NAME, GIVEN_NAME, PHONE, "+7 727 000 00 01", POLICE, SHELTER, "lodging")
    outside = json.dumps(receiver.calls, default=str, ensure_ascii=False)
    outside += mailbox.raw.decode() + "".join(str(mail.get_content()) for mail in mailbox.mails) + logged
    assert [word for word in words if word in outside] == []
    assert [word for word in ("duty@shelter.example", SECRET, receiver.url) if word in logged] == []


async def test_what_was_told_is_not_told_again_and_something_new_waits_for_its_turn(
    two: Two, at_shelter: Told, mailbox: Mailbox
) -> None:
    await a_referral(two)
    async with mailbox.up():
        teller = at_shelter.teller(BY_MAIL)
        assert [await teller.turn(), await teller.turn()] == [1, 0]
        await a_referral(two)
        two.turn_to(LATER)
        assert await teller.turn() == 0
        two.turn_to(MUCH_LATER)
        assert [await teller.turn(), await teller.turn()] == [1, 0]
    assert said(mailbox) == ["Referrals that wait for an answer: 1", "Referrals that wait for an answer: 2"]


async def test_what_a_mail_server_did_not_take_is_told_later_once_whatever_restarts_in_between(
    two: Two, at_shelter: Told, mailbox: Mailbox
) -> None:
    async with mailbox.up():
        pass
    await a_referral(two)
    assert await at_shelter.teller(BY_MAIL).turn() == 0
    two.turn_to(LATER)
    await a_referral(two)
    assert await at_shelter.teller(BY_MAIL).turn() == 0
    assert failing() == timedelta(minutes=5).total_seconds()
    async with mailbox.up():
        two.turn_to("2026-03-20T12:05:30+05:00")
        assert await at_shelter.teller(BY_MAIL).turn() == 0  # the next try is not due yet
        two.turn_to(MUCH_LATER)
        assert [await at_shelter.teller(BY_MAIL).turn() for _ in range(2)] == [1, 0]
    assert failing() == 0
    assert said(mailbox) == ["Referrals that wait for an answer: 2"]


async def test_what_was_done_while_the_mail_server_was_away_is_not_told_any_more(
    two: Two, at_shelter: Told, mailbox: Mailbox
) -> None:
    async with mailbox.up():
        pass
    _, _, referral = await a_referral(two)
    teller = at_shelter.teller(BY_MAIL)
    await teller.turn()
    assert (await two.warden.post(f"/referrals/{referral}/accept", json={})).status_code == 200
    async with mailbox.up():
        two.turn_to(MUCH_LATER)
        assert await teller.turn() == 0
    assert (mailbox.mails, failing()) == ([], 0)


def failing() -> float | None:
    return REGISTRY.get_sample_value("qorgau_notifications_failing_seconds")


async def test_danger_to_life_does_not_wait_for_the_next_digest(two: Two, at_police: Told, mailbox: Mailbox) -> None:
    by_mail = {**BY_MAIL, "organisation": POLICE}
    her = await victim(two.warden)
    await report(two.warden, her)
    await exchange(two.shelter, two.police)
    async with mailbox.up():
        teller = at_police.teller(by_mail)
        assert await teller.turn() == 1
        danger = {"kind": "emergency", "emergency_id": await in_danger(two.warden, her)}
        await report(two.warden, her, basis=danger, circumstances=STORY)
        await exchange(two.shelter, two.police)
        assert [await teller.turn(), await teller.turn()] == [1, 0]
    assert said(mailbox) == ["Reports, not registered yet: 1", "Reports of danger to life, not registered yet: 1"]
    assert CALL not in str(mailbox.mails[1].get_content())


async def test_each_kind_is_counted_while_it_waits(two: Two) -> None:
    her, _, referral = await a_referral(two)
    for _ in range(2):
        assert (await two.officer.post(f"/referrals/{referral}/messages", json={"body": STORY})).status_code == 201
    await exchange(two.police, two.shelter)
    assert await counts(two.shelter, SHELTER) == {"referral": 1, "message": 2}
    assert (await two.warden.get(f"/referrals/{referral}/messages")).status_code == 200
    assert (await two.warden.post(f"/referrals/{referral}/accept", json={})).status_code == 200
    assert (await counts(two.shelter, SHELTER)).get("referral") is None
    async with two.police.work() as work:
        held = {"hold_state": "held", "held_until": work.now + timedelta(hours=1)}
        await work.session.exec(update(ReferralRow).values(**held))
        about = {"organisation_id": POLICE, "concerning": her, "within": timedelta(minutes=4)}
        work.session.add(alarm(work, kind="refusal_notice", **about))  # type: ignore[arg-type]  # literals
    assert await counts(two.police, POLICE) == {"hold_ends": 1}
    two.turn_to(LATER)
    async with two.police.work() as work:
        await remind(work)
    assert await counts(two.police, POLICE) == {"hold_ends": 1, "overdue": 1}


async def counts(service: Bench, organisation: str) -> dict[str, int]:
    async with service.work() as work:
        return dict(counted(await waiting(work.session, organisation_id=organisation, now=work.now)))


async def test_an_organisation_is_told_of_its_own_alone(two: Two, at_shelter: Told, mailbox: Mailbox) -> None:
    await a_referral(two)
    async with mailbox.up():
        assert await at_shelter.teller({**BY_MAIL, "organisation": "shelter-near-19"}).turn() == 0
    assert mailbox.mails == []


async def test_two_replicas_do_not_both_tell(two: Two, at_shelter: Told, mailbox: Mailbox) -> None:
    key = Target.model_validate(BY_MAIL).key
    async with mailbox.up():
        teller = at_shelter.teller(BY_MAIL)
        assert await teller.turn() == 0
        await a_referral(two)
        async with two.shelter.work() as work:
            assert await store.claim(work.session, organisation_id=SHELTER, target=key, now=work.now) is not None
            assert await teller.turn() == 0
        assert await teller.turn() == 1
    assert len(mailbox.mails) == 1


async def test_a_webhook_is_signed_as_the_standard_says_and_has_kinds_and_counts_alone(
    two: Two, at_shelter: Told
) -> None:
    await a_referral(two)
    two.turn_to(datetime.now().astimezone().isoformat())  # the verifier looks at its own clock
    receiver = Receiver()
    async with receiver.up():
        assert await at_shelter.teller(at_shelter.hook(receiver)).turn() == 1
    ((headers, body),) = receiver.calls
    told = Webhook(SECRET).verify(body, headers)
    assert (set(told), told["type"]) == ({"type", "timestamp", "data"}, "work.waits")
    assert told["data"]["waits"] == [{"kind": "referral", "count": 1}]
    assert headers["content-type"] == "application/json"


@pytest.mark.parametrize("status", [302, 307, 410, 500])
async def test_a_webhook_that_does_not_take_it_is_tried_again_under_the_same_id_and_not_followed(
    two: Two, at_shelter: Told, status: int
) -> None:
    await a_referral(two)
    receiver = Receiver(answers=status)
    async with receiver.up():
        teller = at_shelter.teller(at_shelter.hook(receiver))
        assert await teller.turn() == 0
        receiver.answers = 200
        two.turn_to(LATER)
        assert await teller.turn() == 1
    assert receiver.asked == ["POST /hook HTTP/1.1"] * 2
    assert len({headers["webhook-id"] for headers, _ in receiver.calls}) == 1


BAD: dict[str, Any] = {
    "no way": {"organisation": SHELTER},
    "two ways": {**BY_MAIL, "webhook": "https://example.kz/", "secret_file": "secret"},
    "no secret": {"organisation": SHELTER, "webhook": "https://example.kz/"},
    "in the clear": {"organisation": SHELTER, "webhook": "http://example.kz/", "secret_file": "secret"},
    "with a user": {"organisation": SHELTER, "webhook": "https://a:b@example.kz/", "secret_file": "secret"},
    "no address": {**BY_MAIL, "mail": "a@b, c@d"},
    "a second header": {**BY_MAIL, "mail": "a@b\r\nBcc: c@d"},
    "another language": {**BY_MAIL, "languages": ["de"]},
    "another's organisation": {**BY_MAIL, "organisation": POLICE},
    "unknown": {**BY_MAIL, "name": "x"},
}


@pytest.mark.parametrize("why", BAD)
def test_a_file_that_is_no_good_is_refused(at_shelter: Told, why: str) -> None:
    target = BAD[why]
    if "secret_file" in target:
        target = {**target, "secret_file": at_shelter.secret()}
    with pytest.raises((SettingsError, ValueError)):
        at_shelter.teller(target)


def test_who_is_told_by_mail_needs_a_mail_server(at_shelter: Told) -> None:
    with pytest.raises(SettingsError, match="QORGAU_MAIL_HOST"):
        at_shelter.teller(BY_MAIL, mail_host=None)


async def test_who_is_named_no_longer_is_told_no_longer_and_forgotten(
    two: Two, at_shelter: Told, mailbox: Mailbox
) -> None:
    await a_referral(two)
    async with mailbox.up():
        await at_shelter.teller(BY_MAIL).turn()
        await at_shelter.teller().turn()
        assert await at_shelter.teller(BY_MAIL).turn() == 1


async def test_a_service_that_is_set_so_looks_by_itself(two: Two, at_shelter: Told, mailbox: Mailbox) -> None:
    await a_referral(two)
    async with mailbox.up():
        state = two.shelter.app.state
        state.settings = at_shelter.teller(BY_MAIL).settings
        looking = asyncio.create_task(loops_of(two.shelter.app)["notifications"]())

        async def is_told() -> bool:
            return bool(mailbox.mails)

        await eventually("the mail is there", is_told)
        looking.cancel()
        await asyncio.wait([looking])
    assert said(mailbox) == ["Referrals that wait for an answer: 1"]


async def test_it_is_off_unless_set(two: Two) -> None:
    state = two.shelter.app.state
    assert "notifications" not in loops_of(two.shelter.app)
    silent = Teller(database=state.database, node=state.node, clock=two.shelter.clock, settings=state.settings)
    assert await silent.turn() == 0


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.code)
def test_every_kind_has_words_in_each_language_and_one_number(kind: Kind) -> None:
    said = [line for language in LANGUAGES for line in lines({kind.code: 3}, language)]
    assert [line.partition(": ")[2] for line in said] == ["3"] * 3
    assert len(set(said)) == 3
