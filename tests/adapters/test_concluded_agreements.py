"""What all parties of a local agreement signed is put into the trust list, and nothing less, and nothing older."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from deploy.cli import app
from deploy.enrol import Enrolment, enrol
from deploy.network import sample_organisations
from shared.adapters import watched
from shared.adapters.agreement_seal import NOTICE, SIGNED, check_bundle, read_statement, sign_notice, sign_text
from shared.adapters.seal import sign
from shared.adapters.trust import Node
from shared.adapters.trust_list import TrustList
from shared.contract.agreement import Agreement, Exchange
from shared.contract.concluding import Bundle, Text
from shared.contract.errors import SealError, UntrustedSender
from shared.contract.vocabulary import Agency, Basis, DataCategory
from tests.workbench import trusting

NAME, UNTIL = "A-19-0A1B2C3D4E5F", date(2099, 1, 1)
PARTIES = {"police-talgar": Agency.POLICE, "shelter-alatau": Agency.SHELTER, "social-talgar": Agency.SOCIAL}
LINE = Exchange(
    permit="P-F1-LODGING",
    senders=frozenset({Agency.POLICE}),
    recipients=frozenset({Agency.SHELTER}),
    bases=frozenset({Basis.CONSENT}),
    categories=frozenset({DataCategory.ROUTING, DataCategory.IDENTITY}),
)


def text(version: int = 1, **other: Any) -> Text:
    said: dict[str, Any] = {"id": NAME, "region": "19", "parties": frozenset(PARTIES), "exchanges": (LINE,)}
    said |= {"valid_from": date(2026, 1, 1), "valid_until": UNTIL}
    return Text(version=version, agreement=Agreement(**{**said, **other}))


@dataclass
class Region:
    """The nodes of an agreement's parties, and the network's operator."""

    enrolment: Enrolment

    @property
    def trust(self) -> TrustList:
        return self.enrolment.trust_now().whole

    def node(self, party: str) -> Node:
        return trusting(self.enrolment, PARTIES[party])

    def signed(self, what: Text, *by: str) -> tuple[str, ...]:
        return tuple(sign_text(self.node(one), what, party=one) for one in by or PARTIES)

    def bundle(self, version: int = 1, *by: str, ends_on: date | None = None, **other: Any) -> Bundle:
        what = text(version, **other)
        police = "police-talgar"
        notices = (sign_notice(self.node(police), what, party=police, ends_on=ends_on),) if ends_on else ()
        return Bundle(text=what, signatures=self.signed(what, *by), notices=notices)

    def puts_in(self, bundle: Bundle) -> tuple[int, str]:
        """Exit code and output of `qorgau agreements sign`."""
        file = self.enrolment.folder / "bundle.json"
        file.write_text(bundle.model_dump_json())
        return self.does("agreements", "sign", str(file))

    def does(self, *arguments: str) -> tuple[int, str]:
        done = CliRunner().invoke(app, [*arguments, "--folder", str(self.enrolment.folder)])
        return done.exit_code, done.output

    def in_force(self) -> dict[str, tuple[int, date | None]]:
        known = self.trust
        return {one.id: (known.versions[one.id], one.valid_until) for one in known.agreements}


@pytest.fixture
def region(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Region:
    monkeypatch.setattr(watched, "LOOK_EVERY", 0.0)
    return Region(enrol(tmp_path / "network", sample_organisations()))


def test_what_all_parties_signed_is_in_force_at_every_node(region: Region) -> None:
    running = region.node("shelter-alatau")
    code, said = region.puts_in(region.bundle())
    assert code == 0, said
    assert region.in_force() == {NAME: (1, UNTIL)}
    assert running.agreements == (text().agreement,)


def test_a_signature_that_is_missing_is_named_and_nothing_is_put_in(region: Region) -> None:
    code, said = region.puts_in(region.bundle(1, "police-talgar", "social-talgar"))
    assert (code, region.in_force()) == (1, {})
    assert "not signed by shelter-alatau" in said


def test_a_signature_of_another_text_is_not_taken_for_this_one(region: Region) -> None:
    other = region.signed(text(valid_from=date(2026, 2, 1)))
    code, said = region.puts_in(Bundle(text=text(), signatures=other))
    assert (code, region.in_force()) == (1, {})
    assert "another text" in said


def test_nobody_signs_for_somebody_else(region: Region) -> None:
    forged = sign_text(region.node("police-talgar"), text(), party="shelter-alatau")
    with pytest.raises(UntrustedSender):
        read_statement(region.trust, forged, kind=SIGNED, now=datetime.now(UTC))
    others = region.signed(text(), "police-talgar", "social-talgar")
    assert region.puts_in(Bundle(text=text(), signatures=(*others, forged)))[0] == 1


def test_a_signature_is_not_a_notice_and_a_notice_no_signature(region: Region) -> None:
    police, now = region.node("police-talgar"), datetime.now(UTC)
    signature = sign_text(police, text(), party="police-talgar")
    with pytest.raises(SealError):
        read_statement(region.trust, signature, kind=NOTICE, now=now)
    same_words = sign(police, b"{}", kind=SIGNED).decode()
    with pytest.raises(SealError):
        read_statement(region.trust, same_words, kind=SIGNED, now=now)


def test_a_signature_from_the_future_or_by_a_revoked_key_does_not_hold(region: Region) -> None:
    bundle, now = region.bundle(), datetime.now(UTC)
    assert check_bundle(region.trust, bundle, now=now) == text().agreement
    with pytest.raises(UntrustedSender):
        check_bundle(region.trust, bundle, now=now - timedelta(days=1))
    assert region.does("keys", "rotate", "police")[0] == 0
    assert check_bundle(region.trust, bundle, now=now) == text().agreement
    assert region.does("keys", "revoke", "police/sign-1")[0] == 0
    with pytest.raises(UntrustedSender):
        check_bundle(region.trust, bundle, now=now)


def test_a_later_version_replaces_the_one_before_which_does_not_come_back(region: Region) -> None:
    first, second = region.bundle(), region.bundle(2, valid_until=None)
    assert region.puts_in(first)[0] == 0
    assert region.puts_in(second)[0] == 0
    assert region.in_force() == {NAME: (2, None)}
    code, said = region.puts_in(first)
    assert (code, region.in_force()) == (1, {NAME: (2, None)})
    assert "agreed anew" in said


def test_one_that_has_ended_does_not_come_back_by_itself(region: Region) -> None:
    region.puts_in(region.bundle())
    assert region.does("agreements", "end", NAME)[0] == 0
    assert region.puts_in(region.bundle())[0] == 1
    assert region.in_force() == {}
    assert region.puts_in(region.bundle(2))[0] == 0


def test_a_notice_brings_its_end_forward_and_the_same_file_without_it_does_not_push_it_back(region: Region) -> None:
    region.puts_in(region.bundle())
    soon = date(2098, 1, 1)
    assert region.puts_in(region.bundle(ends_on=soon))[0] == 0
    assert region.in_force() == {NAME: (1, soon)}
    assert region.puts_in(region.bundle())[0] == 0
    assert region.in_force() == {NAME: (1, soon)}


def test_a_change_that_leaves_a_party_out_is_not_put_in_though_the_others_signed_it(region: Region) -> None:
    region.puts_in(region.bundle())
    two = ("police-talgar", "social-talgar")
    code, said = region.puts_in(region.bundle(2, *two, parties=frozenset(two)))
    assert (code, region.in_force()) == (1, {NAME: (1, UNTIL)})
    assert "leaves out a party" in said


def test_what_its_parties_concluded_is_not_overwritten_by_a_text_of_the_operators_own(region: Region) -> None:
    region.puts_in(region.bundle())
    file = region.enrolment.folder / "own.json"
    file.write_text(text().agreement.model_copy(update={"valid_until": None}).model_dump_json())
    code, said = region.does("agreements", "sign", str(file))
    assert (code, region.in_force()) == (1, {NAME: (1, UNTIL)})
    assert "concluded by its parties" in said


def test_a_line_without_effect_is_not_put_in_whoever_signed_it(region: Region) -> None:
    useless = LINE.model_copy(update={"permit": "P-INVENTED"})
    code, said = region.puts_in(region.bundle(exchanges=(useless,)))
    assert (code, region.in_force()) == (1, {})
    assert "there is no such permit" in said


def test_keys_change_and_the_versions_stay(region: Region) -> None:
    region.puts_in(region.bundle(3))
    assert region.does("keys", "rotate", "shelter")[0] == 0
    assert region.in_force() == {NAME: (3, UNTIL)}
