"""Signatures and seals: only what this network itself writes is accepted, by whoever may say it, as it was said."""

import hmac
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from joserfc import jwe, jws
from joserfc.jwk import ECKey, OctKey, OKPKey
from joserfc.jws import JWSRegistry
from joserfc.registry import HeaderParameter
from joserfc.util import json_b64decode, json_b64encode, urlsafe_b64encode

from deploy.enrol import Enrolment, enrol
from deploy.network import sample_organisations
from shared.adapters.jose import LARGEST, write_jwe, write_jws
from shared.adapters.seal import seal, sign, unseal, verify
from shared.adapters.trust import Node, load_node
from shared.adapters.trust_list import TRUST, read_operator_key, read_trust
from shared.contract.consent import Consent
from shared.contract.errors import SealError, UntrustedSender
from shared.contract.events import Envelope, Payload, ReferralRequested, cloud_type
from shared.contract.grounds import Grounds
from shared.contract.vocabulary import Agency, Basis, DataCategory, Purpose, SubjectRole

ANY_HEADER = {
    name: HeaderParameter(name, lambda _: None) for name in ("iat", "jku", "jwk", "x5u", "x5c", "x5t", "crit")
}
LOOSE = JWSRegistry(ANY_HEADER, algorithms=["Ed25519", "HS256", "ES256", "none"])
PAYLOAD = b'{"a": 1}'


@dataclass(frozen=True)
class Pair:
    """Two nodes of one network, and the network's files."""

    enrolment: Enrolment
    police: Node
    shelter: Node

    def secret(self, node: str, use: str) -> OKPKey:
        keys = json.loads(self.enrolment.secret(node, "keys").read_text())["keys"]
        return OKPKey.import_key(next(key for key in keys if key["use"] == use))

    def header(self, **changed: Any) -> dict[str, Any]:
        honest = {
            "alg": "Ed25519",
            "kid": "police/sign-1",
            "typ": "qorgau-event",
            "iat": int(datetime.now(UTC).timestamp()),
        }
        return {name: value for name, value in {**honest, **changed}.items() if value is not None}

    def signed(self, **changed: Any) -> bytes:
        """What the police's real key signs, under a header of the attacker's making."""
        token = jws.serialize_compact(self.header(**changed), PAYLOAD, self.secret("police", "sig"), registry=LOOSE)
        return token.encode()


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Pair:
    enrolment = enrol(tmp_path_factory.mktemp("seal"), sample_organisations())
    police, shelter = (node_in(enrolment, agency) for agency in (Agency.POLICE, Agency.SHELTER))
    return Pair(enrolment, police, shelter)


def node_in(enrolment: Enrolment, agency: Agency) -> Node:
    return load_node(agency, agency, enrolment.secret(agency, "keys"), enrolment.trust, enrolment.operator_key)


def with_header(token: bytes, header: dict[str, Any]) -> bytes:
    """The token under another header than it was made with."""
    return b".".join([json_b64encode(header), *token.split(b".")[1:]])


def test_what_is_sealed_for_a_node_opens_there_and_says_who_signed_it(pair: Pair) -> None:
    assert unseal(pair.shelter, seal(pair.police, PAYLOAD, recipient="shelter")) == ("police", PAYLOAD)
    assert verify(pair.shelter, sign(pair.police, PAYLOAD)) == ("police", PAYLOAD)


def test_the_attackers_tool_makes_tokens_that_are_accepted_when_they_are_honest(pair: Pair) -> None:
    assert verify(pair.shelter, pair.signed()) == ("police", PAYLOAD)
    honest = write_jwe(sign(pair.police, PAYLOAD), key=pair.secret("shelter", "enc"), kid="shelter/encrypt-1")
    assert unseal(pair.shelter, honest) == ("police", PAYLOAD)


def test_a_token_without_a_signature_is_refused(pair: Pair) -> None:
    bare = json_b64encode(pair.header(alg="none")) + b"." + urlsafe_b64encode(PAYLOAD) + b"."
    with pytest.raises(SealError, match="in another way"):
        verify(pair.shelter, bare)


