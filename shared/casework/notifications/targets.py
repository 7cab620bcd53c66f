"""Who is told, as the file says that `QORGAU_NOTIFY_FILE` names: an address for mail or a webhook, per organisation."""

import hashlib
from collections.abc import Callable
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, model_validator

from shared.adapters import webhook
from shared.adapters.settings import Settings
from shared.adapters.trust import Node
from shared.casework.notifications.kinds import Language
from shared.contract.errors import SettingsError


class Target(BaseModel):
    """One address: each is told, and tried again, by itself."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)
    organisation: str
    languages: tuple[Language, ...] = Field(default=("kk", "ru"), min_length=1)  # of a mail
    mail: str | None = Field(default=None, pattern=r"^[^@\s<>,;:\"]+@[^@\s<>,;:\"]+$")
    webhook: str | None = None
    secret_file: Path | None = None

    @model_validator(mode="after")
    def _one_way(self) -> "Target":
        """Raises SettingsError: a target is told in one way, and a webhook's word is signed."""
        if (self.mail is None) == (self.webhook is None):
            raise SettingsError("a target needs either mail or webhook")
        if (self.webhook is None) != (self.secret_file is None):
            raise SettingsError("a webhook, and nothing else, needs a secret_file")
        if self.webhook is not None and self.secret_file is not None:
            webhook.check(self.webhook)
            webhook.read_secret(self.secret_file)
        return self

    @property
    def way(self) -> str:
        """How it is told."""
        return "mail" if self.mail else "webhook"

    @property
    def key(self) -> str:
        """What the database calls it: no address is kept there."""
        whole = f"{self.organisation} {self.way} {self.mail or self.webhook}"
        return hashlib.sha256(whole.encode()).hexdigest()


Targets = tuple[Target, ...]
_FILE = TypeAdapter(Targets)


def reading(settings: Settings, node: Node) -> Callable[[bytes, Targets | None], Targets]:
    """How the file is read. What it returns raises SettingsError, OSError or ValueError for one that is no good."""

    def take(raw: bytes, _: Targets | None) -> Targets:
        targets = _FILE.validate_json(raw)
        if any(not node.hosts(target.organisation) for target in targets):
            raise SettingsError("the file of who is told names an organisation that is not hosted here")
        if any(target.mail for target in targets) and not (settings.mail_host and settings.mail_from):
            raise SettingsError("who is told by mail needs QORGAU_MAIL_HOST and QORGAU_MAIL_FROM")
        return tuple({target.key: target for target in targets}.values())

    return take
