"""What the issuer says of itself: where its keys are, and where one signs in (OpenID Connect Discovery 1.0).

With its address alone all else is found. Whoever can change what is said on its way makes tokens for anybody: so it
comes by https or from this host itself, and so does all that it points at.
"""

import time
from typing import Annotated

import httpx
import structlog
from pydantic import AfterValidator, BaseModel, ConfigDict, ValidationError

from shared.adapters.settings import Settings, is_safe_address
from shared.contract.errors import Problem

log = structlog.get_logger()
WELL_KNOWN = "/.well-known/openid-configuration"
LIVES_SECONDS = 300.0
TIMEOUT_SECONDS = 5
RETRY = {"Retry-After": "5"}


def _safe(where: str) -> str:
    if not is_safe_address(where):
        raise ValueError("not https, and not this host itself")
    return where


Address = Annotated[str, AfterValidator(_safe)]


class Configuration(BaseModel):
    """What is used here of the issuer's metadata (section 3)."""

    model_config = ConfigDict(frozen=True, strict=True, hide_input_in_errors=True)

    issuer: str
    jwks_uri: Address
    authorization_endpoint: Address | None = None
    token_endpoint: Address | None = None


class Issuer:
    """The issuer of the settings. What it says is asked for again after some minutes."""

    def __init__(self, settings: Settings) -> None:
        self.name = settings.oidc_issuer
        self.where = settings.oidc_configuration or self.name.rstrip("/") + WELL_KNOWN
        self._known: Configuration | None = None
        self._asked = -LIVES_SECONDS

    async def configuration(self) -> Configuration:
        """What it says. Raises Problem 503 where it can't be reached, or what is found there is not to be trusted."""
        if self._known is None or time.monotonic() - self._asked > LIVES_SECONDS:
            found = await self._fetch()
            if found.issuer != self.name:  # section 4.3: exactly
                log.warning("issuer.another", where=self.where)
                raise Problem(503, "issuer-unreachable", "the provider's configuration is another issuer's")
            self._known, self._asked = found, time.monotonic()
        return self._known

    async def _fetch(self) -> Configuration:
        try:
            async with httpx.AsyncClient(timeout=TIMEOUT_SECONDS) as client:
                answer = (await client.get(self.where)).raise_for_status()
            return Configuration.model_validate_json(answer.content)
        except httpx.HTTPError as error:
            log.warning("issuer.unreachable", error=type(error).__name__)
            raise Problem(
                503, "issuer-unreachable", "the provider can't be reached; try again", headers=RETRY
            ) from None
        except ValidationError as error:
            wrong = sorted({str(one["loc"][0]) if one["loc"] else "document" for one in error.errors()})
            log.warning("issuer.refused", wrong=wrong)
            raise Problem(503, "issuer-unreachable", "the provider's configuration can't be used") from None