def test_the_public_key_used_as_a_password_is_refused(pair: Pair) -> None:
    public = pair.police.trusted_key("police/sign-1").public
    for secret in (public.as_bytes(), str(public.as_dict()["x"]).encode()):
        said = json_b64encode(pair.header(alg="HS256")) + b"." + urlsafe_b64encode(PAYLOAD)
        forged = said + b"." + urlsafe_b64encode(hmac.digest(secret, said, "sha256"))
        with pytest.raises(SealError, match="in another way"):
            verify(pair.shelter, forged)


def test_a_signature_of_another_algorithm_is_refused(pair: Pair) -> None:
    forged = jws.serialize_compact(pair.header(alg="ES256"), PAYLOAD, ECKey.generate_key("P-256"), registry=LOOSE)
    with pytest.raises(SealError, match="in another way"):
        verify(pair.shelter, forged.encode())


@pytest.mark.parametrize(
    "extra",
    [
        {"jku": "https://attacker.invalid/keys"},
        {"jwk": {"kty": "OKP", "crv": "Ed25519", "x": "AA"}},
        {"x5u": "https://attacker.invalid/certificate"},
        {"x5c": ["AA"]},
        {"x5t": "AA"},
        {"crit": ["iat"]},
        {"b64": True},
        {"cty": "JWT"},
    ],
    ids=lambda extra: next(iter(extra)),
)
def test_a_header_that_says_more_than_we_write_is_refused_even_under_a_true_signature(
    pair: Pair, extra: dict[str, Any]
) -> None:
    with pytest.raises(SealError, match="other parameters"):
        verify(pair.shelter, pair.signed(**extra))


@pytest.mark.parametrize("missing", ["kid", "typ", "iat"])
def test_a_header_that_says_less_than_we_write_is_refused(pair: Pair, missing: str) -> None:
    with pytest.raises(SealError, match="other parameters"):
        verify(pair.shelter, pair.signed(**{missing: None}))


def test_a_key_that_nobody_knows_is_refused(pair: Pair) -> None:
    stranger = OKPKey.generate_key("Ed25519")
    for kid in ("police/sign-2", "nobody/sign-1", "police", "", "operator"):
        forged = write_jws(PAYLOAD, key=stranger, kid=kid, kind="event", at=datetime.now(UTC))
        with pytest.raises(UntrustedSender, match="does not know"):
            verify(pair.shelter, forged)


def test_the_kid_of_another_node_is_not_enough(pair: Pair) -> None:
    forged = write_jws(
        PAYLOAD, key=pair.secret("shelter", "sig"), kid="police/sign-1", kind="event", at=datetime.now(UTC)
    )
    with pytest.raises(SealError, match="not a valid signature"):
        verify(pair.shelter, forged)


def test_a_key_for_sealing_signs_nothing(pair: Pair) -> None:
    forged = write_jws(
        PAYLOAD, key=pair.secret("police", "sig"), kid="police/encrypt-1", kind="event", at=datetime.now(UTC)
    )
    with pytest.raises(UntrustedSender, match="does not know"):
        verify(pair.shelter, forged)


def test_one_sort_of_statement_does_not_pass_for_another(pair: Pair) -> None:
    with pytest.raises(SealError, match="for another use"):
        verify(pair.shelter, sign(pair.police, PAYLOAD, kind="consent"))
    assert verify(pair.shelter, sign(pair.police, PAYLOAD, kind="consent"), kind="consent") == ("police", PAYLOAD)


def test_what_is_too_large_is_refused_unread(pair: Pair) -> None:
    for read, token in ((verify, pair.signed()), (unseal, seal(pair.police, PAYLOAD, recipient="shelter"))):
        with pytest.raises(SealError, match="larger than a message may be"):
            read(pair.shelter, token + b"A" * LARGEST)


def test_a_large_honest_message_opens(pair: Pair) -> None:
    large = b"a" * 200_000  # far more than a batch of 500 receipts with refusals
    assert unseal(pair.shelter, seal(pair.police, large, recipient="shelter")) == ("police", large)


def test_a_long_header_is_refused(pair: Pair) -> None:
    with pytest.raises(SealError, match="compact form"):
        verify(pair.shelter, with_header(pair.signed(), pair.header(kid="p" * 600)))


