"""This service in the network: its name, its own keys, and whom it trusts, each as the files say now."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property, partial
from pathlib import Path
from typing import Any

from joserfc.jwk import OKPKey
from pydantic import BaseModel, ConfigDict

from shared.adapters.calendar_file import read_calendar
from shared.adapters.trust_list import TrustedKey, TrustList, TrustNow, read_operator_key, take_trust
from shared.adapters.watched import Watched
from shared.contract.agreement import Agreement
from shared.contract.calendar import PUBLISHED, Calendar, local_day
from shared.contract.errors import SealError, UntrustedSender
from shared.contract.vocabulary import Agency


class PrivateKeys(BaseModel):
    """A node's private side: a JWK set (RFC 7517) of all the keys it has, old ones too until they are taken out."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)
    keys: tuple[dict[str, Any], ...]

    @cached_property
    def by_kid(self) -> dict[str, OKPKey]:
        """For use by joserfc."""
        return {str(key["kid"]): OKPKey.import_key(key) for key in self.keys}


@dataclass(frozen=True)
class Node:
    """Frozen, but its keys and its trust change under it when their files do."""

    name: str
    agency: Agency
    clock: Callable[[], datetime]
    own: Watched[PrivateKeys]
    others: Watched[TrustList]
    decreed: Watched[Calendar] | None = None

    @property
    def trust(self) -> TrustNow:
        """Who speaks for whom now."""
        return self.others.now().at(self.clock())

    @property
    def agreements(self) -> tuple[Agreement, ...]:
        """The local agreements that narrow what may leave and arrive."""
        return self.others.now().agreements

    @property
    def calendar(self) -> Calendar:
        """The business days as they are known today: what is decreed to be known later does not count yet."""
        return self.decreed.now().known_on(local_day(self.clock())) if self.decreed is not None else PUBLISHED

    def hosts(self, organisation: str) -> bool:
        """Whether this service speaks for an organisation."""
        return self.trust.node_of(organisation) == self.name

    def signing_key(self) -> tuple[str, OKPKey]:
        """The newest of our keys that others trust now, with its kid. Raises UntrustedSender where there is none."""
        for look in (False, True):
            held = self.own.now(look=look).by_kid
            for key in self.others.now(look=look).at(self.clock()).keys(self.name, "sign"):
                if key.kid in held:
                    return key.kid, held[key.kid]
        raise UntrustedSender("this node has no key that the trust list lets it sign with")

    def decryption_key(self, kid: str) -> OKPKey:
        """One of our own, revoked or ended ones too: what was sealed for it is still for us. Raises SealError."""
        key = self.own.now().by_kid.get(kid) or self.own.now(look=True).by_kid.get(kid)
        if key is None or key.curve_name != "X25519":
            raise SealError("for a key that this node does not have")
        return key

    def trusted_key(self, kid: str) -> TrustedKey:
        """A key of the trust list, valid or not; looks at the file at once for one it has not heard of.

        Raises UntrustedSender for an unknown one, and for one that is not for signing.
        """
        key = self.others.now().by_kid.get(kid) or self.others.now(look=True).by_kid.get(kid)
        if key is None or key.use != "sign":
            raise UntrustedSender("signed with a key that the trust list does not know")
        return key


def load_node(
    name: str,
    agency: Agency,
    keys_file: Path,
    trust_file: Path,
    operator_key_file: Path,
    *,
    calendar_file: Path | None = None,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> Node:
    """Read this node's files. Raises OSError, QorgauError or pydantic.ValidationError: then it can't start."""
    operator = read_operator_key(operator_key_file.read_bytes())
    own = Watched(keys_file, name="keys", take=lambda raw, _: _keys(raw))
    others = Watched(trust_file, name="trust", take=partial(_trust, operator))
    decreed = Watched(calendar_file, name="calendar", take=read_calendar) if calendar_file is not None else None
    return Node(name, agency, clock, own, others, decreed)


def _keys(raw: bytes) -> PrivateKeys:
    """Raises ValueError before a file that can't be used is taken."""
    keys = PrivateKeys.model_validate(json.loads(raw))
    if not all(key.is_private for key in keys.by_kid.values()):
        raise ValueError("a public key among the private ones")
    return keys


def _trust(operator: OKPKey, raw: bytes, current: TrustList | None) -> TrustList:
    return take_trust(raw, operator=operator, current=current)
