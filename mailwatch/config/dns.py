"""dns: the name servers to ask."""

from collections.abc import Mapping
from typing import Any

from mailwatch.config.addresses import parse_nameserver
from mailwatch.config.section import Origin, Settings
from mailwatch.frozen import dataclass
from mailwatch.yamlfile.shape import Fields, Listed, Nullable, Parsed, Shape


@dataclass(frozen=True, slots=True)
class DnsConfig:
    """Name servers as `HOST` or `HOST:PORT`; none: the system's."""

    nameservers: tuple[str, ...] = ()


def shape(origin: Origin) -> Shape:
    """A list of servers."""
    server = Parsed(parse_nameserver, "HOST or HOST:PORT", repeats=False)
    return Nullable(Fields({"nameservers": Nullable(Listed(server))}))


def settings(written: Any, environment: Mapping[str, str]) -> Settings:
    """Never None: without the section the system's servers are asked."""
    return Settings(DnsConfig((written or {}).get("nameservers") or ()))


def template(environment: Mapping[str, str]) -> str:
    """Commented out."""
    return "# dns:\n#   nameservers: [127.0.0.1]   # default: the system's\n"
