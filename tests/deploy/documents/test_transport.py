"""What the document says of subjects, streams and seals is how nodes do it."""

from datetime import UTC, datetime
from typing import Any

from joserfc.jwk import OKPKey
from joserfc.util import json_b64decode
from nats.js.api import StreamConfig

from deploy.documents.transport import SEAL, SIGNATURE, TRAITS, channel_of_state, directed
from deploy.nats_config import permissions
from shared.adapters.jose import write_jwe, write_jws
from shared.adapters.seal import EVENT
from shared.adapters.streams import STREAMS
from shared.contract.policy import STATE_EVENTS
from shared.contract.vocabulary import EventType

AT = datetime(2026, 3, 20, 9, tzinfo=UTC)


def header(token: bytes) -> dict[str, Any]:
    found: dict[str, Any] = json_b64decode(token.split(b".")[0])
    return found


def named(stream: str) -> StreamConfig:
    return next(one for one in STREAMS if one.name == stream)


def test_the_signature_is_described_as_it_is_made() -> None:
    made = header(write_jws(b"{}", key=OKPKey.generate_key("Ed25519"), kid="police/sign-1", kind=EVENT, at=AT))
    assert sorted(made) == SIGNATURE["header"]
    assert {name: made[name] for name in ("alg", "typ")} == {name: SIGNATURE[name] for name in ("alg", "typ")}


def test_the_seal_is_described_as_it_is_made() -> None:
    made = header(write_jwe(b"{}", key=OKPKey.generate_key("X25519"), kid="shelter/encrypt-1"))
    assert sorted(made) == SEAL["header"]
    assert {name: made[name] for name in ("alg", "enc", "cty")} == {name: SEAL[name] for name in ("alg", "enc", "cty")}
    assert made["epk"]["crv"] == SEAL["crv"]


def test_what_is_announced_is_signed_and_not_sealed() -> None:
    assert "x-jwe" in TRAITS["sealed"]
    assert "x-jwe" not in TRAITS["announced"]


def test_a_node_may_publish_where_the_document_says_and_under_no_other_name() -> None:
    channels = [directed([EventType.MESSAGE_POSTED]), *(channel_of_state(one) for one in STATE_EVENTS)]
    for channel in channels:
        address = channel["address"].format(sender="police", recipient="shelter", organisation="police-talgar")
        stem = address.rpartition(".")[0]
        assert {f"{stem}.*", "qorgau.state.police.>"} & {*permissions("police")["publish"]}
        assert not address.startswith("qorgau.state.") or address.startswith("qorgau.state.police.")
        stream = named(channel["x-jetstream"]["stream"])
        assert address.startswith(str((stream.subjects or [""])[0]).removesuffix(">"))
        assert channel["x-jetstream"]["kept-for-seconds"] == stream.max_age


def test_each_parameter_of_an_address_is_described_and_no_other() -> None:
    for channel in (directed([]), channel_of_state(EventType.BEDS_COUNTED)):
        words = {part.strip("{}") for part in channel["address"].split(".") if part.startswith("{")}
        assert words == set(channel["parameters"])
