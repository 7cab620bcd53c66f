"""Whatever comes over the network or lies in a file: it opens, or it is refused by one of the declared errors.

Fuzzed with Hypothesis: true tokens cut, mixed and changed; true signatures and seals over every sort of nonsense.
`QORGAU_FAULTS` (seconds; `make faults`): so many more of them.
"""

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from joserfc.util import json_b64encode, urlsafe_b64encode
from pydantic import ValidationError
from sqlmodel import func, select

from deploy.enrol import Enrolment, enrol
from deploy.network import Network, sample_organisations
from shared.adapters.consent_receipts import issue, proven
from shared.adapters.jose import read_jwe, read_jws
from shared.adapters.seal import EVENT, seal, sign, unseal, verify
from shared.adapters.tables import InboxRow, Quarantined
from shared.adapters.trust import Node
from shared.adapters.trust_list import TRUST, read_operator_key, read_trust
from shared.contract.consent import Consent
from shared.contract.errors import SealError, UntrustedSender
from shared.contract.events import Envelope
from shared.contract.grounds import LONGEST_RECEIPT, Grounds
from shared.contract.vocabulary import Agency, Basis, Purpose
from tests.adapters.test_inbox import TO_SHELTER
from tests.adapters.test_inbox import envelope as to_far_shelter
from tests.adapters.test_inbox import request as any_request
from tests.adapters.test_seal import envelope, lasting, node_in
from tests.faults.figures import LONG_SECONDS
from tests.workbench import bench, node_of

EXAMPLES = max(200, 100 * int(LONG_SECONDS))
FUZZ = settings(
    max_examples=EXAMPLES, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck)
)
DECLARED: tuple[type[Exception], ...] = (SealError, UntrustedSender)
WORDS = ["Ed25519", "ECDH-ES", "A256GCM", "none", "JWT", "OKP", "X25519", "qorgau-event", "police/sign-1", "null"]
NAMES = ["alg", "kid", "typ", "iat", "enc", "cty", "epk", "kty", "crv", "x", "b64", "crit", "zip", "id", "data", "type"]
leaves = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=20), st.sampled_from(WORDS),
    st.sampled_from([10**400, -1, 2**63, "9" * 5000, "\ud800", "\0", "0000-01-01T00:00:00Z", "x" * 70_000]),
)  # fmt: skip
anything = st.recursive(
    leaves,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(NAMES) | st.text(max_size=5), inner, max_size=5)
    ),
    max_leaves=12,
)
deep = st.sampled_from([b"[" * 50_000, b'{"a":' * 50_000, b"[" * 50_000 + b"]" * 50_000])


@dataclass(frozen=True)
class Pair:
    """Two nodes, and the files that they were made from."""

    enrolment: Enrolment
    police: Node
    shelter: Node


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Pair:
    enrolment = enrol(tmp_path_factory.mktemp("garbage"), sample_organisations())
    return Pair(enrolment, node_in(enrolment, Agency.POLICE), node_in(enrolment, Agency.SHELTER))


def as_json(value: Any) -> bytes:
    """Half surrogates, infinities and all."""
    return json.dumps(value).encode()


@st.composite
def changed(draw: st.DrawFn, true: bytes) -> bytes:
    """A true token with some of it cut, doubled, replaced or moved, or under another header."""
    token = bytearray(true)
    for _ in range(draw(st.integers(1, 3))):
        start = draw(st.integers(0, len(token)))
        end = draw(st.integers(start, min(len(token), start + 40)))
        token[start:end] = draw(
            st.binary(max_size=20) | st.just(bytes(token[start:end]) * 2) | st.sampled_from([b".", b""])
        )
    parts = bytes(token).split(b".")
    if draw(st.booleans()):
        parts = draw(st.permutations(parts))
    if draw(st.booleans()):
        parts[0] = urlsafe_b64encode(draw(anything.map(as_json) | deep | st.binary(max_size=30)))
    return b".".join(parts)


@st.composite
def misshapen(draw: st.DrawFn, true: dict[str, Any]) -> bytes:
    """A true document in which one or two members, however deep, are something else or gone."""
    document = json.loads(json.dumps(true))
    for _ in range(draw(st.integers(1, 2))):
        at: Any = document
        while isinstance(at, dict) and at:
            name = draw(st.sampled_from(sorted(at)))
            if not isinstance(at[name], dict) or draw(st.integers(0, 3)) == 0:
                break
            at = at[name]
        if isinstance(at, dict) and at:
            if draw(st.booleans()):
                at[name] = draw(anything)
            else:
                del at[name]
    return as_json(document)


def refuses(read: Callable[[], Any], *, also: tuple[type[Exception], ...] = ()) -> None:
    """It may open; any other error than the declared ones fails the test."""
    try:
        read()
    except DECLARED + also:
        return


def test_a_token_that_was_changed_opens_nowhere_or_is_refused(pair: Pair) -> None:
    letter = envelope().model_dump_json().encode()
    signed, sealed = sign(pair.police, letter), seal(pair.police, letter, recipient="shelter")

    @FUZZ
    @given(changed(signed) | changed(sealed) | st.binary(max_size=200))
    def is_refused(token: bytes) -> None:
        refuses(lambda: verify(pair.shelter, token))
        refuses(lambda: unseal(pair.shelter, token))
        refuses(lambda: read_jws(token, kind=EVENT, key_of=lambda kid: pair.shelter.trusted_key(kid).public))
        refuses(lambda: read_jwe(token, key_of=pair.shelter.decryption_key))

    is_refused()


