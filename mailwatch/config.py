"""mailwatch.yaml: what to watch, and where the secrets are."""

from dataclasses import dataclass, field

from mailwatch.secret import SecretRef

SENDGRID_URL = "https://api.sendgrid.com"
POSTMASTER_URL = "https://gmailpostmastertools.googleapis.com/"


@dataclass(frozen=True, slots=True)
class Domain:
    """A domain to watch; its name in ASCII (A-labels), lower case, without the final dot."""

    name: str
    dkim_selectors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SendGridConfig:
    """The SendGrid account."""

    api_key: SecretRef | None = None
    base_url: str = SENDGRID_URL
    timezone: str | None = None
    """The account's own zone (IANA name); no endpoint tells it."""
    window_days: int = 7


@dataclass(frozen=True, slots=True)
class PostmasterConfig:
    """Gmail Postmaster Tools."""

    credentials: SecretRef | None = None
    subject: str | None = None
    """Whom a service account acts for."""
    endpoint: str = POSTMASTER_URL


@dataclass(frozen=True, slots=True)
class DnsConfig:
    """Name servers as `HOST` or `HOST:PORT`; none: the system's."""

    nameservers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Config:
    """Everything that a run needs to know. A source's part is None where it is not configured."""

    domains: tuple[Domain, ...] = ()
    sendgrid: SendGridConfig | None = None
    postmaster: PostmasterConfig | None = None
    dns: DnsConfig = field(default_factory=DnsConfig)
