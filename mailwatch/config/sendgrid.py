"""sendgrid: the SendGrid account."""

from collections.abc import Mapping
from dataclasses import field
from datetime import date
from types import MappingProxyType
from typing import Any, Literal

from mailwatch.config.addresses import parse_domain, parse_zone
from mailwatch.config.carriers import CARRIERS
from mailwatch.config.secret import SecretRef
from mailwatch.config.section import Origin, Settings
from mailwatch.frozen import dataclass
from mailwatch.text.inert import inert
from mailwatch.yamlfile.reader import Entries, Node, Scalar
from mailwatch.yamlfile.shape import (
    Fields,
    Listed,
    Nullable,
    Parsed,
    Schema,
    Shape,
    Spot,
    integer,
    one_of,
    text,
)

API_KEY_VARIABLE = "SENDGRID_API_KEY"
SENDGRID_URL = "https://api.sendgrid.com"
EU_URL = "https://api.eu.sendgrid.com"
SEGMENTS = ("subuser", "provider", "category")
LONGEST_NAME = 80
MOST_GROUPS = 50


@dataclass(frozen=True, slots=True)
class EuSubuser:
    """A subuser in the EU region, which only its own key on the EU's own host can read."""

    name: str
    api_key: SecretRef

    def __str__(self) -> str:
        return f"{self.name} ({self.api_key})"


@dataclass(frozen=True, slots=True)
class SendGridConfig:
    """The SendGrid account."""

    api_key: SecretRef = field(default_factory=lambda: SecretRef("env", API_KEY_VARIABLE))
    base_url: str = SENDGRID_URL
    timezone: str | None = None
    """The account's own zone (IANA name); no endpoint returns it."""
    window_days: int = 7
    segments: tuple[str, ...] = ()
    """The kinds of segments that are measured beside the whole account, of SEGMENTS."""
    subusers: tuple[str, ...] | Literal["all"] = "all"
    eu_subusers: tuple[EuSubuser, ...] = ()
    eu_base_url: str = EU_URL
    recipient_domains: bool = True
    """Read the lists of bounces, blocks, invalid addresses and spam reports, and count domains."""
    recipient_groups: Mapping[str, tuple[str, ...]] = field(
        default_factory=lambda: MappingProxyType(dict(CARRIERS))
    )
    """Recipient domains by group; the bounce rate without them is a figure of its own."""
    account_health: bool = True
    """Read the plan's credits, the engagement quality score and the IP addresses."""
    warmup_start: date | None = None
    """The first day of a warm-up that is still going on."""
    warmup_target: int | None = None
    """Messages a day at which it is over."""
    audit: bool = True
    """Whether the account's settings are looked at."""
    revalidate: bool = field(default=False, metadata={"from": "command line"})
    """Whether SendGrid is asked to validate the domains first, which changes its records. Only the
    command line can say so."""

    def group_of(self) -> dict[str, str]:
        """The group of each recipient domain that is in one."""
        return {d: name for name, domains in self.recipient_groups.items() for d in domains}


def _read_switch(value: str) -> bool:
    if value not in ("true", "false"):
        raise ValueError("is neither true nor false")
    return value == "true"


_SWITCH = Parsed(_read_switch, "true or false", {"type": "boolean"})


class _AllOrNamed:
    """The word `all`, or a list of names."""

    _names = Listed(text(LONGEST_NAME), least=1, name=str)

    def read(self, node: Node, spot: Spot) -> Any:
        return (one_of("all") if isinstance(node, Scalar) else self._names).read(node, spot)

    def schema(self) -> Schema:
        return {"anyOf": [one_of("all").schema(), self._names.schema()]}


class _Groups:
    """A mapping from the names of groups to lists of domains; an empty list removes a group."""

    _domains = Listed(Parsed(parse_domain, "a domain, such as example.com"), name=str)

    def read(self, node: Node, spot: Spot) -> dict[str, tuple[str, ...]]:
        if not isinstance(node, Entries):
            raise spot.error(node, "is not a mapping", "Write group: [example.com, example.org].")
        if len(node.entries) > MOST_GROUPS:
            raise spot.error(node, f"has more than {MOST_GROUPS} groups")
        return {
            inert(key.text, LONGEST_NAME): self._domains.read(
                value, spot.under(inert(key.text, LONGEST_NAME))
            )
            for key, value in node.entries
        }

    def schema(self) -> Schema:
        return {"type": "object", "additionalProperties": self._domains.schema()}


def shape(origin: Origin) -> Shape:
    """The account's key, address, time zone and window."""
    return Nullable(
        Fields(
            {
                "api_key": origin.secret(),
                "base_url": origin.url("sendgrid.com"),
                "timezone": Nullable(Parsed(parse_zone, "a time zone, such as Asia/Tokyo")),
                "window_days": integer(1, 90),
                "segments": Listed(one_of(*SEGMENTS), name=str),
                "subusers": _AllOrNamed(),
                "eu_subusers": Listed(
                    Fields(
                        {"name": text(LONGEST_NAME), "api_key": origin.secret()},
                        required=("name", "api_key"),
                    )
                ),
                "eu_base_url": origin.url("sendgrid.com"),
                "recipient_domains": _SWITCH,
                "recipient_groups": _Groups(),
                "account_health": _SWITCH,
                "warmup_target": Nullable(integer(1)),
                "warmup_start": Nullable(
                    Parsed(date.fromisoformat, "a day as YYYY-MM-DD, such as 2026-11-24")
                ),
                "audit": _SWITCH,
            }
        )
    )


def settings(written: Any, environment: Mapping[str, str]) -> Settings:
    """The account; None where neither the file nor SENDGRID_API_KEY configures it."""
    in_environment = bool(environment.get(API_KEY_VARIABLE))
    if written is None and not in_environment:
        return Settings(None)
    written = dict(written or {})
    if "eu_subusers" in written:
        written["eu_subusers"] = tuple(EuSubuser(**one) for one in written["eu_subusers"])
    if "recipient_groups" in written:
        groups = {**CARRIERS, **written["recipient_groups"]}
        written["recipient_groups"] = MappingProxyType(
            {name: domains for name, domains in groups.items() if domains}
        )
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
        "#   segments: [subuser, provider, category]  # each judged by itself\n"
        "#   subusers: all              # or a list of names\n"
    )
