"""Make what a network needs to know of itself: keys, trust list, broker users, token issuer, organisations per node.

Everything is written to one folder, private parts readable by the owner only. Keys that exist are kept; the
organisations are written anew, and the trust list (`trust_file`) is signed anew where they changed.
"""

import json
import os
import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import nkeys
from joserfc import jwt
from joserfc.jwk import KeySet, OKPKey

from deploy.nats_config import PROVISIONER, Site
from deploy.trust_file import BEGINNING, TrustFiles, add_keys, held_keys, make_operator, new_key, public
from shared.adapters.trust_list import Spoken, TrustedKey, TrustedNode, TrustNow
from shared.adapters.wrapping import new_keys
from shared.casework.directory.hosted import HostedOrganisation, read_file
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
    def trust_files(self) -> TrustFiles:
        """The files that say who is to be trusted."""
        return TrustFiles(self.folder)

    @property
    def trust(self) -> Path:
        """The signed trust list."""
        return self.trust_files.list

    @property
    def operator_key(self) -> Path:
        """The operator's public key."""
        return self.trust_files.operator_key

    def trust_now(self) -> TrustNow:
        """Who speaks for whom. Raises SealError where the operator has not signed it."""
        return self.trust_files.read().at(datetime.now(UTC))

    @property
    def calendar(self) -> Path:
        """What was decreed of working days; there need not be one."""
        return self.folder / "calendar.csv"

    @property
    def jwks(self) -> Path:
        """The development issuer's public keys."""
        return self.folder / "jwks.json"

    def organisations(self, node: str) -> Path:
        """The organisations that a node hosts."""
        return self.folder / f"organisations-{node}.json"

    def hosted(self) -> list[HostedOrganisation]:
        """The organisations of all nodes, as this folder has them."""
        files = (self.organisations(agency) for agency in Agency)
        return [one for file in files if file.exists() for one in read_file(file)]

    def users(self) -> dict[str, str]:
        """The broker's users: name -> public NKEY."""
        return {name: _public(self.secret(name, "seed")) for name in (PROVISIONER, *Agency)}

    def sites(self) -> dict[str, Site]:
        """The leaf nodes: name -> public NKEY, and the nodes behind it."""
        if not self._sites.exists():
            return {}
        nodes: dict[str, list[str]] = json.loads(self._sites.read_text())
        return {name: Site(_public(self.secret(name, "seed")), tuple(behind)) for name, behind in nodes.items()}

    def add_site(self, name: str, nodes: Sequence[str]) -> Path:
        """Let a leaf node connect for these nodes; where its seed is. Its seed is kept if it has one."""
        _keep(self.secret(name, "seed"), _new_seed)
        known = json.loads(self._sites.read_text()) if self._sites.exists() else {}
        self._sites.write_text(json.dumps({**known, name: list(nodes)}))
        return self.secret(name, "seed")

    @property
    def _sites(self) -> Path:
        return self.folder / "sites.json"

    def environment(self, node: str) -> dict[str, str]:
        """The settings of a node's service that point into this folder."""
        calendar = {"QORGAU_CALENDAR_FILE": str(self.calendar)} if self.calendar.exists() else {}
        return calendar | {
            "QORGAU_AGENCY": node,
            "QORGAU_NODE": node,
            "QORGAU_NATS_SEED_FILE": str(self.secret(node, "seed")),
            "QORGAU_KEYS_FILE": str(self.secret(node, "keys")),
            "QORGAU_VAULT_KEYS": f"file:{self.secret(node, 'vault')}",
            "QORGAU_TRUST_FILE": str(self.trust),
            "QORGAU_OPERATOR_KEY_FILE": str(self.operator_key),
            "QORGAU_ORGANISATIONS_FILE": str(self.organisations(node)),
            "QORGAU_OIDC_ISSUER": ISSUER,
            "QORGAU_OIDC_AUDIENCE": AUDIENCE,
            "QORGAU_OIDC_JWKS": str(self.jwks),
        }

    def token(self, *, organisation: str, roles: Sequence[str], seconds: int = TOKEN_SECONDS, who: str = "dev") -> str:
        """An access token by the development issuer. `who`: of several people of one organisation."""
        claims = {"aud": AUDIENCE, "org": organisation, "roles": list(roles)}
        return self._signed(f"{who}@{organisation}", "at+jwt", seconds, **claims)

    def id_token(self, *, organisation: str, audience: str, nonce: str, name: str) -> str:
        """Who signed in, for the client that they signed in at."""
        return self._signed(f"dev@{organisation}", "JWT", TOKEN_SECONDS, aud=audience, nonce=nonce, name=name)

    def _signed(self, subject: str, kind: str, seconds: int, **claims: Any) -> str:
        key = OKPKey.import_key(json.loads(self.secret("issuer", "key").read_text()))
        now = int(time.time())
        claims |= {"iss": ISSUER, "sub": subject, "iat": now, "exp": now + seconds}
        return jwt.encode({"alg": "Ed25519", "kid": key.kid, "typ": kind}, claims, key, algorithms=["Ed25519"])


