"""Who speaks for whom, and what was agreed: the trust list of the network, signed by its operator.

It names for each node its agency, its organisations and its public keys (RFC 7517, RFC 8037), each from when to when.
It also holds the local agreements (F16) themselves: a node has all of them or none, and never an older one than the
newest list that it took, so none can be deleted or put back. Of one that its parties concluded by signing it, the list
keeps the highest version that it ever held, so that an earlier one, or one that has ended, does not come back either.
A key that was revoked speaks for nobody from that moment on: whoever stole it can date a message back, so what counts
for a message is when it arrives. What was taken in before stays.
"""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Annotated, Any, Literal, Self

from joserfc.jwk import OKPKey
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, field_validator, model_validator

from shared.adapters.jose import LARGEST_FILE, read_jws
from shared.contract.agreement import Agreement
from shared.contract.conditions import Party
from shared.contract.errors import SealError, UntrustedSender
from shared.contract.events import CONTRACT
from shared.contract.vocabulary import Agency

OPERATOR = "operator"
TRUST = "trust"
CURVES = {"sign": "Ed25519", "encrypt": "X25519"}
CLOCK_SKEW = timedelta(minutes=5)  # a sender's clock may be ahead of ours when its key begins
Use = Literal["sign", "encrypt"]


class Period(BaseModel):
    """From when to when; without an end, until further notice."""

    model_config = ConfigDict(frozen=True)
    valid_from: AwareDatetime
    valid_until: AwareDatetime | None = None

    def covers(self, at: datetime, *, skew: timedelta = timedelta()) -> bool:
        """Whether `at` lies in it; the end does not belong to it."""
        return self.valid_from <= at + skew and (self.valid_until is None or at < self.valid_until)


class Spoken(Period):
    """An organisation that a node speaks for."""

    id: str


class TrustedKey(Period):
    """A public key of a node. The kid is `<node>/<use>-<number>`."""

    kid: str = Field(pattern=r"^[a-z0-9-]{2,40}/(sign|encrypt)-[0-9]{1,6}$")
    use: Use
    key: dict[str, Any]
    revoked_at: AwareDatetime | None = None

    @field_validator("key")
    @classmethod
    def _public(cls, key: dict[str, Any]) -> dict[str, Any]:
        """Raises ValueError where somebody put a private key into the list that everyone reads."""
        if not {"kty", "crv", "x"} <= set(key) <= {"kty", "crv", "x", "kid", "use"}:
            raise ValueError("not a public key of this kind")
        return key

    @model_validator(mode="after")
    def _of_its_use(self) -> Self:
        if self.key["crv"] != CURVES[self.use] or f"/{self.use}-" not in self.kid:
            raise ValueError("a key for another use")
        return self

    @property
    def node(self) -> str:
        """Whose it is."""
        return self.kid.partition("/")[0]

    @property
    def number(self) -> int:
        """The how manieth of its node and use."""
        return int(self.kid.rpartition("-")[2])

    @cached_property
    def public(self) -> OKPKey:
        """For use by joserfc."""
        return OKPKey.import_key(self.key)

    def speaks(self, at: datetime, *, skew: timedelta = timedelta()) -> bool:
        """Whether what is signed by it at `at`, or sealed for it, is to be trusted."""
        return self.covers(at, skew=skew) and (self.revoked_at is None or at < self.revoked_at)


class TrustedNode(BaseModel):
    """A node's public side."""

    model_config = ConfigDict(frozen=True)
    agency: Agency
    organisations: tuple[Spoken, ...] = ()
    keys: tuple[TrustedKey, ...] = ()


