"""blocklist: the DNS blocklists to ask. Without the section none is asked."""

from collections.abc import Mapping
from typing import Any

from mailwatch.config.section import Origin, Settings
from mailwatch.frozen import dataclass
from mailwatch.yamlfile.shape import Fields, Listed, Nullable, Shape, one_of


@dataclass(frozen=True, slots=True)
class BlocklistConfig:
    """The zones of the lists; none: all that are known."""

    zones: tuple[str, ...] = ()


def shape(origin: Origin) -> Shape:
    """A list of zones."""
    from mailwatch.sources.blocklist.lists import LISTS

    return Nullable(Fields({"zones": Nullable(Listed(one_of(*LISTS), name=str))}))


def settings(written: Any, environment: Mapping[str, str]) -> Settings:
    """The lists, or None without the section."""
    if written is None:
        return Settings(None)
    return Settings(BlocklistConfig(written.get("zones") or ()))


def template(environment: Mapping[str, str]) -> str:
    """Commented out."""
    return (
        "# blocklist:                   # asks about your domains and sending_ips\n"
        "#   zones: [zen.spamhaus.org, dbl.spamhaus.org]   # default: all known\n"
    )