def enrol(folder: Path, organisations: Sequence[HostedOrganisation]) -> Enrolment:
    """Write what is missing; the organisations are written anew. Raises SettingsError or SealError for a lost or
    forged trust list."""
    enrolment = Enrolment(folder)
    for name in (PROVISIONER, *Agency):
        _keep(enrolment.secret(name, "seed"), _new_seed)
    for agency in Agency:
        for password in ("database-password", "owner-password"):
            _keep(enrolment.secret(agency, password), lambda: secrets.token_hex(24))
        _keep(enrolment.secret(agency, "vault"), lambda: new_keys(secrets.token_hex(4)))
        hosted = [o.model_dump(mode="json") for o in organisations if o.agency is agency]
        enrolment.organisations(agency).write_text(json.dumps(hosted, ensure_ascii=False, indent=1))
    _keep(enrolment.secret("issuer", "key"), lambda: json.dumps(new_key("Ed25519", secrets.token_hex(4))))
    issuer = OKPKey.import_key(json.loads(enrolment.secret("issuer", "key").read_text()))
    enrolment.jwks.write_text(json.dumps(KeySet([issuer]).as_dict(private=False)))
    with enrolment.trust_files.alone():
        _publish(enrolment.trust_files, organisations)
    return enrolment


def _publish(files: TrustFiles, organisations: Sequence[HostedOrganisation]) -> None:
    """Nodes without keys get their first; an organisation that is new speaks from now on, one that is gone no more."""
    make_operator(files)
    before = files.read() if files.list.exists() else None
    now = datetime.now(UTC)
    since = BEGINNING if before is None else now
    nodes = dict(before.nodes) if before else {}
    for agency in Agency:
        node = nodes.get(agency.value, TrustedNode(agency=agency))
        keys = node.keys or _first_keys(files, agency, since)
        hosted = [o.id for o in organisations if o.agency is agency]
        spoken = _spoken(node.organisations, hosted, since=since, now=now)
        nodes[agency.value] = node.model_copy(update={"keys": keys, "organisations": spoken})
    files.publish(nodes, before=before, at=now)


def _first_keys(files: TrustFiles, node: str, since: datetime) -> tuple[TrustedKey, ...]:
    held = held_keys(files, node)
    return tuple(public(key, at=since) for key in held.values()) or add_keys(files, node, at=since)


def _spoken(before: Sequence[Spoken], hosted: Sequence[str], *, since: datetime, now: datetime) -> tuple[Spoken, ...]:
    """Periods that ended stay in the list, which so tells who spoke for whom when."""
    open_ones = {s.id for s in before if s.valid_until is None}
    ended = [s if s.valid_until or s.id in hosted else s.model_copy(update={"valid_until": now}) for s in before]
    return (*ended, *(Spoken(id=o, valid_from=since) for o in hosted if o not in open_ones))


def _new_seed() -> str:
    return str(nkeys.encode_seed(os.urandom(32), nkeys.PREFIX_BYTE_USER).decode())


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
