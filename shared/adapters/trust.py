"""Who speaks for whom: the trust list of the network, and this node's own keys.

The trust list names for each node its agency, its organisations and its public keys (RFC 7517, RFC 8037).
"""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from joserfc.jwk import OKPKey
from pydantic import BaseModel, ConfigDict

from shared.contract.agreement import Agreement
from shared.contract.conditions import Party
from shared.contract.errors import UntrustedSender
from shared.contract.vocabulary import Agency


class TrustedNode(BaseModel):
    """A node's public side."""

    model_config = ConfigDict(frozen=True)
    agency: Agency
    organisations: tuple[str, ...]
    signing_key: dict[str, Any]
    encryption_key: dict[str, Any]


class TrustList(BaseModel):
    """All nodes of the network by name."""

    model_config = ConfigDict(frozen=True)
    nodes: dict[str, TrustedNode]

    @cached_property
    def _node_of(self) -> dict[str, str]:
        return {organisation: name for name, node in self.nodes.items() for organisation in node.organisations}

    @cached_property
    def _keys(self) -> dict[tuple[str, str], OKPKey]:
        return {
            (name, use): OKPKey.import_key(key)
            for name, node in self.nodes.items()
            for use, key in (("sign", node.signing_key), ("encrypt", node.encryption_key))
        }

    def node_of(self, organisation: str) -> str | None:
        """The node that speaks for an organisation, or None if the network does not know it."""
        return self._node_of.get(organisation)

    def party(self, organisation: str) -> Party:
        """The organisation with its agency. Raises UntrustedSender for one that no node speaks for."""
        node = self.node_of(organisation)
        if node is None:
            raise UntrustedSender("no node of the network speaks for this organisation")
        return Party(self.nodes[node].agency, organisation)

    def verifying_key(self, node: str) -> OKPKey:
        """A node's public signing key. Raises UntrustedSender for an unknown node."""
        return self._key(node, "sign")

    def encryption_key(self, node: str) -> OKPKey:
        """A node's public encryption key. Raises UntrustedSender for an unknown node."""
        return self._key(node, "encrypt")

    def _key(self, node: str, use: str) -> OKPKey:
        key = self._keys.get((node, use))
        if key is None:
            raise UntrustedSender("the trust list does not know this node")
        return key


class PrivateKeys(BaseModel):
    """A node's private side (JWK)."""

    model_config = ConfigDict(frozen=True)
    signing: dict[str, Any]
    encryption: dict[str, Any]

    @cached_property
    def signing_key(self) -> OKPKey:
        """Ed25519."""
        return OKPKey.import_key(self.signing)

    @cached_property
    def decryption_key(self) -> OKPKey:
        """X25519."""
        return OKPKey.import_key(self.encryption)


@dataclass(frozen=True)
class Node:
    """This service in the network: its name, agency and keys, and whom it trusts."""

    name: str
    agency: Agency
    keys: PrivateKeys
    trust: TrustList
    agreements: tuple[Agreement, ...] = ()

    def hosts(self, organisation: str) -> bool:
        """Whether this service speaks for an organisation."""
        return self.trust.node_of(organisation) == self.name


def load_node(name: str, agency: Agency, keys_file: Path, trust_file: Path) -> Node:
    """Read this node's keys and the trust list. Raises OSError or pydantic.ValidationError."""
    keys = PrivateKeys.model_validate_json(keys_file.read_bytes())
    return Node(name, agency, keys, TrustList.model_validate_json(trust_file.read_bytes()))
