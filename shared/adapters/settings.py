"""The settings of one service, read from the environment (twelve-factor): QORGAU_<NAME>."""

from pathlib import Path
from typing import Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, ValidationInfo, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from shared.contract.errors import SettingsError
from shared.contract.vocabulary import Agency

LOOPBACK = ("127.0.0.1", "::1", "localhost")


def is_safe_address(where: str) -> bool:
    """Whether nobody on the way can change what is fetched there: https, or http to this host itself."""
    address = urlsplit(where)
    scheme = address.scheme.lower()
    return bool(address.hostname) and (scheme == "https" or (scheme == "http" and address.hostname in LOOPBACK))


class Settings(BaseSettings):
    """One service's settings. Durations are seconds, sizes bytes, files paths."""

    model_config = SettingsConfigDict(env_prefix="QORGAU_", frozen=True, hide_input_in_errors=True)

    agency: Agency = Field(description="whose service this is")
    node: str = Field(pattern=r"^[a-z0-9-]{2,40}$", description="this service's name in the network")
    database_url: str = Field(description="postgresql+asyncpg://…")
    database_password_file: Path | None = Field(default=None, description="a file with the password, if not in the URL")
    database_pool: int = Field(default=10, ge=1, description="connections kept; as many more are made in a rush")
    database_patience: float = Field(default=20.0, gt=0, description="a statement that takes longer has failed")
    calls_at_once: int = Field(default=40, ge=1, description="calls at work; one more is answered 503 at once")
    owner_url: str | None = Field(default=None, description="the same database as its owner: for `qorgau migrate` only")
    owner_password_file: Path | None = Field(default=None, description="a file with the owner's password")
    nats_url: str = Field(default="nats://127.0.0.1:4222", description="several servers of a cluster with commas")
    nats_seed_file: Path = Field(description="this node's NKEY seed")
    nats_ca_file: Path | None = Field(
        default=None, description="who signs the broker's certificate (PEM); with it nothing is said to it but by TLS"
    )
    nats_cert_file: Path | None = Field(default=None, description="this service's certificate for the broker (PEM)")
    nats_key_file: Path | None = Field(default=None, description="the key of that certificate (PEM)")
    keys_file: Path = Field(
        description="this node's private signing and encryption keys (JWK set); read again on change"
    )
    trust_file: Path = Field(description="who speaks for whom, and what was agreed, signed (JWS); read again on change")
    operator_key_file: Path = Field(description="the public key (JWK) of the network's operator, who signs that")
    organisations_file: Path = Field(description="the organisations that this service hosts")
    calendar_file: Path | None = Field(
        default=None, description="working days and days off that were decreed lately (CSV); read again on change"
    )
    vault_keys: str = Field(
        description="what wraps data keys. A JWK Set: file:<path>, env:<name>, command:<that prints it>; "
        "or kms:<program that wraps and unwraps>"
    )
    oidc_issuer: str = Field(
        default="https://issuer.qorgau.invalid",
        min_length=1,
        description="whose tokens are taken: an https address, as in `iss`",
    )
    oidc_audience: str = Field(default="qorgau", description="what `aud` of an access token has to name")
    oidc_jwks: str | None = Field(
        default=None, description="where the issuer's key set is, if not where it says: a file or an https address"
    )
    oidc_configuration: str | None = Field(
        default=None, description="what the issuer says of itself, if not at its well-known address: an https address"
    )
    oidc_claims_file: Path | None = Field(
        default=None, description="what the issuer's claims and groups mean here (JSON), if not `org` and `roles`"
    )
    oidc_client_id: str = Field(default="qorgau-desk", description="the desk's name at the issuer")
    oidc_client_secret_file: Path | None = Field(default=None, description="if the desk is a confidential client")
    oidc_scope: str = Field(
        default="openid profile", pattern=r"(^| )openid( |$)", description="what the desk asks the issuer for"
    )
    oidc_resource: str | None = Field(
        default=None, description="the API at the issuer, where the desk has to ask for it by an address (RFC 8707)"
    )
    desk_idle: float = Field(default=900.0, gt=60, description="a desk that nobody uses for so long is locked")
    desk_longest: float = Field(default=8 * 3600.0, gt=60, description="then one has to sign in again")
    desk_leave_to: str = Field(default="https://kk.wikipedia.org/", description="where 'leave quickly' leads")
    host: str = Field(default="127.0.0.1", description="the address that the service listens at")
    port: int = Field(default=8000, description="and its port")
    tls_cert_file: Path | None = Field(
        default=None, description="this service's own certificate (PEM), where no proxy before it does TLS"
    )
    tls_key_file: Path | None = Field(default=None, description="the key of that certificate (PEM)")
    tls_client_ca_file: Path | None = Field(
        default=None, description="who signs for callers (PEM): without such a certificate nobody is answered"
    )
    drain_seconds: float = Field(
        default=5.0, ge=0, description="told to stop, it says so at /health/ready for so long, and still takes calls"
    )
    public_url: str | None = Field(default=None, description="the address that the API page shows")
    max_body_bytes: int = Field(default=1_048_576, description="a larger body is answered 413")
    resend_after: float = Field(default=10.0, description="first wait for a receipt; doubles up to resend_at_most")
    resend_at_most: float = Field(default=600.0, description="longest wait for a receipt")
    announce_every: float = Field(default=60.0, description="directory and bed counts are announced again this often")
    checkpoint_every: float = Field(default=60.0, description="the record is signed for others this often, if it grew")
    notify_file: Path | None = Field(
        default=None, description="who is told by mail or webhook that something waits (JSON); read again on change"
    )
    notify_every: float = Field(default=900.0, gt=0, description="nobody is told oftener, but for what is urgent")
    notify_private: bool = Field(default=False, description="webhooks may lead to a private address")
    webhooks_private: bool = Field(
        default=False, description="webhooks that a supervisor sets up may lead to this host or a private address"
    )
    mail_host: str | None = Field(default=None, description="the mail server that takes what is told by mail (SMTP)")
    mail_port: int = Field(default=587, description="its port; with `tls` usually 465")
    mail_security: Literal["starttls", "tls", "none"] = Field(
        default="starttls", description="how the line is encrypted; none is for a server on this host"
    )
    mail_user: str | None = Field(default=None, description="the account at the mail server, if it wants one")
    mail_password_file: Path | None = Field(default=None, description="a file with that account's password")
    mail_from: str | None = Field(
        default=None, pattern=r"^[^@\s<>,;]+@[^@\s<>,;]+$", description="the sender's address"
    )
    otlp_endpoint: str | None = Field(default=None, description="OpenTelemetry collector, e.g. http://127.0.0.1:4318")

    @field_validator("oidc_jwks", "oidc_configuration", mode="before")
    @classmethod
    def _empty_is_none(cls, where: str | None) -> str | None:
        """Where a variable can't be left out (compose, a chart's values), it is left empty."""
        return where or None

    @field_validator("oidc_issuer", "oidc_jwks", "oidc_configuration")
    @classmethod
    def _not_in_the_clear(cls, where: str | None, info: ValidationInfo) -> str | None:
        """Raises SettingsError: whoever can change the key set on its way makes tokens for anybody."""
        if where and where.lower().startswith("http:") and not is_safe_address(where):
            name = f"QORGAU_{str(info.field_name).upper()}"
            raise SettingsError(f"{name}: http is for this host itself (127.0.0.1, ::1, localhost); use https")
        return where

    @model_validator(mode="after")
    def _no_id_token_opens(self) -> Self:
        """Raises SettingsError: what tells the desk who somebody is would be taken for what says what they may do."""
        if self.oidc_audience == self.oidc_client_id:
            raise SettingsError("QORGAU_OIDC_AUDIENCE: it has to be the API's own name, not that of the desk's client")
        return self

    @model_validator(mode="after")
    def _tls_is_whole(self) -> Self:
        """Raises SettingsError: half of it would serve in the clear what was meant to be closed."""
        if (self.tls_cert_file is None) != (self.tls_key_file is None):
            raise SettingsError("QORGAU_TLS_CERT_FILE and QORGAU_TLS_KEY_FILE go together")
        if self.tls_client_ca_file is not None and self.tls_cert_file is None:
            raise SettingsError("QORGAU_TLS_CLIENT_CA_FILE: needs QORGAU_TLS_CERT_FILE and QORGAU_TLS_KEY_FILE")
        return self

    @model_validator(mode="after")
    def _no_mail_in_the_clear(self) -> Self:
        """Raises SettingsError: a password and who is told are read by whoever listens on the way."""
        if self.mail_security == "none" and self.mail_host not in (None, *LOOPBACK):
            raise SettingsError("QORGAU_MAIL_SECURITY: none is for this host itself (127.0.0.1, ::1, localhost)")
        return self


def load() -> Settings:
    """The settings of this process. Raises SettingsError, or pydantic.ValidationError naming what is missing."""
    return Settings()
