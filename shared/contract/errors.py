"""The errors that the project raises itself.

    QorgauError
    ├── Problem            what a caller of the REST API did wrong, or can't have: an RFC 9457 problem
    ├── SealError          a message that can't be opened or whose signature does not hold
    ├── UntrustedSender    a message whose sender may not say what it says
    ├── VaultError         text at rest that can't be opened: changed, moved, or its key is not here
    └── SettingsError      the service can't start as it is configured

Messages never carry case data: they name fields, rules and states, not their contents.
"""

from dataclasses import dataclass, field


class QorgauError(Exception):
    """The root of the tree."""


@dataclass
class Problem(QorgauError):
    """An answer of the REST API other than success (RFC 9457). `kind` is the last part of its type URI.

    `detail` names values of `extra` as `%(name)s`, so that it is one sentence, to be translated, whatever they are.
    """

    status: int
    kind: str
    detail: str
    extra: dict[str, object] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def told(self) -> str:
        """The detail with its values."""
        return self.detail % self.extra


class SealError(QorgauError):
    """Not a message of this network, not for this node, or changed on the way."""


class UntrustedSender(QorgauError):
    """The signature holds, but its owner does not speak for the organisation that the message names."""


class VaultError(QorgauError):
    """Sealed text was changed or moved, or its key is not here. Not for erased text: that reads as nothing."""


class SettingsError(QorgauError):
    """A setting is missing or wrong; the message names it."""
