"""Make what a network needs to know of itself: keys, trust list, broker users, token issuer, organisations per node.

Everything is written to one folder, private parts readable by the owner only. Keys that exist are kept; the trust list
and the organisations are written anew.
"""

import json
import os
import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nkeys
from joserfc import jwt
from joserfc.jwk import KeySet, OKPKey

from deploy.nats_config import PROVISIONER
from shared.adapters.trust import PrivateKeys, TrustedNode, TrustList
from shared.adapters.wrapping import new_keys
from shared.casework.directory.store import HostedOrganisation
from shared.contract.vocabulary import Agency

ISSUER = "https://issuer.qorgau.invalid"
AUDIENCE = "qorgau"
TOKEN_SECONDS = 12 * 3600


@dataclass(frozen=True)
class Enrolment:
    """The files of one network. Nodes are named after their agency: one service each."""

    folder: Path

    def secret(self, node: str, what: str) -> Path:
        """A private file of a node: `seed`, `keys`, `vault`, `database-password`, `owner-password`."""
        return self.folder / "secrets" / f"{node}-{what}"

    @property
    def trust(self) -> Path:
        """The trust list."""
        return self.folder / "trust.json"

    def trust_list(self) -> TrustList:
        """Who speaks for whom."""
        return TrustList.model_validate_json(self.trust.read_bytes())

    @property
    def jwks(self) -> Path:
        """The development issuer's public keys."""
        return self.folder / "jwks.json"

    def organisations(self, node: str) -> Path:
        """The organisations that a node hosts."""
        return self.folder / f"organisations-{node}.json"

    def users(self) -> dict[str, str]:
        """The broker's users: name -> public NKEY."""
        return {name: _public(self.secret(name, "seed")) for name in (PROVISIONER, *Agency)}

    def environment(self, node: str) -> dict[str, str]:
        """The settings of a node's service that point into this folder."""
        return {
            "QORGAU_AGENCY": node,
            "QORGAU_NODE": node,
            "QORGAU_NATS_SEED_FILE": str(self.secret(node, "seed")),
            "QORGAU_KEYS_FILE": str(self.secret(node, "keys")),
            "QORGAU_VAULT_KEYS": f"file:{self.secret(node, 'vault')}",
            "QORGAU_TRUST_FILE": str(self.trust),
            "QORGAU_ORGANISATIONS_FILE": str(self.organisations(node)),
            "QORGAU_OIDC_ISSUER": ISSUER,
            "QORGAU_OIDC_AUDIENCE": AUDIENCE,
            "QORGAU_OIDC_JWKS": str(self.jwks),
        }

    def token(self, *, organisation: str, roles: Sequence[str], seconds: int = TOKEN_SECONDS) -> str:
        """An access token by the development issuer."""
        key = OKPKey.import_key(json.loads(self.secret("issuer", "key").read_text()))
        now = int(time.time())
        claims: dict[str, Any] = {"iss": ISSUER, "aud": AUDIENCE, "sub": f"dev@{organisation}", "org": organisation}
        claims |= {"roles": list(roles), "iat": now, "exp": now + seconds}
        return jwt.encode({"alg": "Ed25519", "kid": key.kid, "typ": "at+jwt"}, claims, key, algorithms=["Ed25519"])


def enrol(folder: Path, organisations: Sequence[HostedOrganisation]) -> Enrolment:
    """Write what is missing; the trust list and the organisations are written anew."""
    enrolment = Enrolment(folder)
    for name in (PROVISIONER, *Agency):
        _keep(
            enrolment.secret(name, "seed"), lambda: nkeys.encode_seed(os.urandom(32), nkeys.PREFIX_BYTE_USER).decode()
        )
    for agency in Agency:
        _keep(enrolment.secret(agency, "keys"), _private_keys(agency))
        for password in ("database-password", "owner-password"):
            _keep(enrolment.secret(agency, password), lambda: secrets.token_hex(24))
        _keep(enrolment.secret(agency, "vault"), lambda: new_keys(secrets.token_hex(4)))
        hosted = [o.model_dump(mode="json") for o in organisations if o.agency is agency]
        enrolment.organisations(agency).write_text(json.dumps(hosted, ensure_ascii=False, indent=1))
    _keep(enrolment.secret("issuer", "key"), lambda: json.dumps(_new_key("Ed25519", secrets.token_hex(4))))
    issuer = OKPKey.import_key(json.loads(enrolment.secret("issuer", "key").read_text()))
    enrolment.jwks.write_text(json.dumps(KeySet([issuer]).as_dict(private=False)))
    enrolment.trust.write_text(_trust(enrolment, organisations).model_dump_json(indent=1))
    return enrolment


def _trust(enrolment: Enrolment, organisations: Sequence[HostedOrganisation]) -> TrustList:
    nodes = {}
    for agency in Agency:
        keys = PrivateKeys.model_validate_json(enrolment.secret(agency, "keys").read_bytes())
        nodes[agency.value] = TrustedNode(
            agency=agency,
            organisations=tuple(o.id for o in organisations if o.agency is agency),
            signing_key=keys.signing_key.as_dict(private=False),
            encryption_key=keys.decryption_key.as_dict(private=False),
        )
    return TrustList(nodes=nodes)


def _private_keys(node: str) -> Any:
    def make() -> str:
        return json.dumps({"signing": _new_key("Ed25519", node), "encryption": _new_key("X25519", node)})

    return make


def _new_key(curve: Any, kid: str) -> dict[str, Any]:
    return dict(OKPKey.generate_key(curve, {"kid": kid}, private=True).as_dict(private=True))


def _keep(path: Path, make: Any) -> None:
    """Write a private file once."""
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(make())


def _public(seed_file: Path) -> str:
    return str(nkeys.from_seed(seed_file.read_bytes().strip()).public_key.decode())