class TrustList(BaseModel):
    """All nodes of the network by name, and its local agreements. A later list has a higher serial.

    `versions`: of each agreement that was concluded by its parties' signatures, the highest that was ever in force.
    """

    model_config = ConfigDict(frozen=True)
    serial: int = Field(ge=1)
    contract: int = CONTRACT
    issued_at: AwareDatetime
    nodes: dict[str, TrustedNode]
    agreements: tuple[Agreement, ...] = ()
    versions: dict[str, Annotated[int, Field(ge=1)]] = {}

    @model_validator(mode="after")
    def _kids_are_their_nodes_own(self) -> Self:
        kids = [key.kid for node in self.nodes.values() for key in node.keys]
        own = all(key.node == name for name, node in self.nodes.items() for key in node.keys)
        if not own or len(set(kids)) != len(kids):
            raise ValueError("a key under another node's name, or twice")
        return self

    @field_validator("agreements")
    @classmethod
    def _each_agreement_once(cls, agreements: tuple[Agreement, ...]) -> tuple[Agreement, ...]:
        if len({agreement.id for agreement in agreements}) != len(agreements):
            raise ValueError("two agreements under one id")
        return agreements

    @cached_property
    def by_kid(self) -> dict[str, TrustedKey]:
        """Every key, valid or not."""
        return {key.kid: key for node in self.nodes.values() for key in node.keys}

    @cached_property
    def by_organisation(self) -> dict[str, list[tuple[str, Spoken]]]:
        """Which nodes speak, spoke or will speak for an organisation."""
        found: dict[str, list[tuple[str, Spoken]]] = {}
        for name, node in self.nodes.items():
            for spoken in node.organisations:
                found.setdefault(spoken.id, []).append((name, spoken))
        return found

    def at(self, moment: datetime) -> "TrustNow":
        """What it says of one moment."""
        return TrustNow(self, moment)


@dataclass(frozen=True)
class TrustNow:
    """The trust list at a moment: what is asked of it while one message or call is dealt with."""

    whole: TrustList
    moment: datetime

    @property
    def nodes(self) -> dict[str, TrustedNode]:
        """All nodes by name."""
        return self.whole.nodes

    def node_of(self, organisation: str) -> str | None:
        """The node that speaks for an organisation, or None if no node does."""
        spoken = self.whole.by_organisation.get(organisation, ())
        return next((node for node, period in spoken if period.covers(self.moment)), None)

    def organisations(self) -> dict[str, str]:
        """Every organisation that somebody speaks for, and its node."""
        known = ((organisation, self.node_of(organisation)) for organisation in self.whole.by_organisation)
        return {organisation: node for organisation, node in known if node is not None}

    def party(self, organisation: str) -> Party:
        """The organisation with its agency. Raises UntrustedSender for one that no node speaks for."""
        node = self.node_of(organisation)
        if node is None:
            raise UntrustedSender("no node of the network speaks for this organisation")
        return Party(self.nodes[node].agency, organisation)

    def keys(self, node: str, use: Use) -> list[TrustedKey]:
        """A node's keys of one use that are valid at the moment, newest first."""
        trusted = self.nodes.get(node)
        valid = [key for key in trusted.keys if key.use == use and key.speaks(self.moment)] if trusted else []
        return sorted(valid, key=lambda key: (key.valid_from, key.number), reverse=True)

    def encryption_key(self, node: str) -> TrustedKey:
        """What to seal with for a node. Raises UntrustedSender for one that is unknown or has no valid key."""
        for key in self.keys(node, "encrypt"):
            return key
        raise UntrustedSender("the trust list has no valid key to seal with for this node")


class _Spoken(BaseModel):
    """What is read first: of a list for another version nothing else need make sense here."""

    contract: int = 1


def read_operator_key(jwk: bytes) -> OKPKey:
    """The operator's public key. Raises SealError for anything but an Ed25519 key without its private part."""
    try:
        key = OKPKey.import_key(json.loads(jwk))
    except Exception as error:  # noqa: BLE001  # the library raises whatever it meets in a broken file
        raise SealError(f"the operator's key can't be read ({type(error).__name__})") from None
    if key.curve_name != "Ed25519" or key.is_private:
        raise SealError("the operator's key is not a public Ed25519 key")
    return key


def read_trust(token: bytes, *, operator: OKPKey) -> TrustList:
    """The trust list in a signed file.

    Raises SealError, also where its network speaks another version of the contract; or pydantic.ValidationError for a
    list that makes no sense.
    """

    def key_of(kid: str) -> OKPKey:
        if kid != OPERATOR:
            raise SealError("signed by somebody else than the operator")
        return operator

    payload = read_jws(token.strip(), kind=TRUST, key_of=key_of, largest=LARGEST_FILE).payload
    spoken = _Spoken.model_validate_json(payload).contract
    if spoken != CONTRACT:
        raise SealError(f"this network speaks version {spoken} of the contract, and this node version {CONTRACT}")
    return TrustList.model_validate_json(payload)


def take_trust(token: bytes, *, operator: OKPKey, current: TrustList | None) -> TrustList:
    """The list in a file, if it may replace the current one. Raises SealError for an older one: it would undo."""
    found = read_trust(token, operator=operator)
    if current is not None and found != current and found.serial <= current.serial:
        raise SealError("a trust list that is not newer than the one in use")
    return found
