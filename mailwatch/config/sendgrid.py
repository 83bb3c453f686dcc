"""sendgrid: the SendGrid account."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from mailwatch.config.addresses import parse_zone
from mailwatch.config.secret import SecretRef
from mailwatch.config.section import Origin, Settings
from mailwatch.yamlfile.shape import Fields, Nullable, Parsed, Shape, integer

API_KEY_VARIABLE = "SENDGRID_API_KEY"
SENDGRID_URL = "https://api.sendgrid.com"


@dataclass(frozen=True, slots=True)
class SendGridConfig:
    """The SendGrid account."""

    api_key: SecretRef = field(default_factory=lambda: SecretRef("env", API_KEY_VARIABLE))
    base_url: str = SENDGRID_URL
    timezone: str | None = None
    """The account's own zone (IANA name); no endpoint returns it."""
    window_days: int = 7
    audit: bool = True
    """Whether the account's settings are looked at."""
    revalidate: bool = field(default=False, metadata={"from": "command line"})
    """Whether SendGrid is asked to validate the domains first, which changes its records. Only the
    command line can say so."""


def shape(origin: Origin) -> Shape:
    """The account's key, address, time zone and window."""
    return Nullable(
        Fields(
            {
                "api_key": origin.secret(),
                "base_url": origin.url("sendgrid.com"),
                "timezone": Nullable(Parsed(parse_zone, "a time zone, such as Asia/Tokyo")),
                "window_days": integer(1, 90),
                "audit": Parsed(_parse_switch, "true or false", {"type": "boolean"}),
            }
        )
    )


def _parse_switch(text: str) -> bool:
    if text not in ("true", "false"):
        raise ValueError("is neither true nor false")
    return text == "true"


def settings(written: Any, environment: Mapping[str, str]) -> Settings:
    """The account; None where neither the file nor SENDGRID_API_KEY configures it."""
    in_environment = bool(environment.get(API_KEY_VARIABLE))
    if written is None and not in_environment:
        return Settings(None)
    written = written or {}
    defaulted = in_environment and "api_key" not in written
    return Settings(SendGridConfig(**written), frozenset({"sendgrid.api_key"} if defaulted else ()))


def template(environment: Mapping[str, str]) -> str:
    """Switched on where the key is in the environment. The time zone is not guessed."""
    off = "" if environment.get(API_KEY_VARIABLE) else "# "
    return (
        f"{off}sendgrid:\n"
        f"{off}  api_key: env:{API_KEY_VARIABLE}\n"
        f"{off}  window_days: 7             # rates are counted over this many days\n"
        "#   timezone: Asia/Tokyo       # the account's own: Settings, Account Details\n"
    )
