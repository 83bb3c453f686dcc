"""serve: who may read the pages, and who may send events."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from mailwatch.config.secret import SecretRef
from mailwatch.config.section import Origin, Settings
from mailwatch.frozen import dataclass
from mailwatch.text.inert import inert
from mailwatch.yamlfile.shape import Fields, Listed, Nullable, Parsed, Shape, integer

MAX_AGE_MINUTES = 5
"""As the Standard Webhooks specification has it; SendGrid recommends nothing."""
_HOST = re.compile(r"[a-z0-9]([a-z0-9.-]{0,252})|\[?[0-9a-f:.]{2,45}\]?")
_KEY = re.compile(r"[A-Za-z0-9+/]{40,400}={0,2}")
_SUBUSER = re.compile(r"[A-Za-z0-9._@+-]{1,100}")


@dataclass(frozen=True, slots=True)
class SubuserKey:
    """The public key of a subuser's own Event Webhook."""

    name: str
    public_key: "str | SecretRef"

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True)
class ServeConfig:
    """The pages and the Event Webhook."""

    token: SecretRef | None = None
    hosts: tuple[str, ...] = ()
    """Names under which the pages may be asked for, beside those of this machine."""
    webhook_public_key: "str | SecretRef | None" = None
    webhook_subusers: tuple[SubuserKey, ...] = ()
    webhook_max_age_minutes: int = MAX_AGE_MINUTES


def parse_host(text: str) -> str:
    """The host name or address `text`, lower case. Raises ValueError."""
    host = text.strip().lower().removesuffix(".")
    if not _HOST.fullmatch(host):
        raise ValueError(f"{inert(text, 80)} is not a host name such as mail.example.com")
    return host.strip("[]")


def _subuser(text: str) -> str:
    if not _SUBUSER.fullmatch(text):
        raise ValueError("is not a subuser's name")
    return text


def parse_public_key(text: str, refer: Callable[[str], SecretRef]) -> "str | SecretRef":
    """A public key as SendGrid shows it, or where it is, which `refer` reads. Raises ValueError."""
    text = text.strip()
    if text.partition(":")[0] in ("env", "file", "cmd"):
        return refer(text)
    if not _KEY.fullmatch(text):
        raise ValueError("is not a public key as SendGrid shows it (MFkwEwYH…)")
    return text


def shape(origin: Origin) -> Shape:
    """Token, hosts and public keys. A public key is no secret, and may be written out."""
    secret = origin.secret()
    public_key = Parsed(
        lambda text: parse_public_key(text, secret.parse),
        "the public key that SendGrid shows, env:NAME or file:PATH",
    )
    subuser = Fields(
        {"name": Parsed(_subuser, "a subuser's name"), "public_key": public_key},
        required=("name", "public_key"),
    )
    return Nullable(
        Fields(
            {
                "token": Nullable(secret),
                "hosts": Nullable(Listed(Parsed(parse_host, "a host name"), name=str)),
                "webhook_public_key": Nullable(public_key),
                "webhook_subusers": Nullable(Listed(subuser, name=lambda item: str(item["name"]))),
                "webhook_max_age_minutes": integer(1, 1440),
            }
        )
    )


def settings(written: Any, environment: Mapping[str, str]) -> Settings:
    """Never None: the pages need no section."""
    values = {name: value for name, value in (written or {}).items() if value is not None}
    if "webhook_subusers" in values:
        values["webhook_subusers"] = tuple(
            SubuserKey(**subuser) for subuser in values["webhook_subusers"]
        )
    return Settings(ServeConfig(**values))


def template(environment: Mapping[str, str]) -> str:
    """Commented out."""
    return (
        "# serve:                       # pages, and SendGrid's Event Webhook\n"
        "#   token: env:MAILWATCH_TOKEN # needed where other machines can connect\n"
        "#   webhook_public_key: file:sendgrid-webhook.pub\n"
    )