def test_the_json_forms_are_refused(pair: Pair) -> None:
    key = pair.secret("police", "sig")
    flat = json.dumps(jws.serialize_json({"protected": pair.header()}, PAYLOAD, key, registry=LOOSE)).encode()
    general = json.dumps(jws.serialize_json([{"protected": pair.header()}], PAYLOAD, key, registry=LOOSE)).encode()
    for form in (flat, general):
        with pytest.raises(SealError, match="compact form"):
            verify(pair.shelter, form)
        with pytest.raises(SealError, match="compact form"):
            unseal(pair.shelter, form)


def sealed_as(pair: Pair, header: dict[str, Any], key: Any, algorithms: list[str]) -> bytes:
    """The police's true signature in a seal of the attacker's making."""
    return jwe.encrypt_compact(header, sign(pair.police, PAYLOAD), key, algorithms=algorithms).encode()


@pytest.mark.parametrize(
    "changed",
    [
        {"enc": "A128GCM"},
        {"enc": "A256CBC-HS512"},
        {"alg": "ECDH-ES+A256KW"},
        {"zip": "DEF"},
        {"jku": "https://attacker.invalid/keys"},
        {"typ": "JOSE"},
        {"apu": "QQ"},
    ],
    ids=lambda changed: "-".join(next(iter(changed.items()))),
)
def test_a_seal_made_in_another_way_is_refused_even_if_it_could_be_opened(pair: Pair, changed: dict[str, str]) -> None:
    header = {"alg": "ECDH-ES", "enc": "A256GCM", "kid": "shelter/encrypt-1", "cty": "JWT", **changed}
    algorithms = [header["alg"], header["enc"], "DEF"]
    token = sealed_as(pair, header, pair.shelter.decryption_key("shelter/encrypt-1"), algorithms)
    with pytest.raises(SealError, match=r"in another way|other parameters"):
        unseal(pair.shelter, token)


def test_a_seal_by_a_shared_secret_is_refused(pair: Pair) -> None:
    header = {"alg": "dir", "enc": "A256GCM", "kid": "shelter/encrypt-1", "cty": "JWT"}
    token = sealed_as(pair, header, OctKey.generate_key(256), ["dir", "A256GCM"])
    point = {"kty": "OKP", "crv": "X25519", "x": "AA"}
    for seen, why in ((token, "other parameters"), (with_header(token, {**header, "epk": point}), "in another way")):
        with pytest.raises(SealError, match=why):
            unseal(pair.shelter, seen)


def test_a_seal_whose_one_time_key_is_of_another_kind_is_refused(pair: Pair) -> None:
    token = seal(pair.police, PAYLOAD, recipient="shelter")
    header = json_b64decode(token.split(b".")[0])
    for point in ({**header["epk"], "crv": "X448"}, {**header["epk"], "d": "AA"}, "text"):
        with pytest.raises(SealError, match="another kind"):
            unseal(pair.shelter, with_header(token, {**header, "epk": point}))


def test_a_seal_for_another_node_or_an_unknown_key_does_not_open(pair: Pair) -> None:
    for recipient, kid in (
        ("police", "police/encrypt-1"),
        ("shelter", "shelter/encrypt-2"),
        ("shelter", "shelter/sign-1"),
    ):
        token = write_jwe(sign(pair.police, PAYLOAD), key=pair.secret(recipient, "enc"), kid=kid)
        with pytest.raises(SealError, match="not sealed for this node"):
            unseal(pair.shelter, token)


def test_what_is_sealed_or_signed_twice_is_no_event(pair: Pair) -> None:
    key, kid = pair.secret("shelter", "enc"), "shelter/encrypt-1"
    with pytest.raises(SealError, match="compact form"):
        unseal(pair.shelter, write_jwe(seal(pair.police, PAYLOAD, recipient="shelter"), key=key, kid=kid))
    with pytest.raises(SealError, match="compact form"):
        unseal(pair.shelter, write_jwe(PAYLOAD, key=key, kid=kid))
    _, inner = verify(pair.shelter, sign(pair.police, sign(pair.police, PAYLOAD)))
    with pytest.raises(ValueError, match="JSON"):
        Envelope.model_validate_json(inner)


@pytest.mark.parametrize(
    "token", [b"", b".", b"..", b"....", b"e30.e30.", b"W10.e30.AA", b"\xff.\xff.\xff", b"bnVsbA.e30.AA"]
)
def test_rubbish_is_refused_quietly(pair: Pair, token: bytes) -> None:
    for read in (verify, unseal):
        with pytest.raises(SealError):
            read(pair.shelter, token)


