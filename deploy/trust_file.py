"""The operator's side of trust: keys of nodes, and the list that says which of them speak, signed anew on each change.

The operator's private key signs the list and lies on this host only; a node's private keys lie here and at the node.
Files that containers mount one by one are written in place, since a renamed file would leave them with the old one.
"""

import fcntl
import json
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from joserfc.jwk import OKPKey

from shared.adapters.jose import write_jws
from shared.adapters.trust import PrivateKeys
from shared.adapters.trust_list import (
    CURVES,
    OPERATOR,
    TRUST,
    TrustedKey,
    TrustedNode,
    TrustList,
    Use,
    read_operator_key,
    read_trust,
)
from shared.contract.agreement import Agreement
from shared.contract.errors import SettingsError

# What a network is enrolled with holds from its beginning on: before it, nobody spoke for anyone.
BEGINNING = datetime(2020, 1, 1, tzinfo=UTC)
USES: tuple[Use, ...] = ("sign", "encrypt")
JWK_USE = {"sign": "sig", "encrypt": "enc"}
PRIVATE, OPEN = 0o600, 0o644


class TrustFiles:
    """The files of one network that say who is to be trusted, and with which keys."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.list = folder / "trust.jws"
        self.operator_key = folder / "operator.jwk"
        self.operator_secret = folder / "secrets" / "operator-key"

    def keys(self, node: str) -> Path:
        """A node's private keys."""
        return self.folder / "secrets" / f"{node}-keys"

    def read(self) -> TrustList:
        """The list, if the operator signed it. Raises OSError, SealError or pydantic.ValidationError."""
        return read_trust(self.list.read_bytes(), operator=read_operator_key(self.operator_key.read_bytes()))

    def sign(self, payload: bytes, *, kind: str, at: datetime) -> bytes:
        """Sign as the operator. Raises OSError where this host does not have the operator's private key."""
        key = OKPKey.import_key(json.loads(self.operator_secret.read_text()))
        return write_jws(payload, key=key, kid=OPERATOR, kind=kind, at=at)

    def publish(
        self,
        nodes: dict[str, TrustedNode],
        *,
        before: TrustList | None,
        at: datetime,
        agreements: tuple[Agreement, ...] | None = None,
        versions: dict[str, int] | None = None,
    ) -> TrustList:
        """Sign and write a list with the next serial; where nothing changed, the list stays as it is.

        Agreements and versions that are not given stay as they were.
        """
        if agreements is None:
            agreements = before.agreements if before else ()
        if versions is None:
            versions = before.versions if before else {}
        if before is not None and (before.nodes, before.agreements, before.versions) == (nodes, agreements, versions):
            return before
        serial = before.serial + 1 if before else 1
        found = TrustList(serial=serial, issued_at=at, nodes=nodes, agreements=agreements, versions=versions)
        rewrite(self.list, self.sign(found.model_dump_json().encode(), kind=TRUST, at=at).decode(), mode=OPEN)
        return found

    @contextmanager
    def alone(self) -> Iterator[None]:
        """One change at a time: two at once could lose a key that a node signs with."""
        self.operator_secret.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(self.operator_secret.parent, os.O_RDONLY)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)


def make_operator(files: TrustFiles) -> None:
    """The network's operator key, once. Raises SettingsError where the list is gone that it had signed."""
    if files.operator_secret.exists() and not files.list.exists():
        raise SettingsError(f"{files.list} is missing: restore it, it says which keys were revoked")
    if not files.operator_secret.exists() and not files.list.exists():
        key = new_key("Ed25519", OPERATOR)
        rewrite(files.operator_key, json.dumps({k: v for k, v in key.items() if k != "d"}), mode=OPEN)
        rewrite(files.operator_secret, json.dumps(key), mode=PRIVATE)


def add_keys(files: TrustFiles, node: str, *, at: datetime) -> tuple[TrustedKey, ...]:
    """A new pair of keys in the node's private file; their public parts, for the list. Publish them afterwards:
    a key that is not held yet when the list names it would be of no use to the node."""
    held = held_keys(files, node)
    number = 1 + max((int(kid.rpartition("-")[2]) for kid in held), default=0)
    made = [{**new_key(CURVES[use], f"{node}/{use}-{number}"), "use": JWK_USE[use]} for use in USES]
    rewrite(files.keys(node), json.dumps({"keys": [*held.values(), *made]}), mode=PRIVATE)
    return tuple(public(key, at=at) for key in made)


def held_keys(files: TrustFiles, node: str) -> dict[str, dict[str, Any]]:
    """A node's private keys by kid; those of a file of an earlier version as its first."""
    if not files.keys(node).exists():
        return {}
    raw = json.loads(files.keys(node).read_text())
    if "signing" in raw:
        first = zip(USES, (raw["signing"], raw["encryption"]), strict=True)
        raw = {"keys": [{**key, "kid": f"{node}/{use}-1", "use": JWK_USE[use]} for use, key in first]}
        rewrite(files.keys(node), json.dumps(raw), mode=PRIVATE)
    return {str(key["kid"]): key for key in PrivateKeys.model_validate(raw).keys}


def public(key: dict[str, Any], *, at: datetime) -> TrustedKey:
    """What the list says of a private key: valid from `at`."""
    use: Use = "sign" if key["use"] == "sig" else "encrypt"
    return TrustedKey(kid=key["kid"], use=use, key={k: v for k, v in key.items() if k != "d"}, valid_from=at)


def rotate(node: TrustedNode, fresh: tuple[TrustedKey, ...], *, at: datetime, overlap: timedelta) -> TrustedNode:
    """New keys from now on; the ones before end after the overlap, unless they end sooner."""
    end = at + overlap
    before = tuple(
        key if key.valid_until is not None and key.valid_until <= end else key.model_copy(update={"valid_until": end})
        for key in node.keys
    )
    return node.model_copy(update={"keys": (*before, *fresh)})


def revoke(node: TrustedNode, kid: str, *, at: datetime) -> TrustedNode:
    """From `at` on the key is worth nothing. An earlier revocation stands."""
    keys = tuple(
        key.model_copy(update={"revoked_at": min(at, key.revoked_at or at)}) if key.kid == kid else key
        for key in node.keys
    )
    return node.model_copy(update={"keys": keys})


def new_key(curve: Any, kid: str) -> dict[str, Any]:
    """A private key as JWK."""
    return dict(OKPKey.generate_key(curve, {"kid": kid}, private=True).as_dict(private=True))


def rewrite(path: Path, text: str, *, mode: int) -> None:
    """Write in place, keeping a file's owner and mode. `<name>.new` beside it is whole should we be stopped halfway."""
    path.parent.mkdir(parents=True, exist_ok=True)
    spare = path.with_name(f"{path.name}.new")
    for target in (spare, path):
        descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
        with os.fdopen(descriptor, "w") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
    spare.unlink()


def is_node_name(name: str) -> bool:
    """As the setting QORGAU_NODE has it."""
    return re.fullmatch(r"[a-z0-9-]{2,40}", name) is not None