def test_headers_of_the_right_names_and_wrong_values_are_refused(pair: Pair) -> None:
    signed, sealed = sign(pair.police, b"{}"), seal(pair.police, b"{}", recipient="shelter")
    point = st.fixed_dictionaries({"kty": leaves, "crv": leaves, "x": leaves}) | anything
    of_signature = st.fixed_dictionaries(dict.fromkeys(("alg", "kid", "typ", "iat"), leaves))
    of_seal = st.fixed_dictionaries({"alg": leaves, "enc": leaves, "kid": leaves, "cty": leaves, "epk": point})
    honest = {"alg": "ECDH-ES", "enc": "A256GCM", "kid": "shelter/encrypt-1", "cty": "JWT"}
    near = point.map(lambda epk: {**honest, "epk": epk})

    @FUZZ
    @given(of_signature, of_seal | near)
    def are_refused(one: dict[str, Any], other: dict[str, Any]) -> None:
        for token, header, read in ((signed, one, verify), (sealed, other, unseal)):
            forged = b".".join([json_b64encode(header), *token.split(b".")[1:]])
            with pytest.raises(DECLARED):
                read(pair.shelter, forged)

    are_refused()


def test_a_true_seal_over_nonsense_opens_and_the_nonsense_is_no_event(pair: Pair) -> None:
    @FUZZ
    @given(misshapen(json.loads(envelope().model_dump_json())) | anything.map(as_json) | st.binary(max_size=99) | deep)
    def is_no_event(payload: bytes) -> None:
        _, opened = unseal(pair.shelter, seal(pair.police, payload, recipient="shelter"))
        assert opened == payload
        refuses(lambda: Envelope.model_validate_json(opened), also=(ValidationError,))

    is_no_event()


def test_a_receipt_that_proves_nothing_opens_nothing_and_harms_nobody(pair: Pair) -> None:
    consent: Consent = lasting()
    true = issue(pair.police, consent, at=datetime.now(UTC)).encode()
    said = {"issued_at": "2026-03-01T00:00:00Z", "terms": consent.model_dump(mode="json")}
    resigned = (misshapen(said) | anything.map(as_json)).map(lambda raw: sign(pair.police, raw, kind="consent"))
    between = {"sender": "police-talgar", "recipient": "shelter-alatau"}

    def believed(consent: Consent, receipt: bytes) -> bool:
        claimed = {
            "purpose": Purpose.LODGING,
            "consent": consent,
            "receipt": receipt.decode("latin-1")[:LONGEST_RECEIPT],
        }
        grounds = Grounds.model_validate({"basis": Basis.CONSENT, **claimed})
        return proven(pair.shelter, grounds, **between, known=None).consent is not None

    @FUZZ
    @given(changed(true) | resigned)
    def proves_nothing(receipt: bytes) -> None:
        assert not believed(consent.model_copy(update={"purposes": frozenset(Purpose)}), receipt)

    assert believed(consent, true)
    proves_nothing()


def test_a_trust_list_of_nonsense_is_not_taken_even_from_the_operator(pair: Pair) -> None:
    files = pair.enrolment.trust_files
    operator, said = read_operator_key(files.operator_key.read_bytes()), json.loads(files.read().model_dump_json())
    true = files.sign(json.dumps(said).encode(), kind=TRUST, at=datetime.now(UTC))
    signed = (misshapen(said) | anything.map(as_json) | deep).map(
        lambda raw: files.sign(raw, kind=TRUST, at=datetime.now(UTC))
    )

    @FUZZ
    @given(changed(true) | signed)
    def is_not_taken(token: bytes) -> None:
        refuses(lambda: read_trust(token, operator=operator), also=(ValidationError,))

    is_not_taken()


@pytest.mark.parametrize("read", ["receive", "receive_state"])
async def test_the_inbox_takes_garbage_quietly_and_keeps_all_of_it(network: Network, read: str) -> None:
    police, loop = node_of(network, Agency.POLICE), asyncio.get_running_loop()
    letter = to_far_shelter(any_request())
    said, true = json.loads(letter.model_dump_json()), letter.model_dump_json().encode()
    close: Callable[[bytes], bytes] = {
        "receive": lambda raw: seal(police, raw, recipient="shelter"),
        "receive_state": lambda raw: sign(police, raw),
    }[read]
    subject = TO_SHELTER if read == "receive" else "qorgau.state.police.beds_counted.police-19"
    taken = 0

    async with bench(network, Agency.SHELTER) as shelter:

        @settings(FUZZ, max_examples=EXAMPLES // 4)
        @given(changed(close(true)) | (misshapen(said) | anything.map(as_json) | deep).map(close))
        def is_taken(message: bytes) -> None:
            nonlocal taken
            arriving = getattr(shelter.inbox, read)(subject, message)
            asyncio.run_coroutine_threadsafe(arriving, loop).result(60)
            taken += 1

        await asyncio.to_thread(is_taken)
        async with shelter.work() as work:
            kept = (await work.session.exec(select(func.sum(Quarantined.times)))).one() or 0  # same ones share a row
            known = (await work.session.exec(select(func.count()).select_from(InboxRow))).one()
    print(f"\n{read}: {taken} messages, {kept} in quarantine, {known} events")  # noqa: T201  # figures for people
    assert kept > taken / 2  # the others are the true event after all, with an optional member more or less
    assert kept + known <= taken