@pytest.mark.parametrize(
    "changed",
    [{"kid": ["police/sign-1"]}, {"iat": "now"}, {"iat": True}, {"iat": 10**30}, {"alg": {}}, {"typ": 1}],
    ids=str,
)
def test_a_header_whose_values_are_of_another_type_is_refused(pair: Pair, changed: dict[str, Any]) -> None:
    with pytest.raises(SealError):
        verify(pair.shelter, with_header(pair.signed(), pair.header(**changed)))


def lasting() -> Consent:
    return Consent(
        id=uuid4(),
        recorded_by="police-talgar",
        purposes=frozenset({Purpose.LODGING}),
        recipients=frozenset({Agency.SHELTER}),
        categories=frozenset({DataCategory.IDENTITY}),
        given_at=datetime(2026, 3, 1, tzinfo=UTC),
        valid_until=datetime(2026, 4, 1, tzinfo=UTC),
    )


def envelope() -> Envelope:
    about = {"referral_id": uuid4(), "purpose": Purpose.LODGING, "subject": SubjectRole.VICTIM, "call_back": "+7 727 0"}
    event = ReferralRequested.model_validate(about)
    return Envelope(
        id=uuid4(),
        type=cloud_type(event.type),
        source="/nodes/police",
        subject=str(uuid4()),
        time=datetime.now(UTC),
        sender="police-talgar",
        recipient="shelter-alatau",
        data=Payload(grounds=Grounds(basis=Basis.CONSENT, purpose=Purpose.LODGING, consent=lasting()), content=event),
    )


CHANGES: dict[str, Callable[[dict[str, Any]], Any]] = {
    "id": lambda e: e.update(id=str(uuid4())),
    "type": lambda e: e.update(type="kz.qorgau.referral.moved.v1"),
    "sender": lambda e: e.update(sender="hospital-talgar"),
    "recipient": lambda e: e.update(recipient="shelter-other"),
    "subject": lambda e: e.update(subject=str(uuid4())),
    "time": lambda e: e.update(time="2026-03-02T00:00:00Z"),
    "consent": lambda e: e["data"]["grounds"]["consent"].update(id=str(uuid4())),
    "content": lambda e: e["data"]["content"].update(referral_id=str(uuid4())),
}


@pytest.mark.parametrize("what", CHANGES)
def test_nothing_in_a_signed_envelope_can_be_changed(pair: Pair, what: str) -> None:
    letter = json.loads(envelope().model_dump_json())
    header, _, signature = sign(pair.police, json.dumps(letter).encode()).split(b".")
    CHANGES[what](letter)
    changed = b".".join([header, urlsafe_b64encode(json.dumps(letter).encode()), signature])
    with pytest.raises(SealError, match="not a valid signature"):
        verify(pair.shelter, changed)


def test_the_time_of_a_signature_can_not_be_changed(pair: Pair) -> None:
    earlier = int((datetime.now(UTC) - timedelta(days=30)).timestamp())
    with pytest.raises(SealError, match="not a valid signature"):
        verify(pair.shelter, with_header(pair.signed(), pair.header(iat=earlier)))


def test_only_the_operator_signs_the_trust_list_and_nothing_else_as_the_operator(pair: Pair, tmp_path: Path) -> None:
    files, now = pair.enrolment.trust_files, datetime.now(UTC)
    operator, said = read_operator_key(files.operator_key.read_bytes()), files.read().model_dump_json().encode()
    assert read_trust(files.sign(said, kind=TRUST, at=now), operator=operator) == files.read()
    with pytest.raises(SealError, match="for another use"):
        read_trust(files.sign(said, kind="event", at=now), operator=operator)
    with pytest.raises(SealError, match="not a valid signature"):
        read_trust(enrol(tmp_path, []).trust_files.sign(said, kind=TRUST, at=now), operator=operator)
    with pytest.raises(SealError, match="somebody else than the operator"):
        read_trust(sign(pair.police, said, kind=TRUST), operator=operator)
    with pytest.raises(UntrustedSender, match="does not know"):
        verify(pair.shelter, files.sign(PAYLOAD, kind="event", at=now))
