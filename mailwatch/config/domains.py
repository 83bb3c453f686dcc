"""domains: the domains to watch."""

import json
from collections.abc import Mapping, Sequence
from operator import itemgetter
from typing import Any

from mailwatch.config.addresses import parse_domain, parse_ip, parse_selector
from mailwatch.config.section import Origin, Settings
from mailwatch.frozen import dataclass
from mailwatch.yamlfile.shape import Fields, Listed, Nullable, Parsed, Shape


@dataclass(frozen=True, slots=True)
class Domain:
    """A domain to watch; its name in ASCII (A-labels), lower case, without the final dot."""

    name: str
    dkim_selectors: tuple[str, ...] = ()
    sending_ips: tuple[str, ...] = ()
    """Its dedicated addresses."""
    return_path: str | None = None
    """The domain of the envelope sender, as em123.example.com."""
    dkim_domain: str | None = None
    """The d= of its signatures; None: the domain itself."""


EXAMPLE = Domain("example.com", ("s1", "s2"))
"""What a new file has where nothing was given. The selectors are those that SendGrid uses."""


def shape(origin: Origin) -> Shape:
    """A list of names with their DKIM selectors."""
    selector = Parsed(parse_selector, "a DKIM selector, such as s1", repeats=False)
    name = Parsed(parse_domain, "a domain name, such as example.com", repeats=False)
    address = Parsed(parse_ip, "an IP address, such as 192.0.2.10", repeats=False)
    domain = Fields(
        {
            "name": name,
            "dkim_selectors": Nullable(Listed(selector, name=str)),
            "sending_ips": Nullable(Listed(address, name=str)),
            "return_path": Nullable(name),
            "dkim_domain": Nullable(name),
        },
        required=("name",),
    )
    return Nullable(Listed(domain, name=itemgetter("name")))


def settings(written: Any, environment: Mapping[str, str]) -> Settings:
    """The domains, as a tuple."""
    return Settings(
        tuple(
            Domain(
                one["name"],
                one.get("dkim_selectors") or (),
                one.get("sending_ips") or (),
                one.get("return_path"),
                one.get("dkim_domain"),
            )
            for one in written or ()
        )
    )


def template(environment: Mapping[str, str]) -> str:
    """An example to replace."""
    return written_out((EXAMPLE,))


def written_out(domains: Sequence[Domain]) -> str:
    """The section with these domains."""
    lines = ["domains:"]
    for domain in domains:
        lines.append(f"  - name: {domain.name}")
        lines.append(f"    dkim_selectors: [{', '.join(domain.dkim_selectors)}]")
        if domain.sending_ips:
            lines.append(f"    sending_ips: [{', '.join(map(json.dumps, domain.sending_ips))}]")
    return "\n".join(lines) + "\n"
