"""What a stub can know of DNSSEC, and who may issue certificates for a domain (CAA).

A stub validates nothing itself. It can read the AD bit of an answer, which means something only
where the way to the resolver is safe, thus on this very machine, and where the resolver validates.
"""

from collections.abc import Iterator, Sequence
from ipaddress import ip_address

from mailwatch.model import Phrase, Subject, say, verbatim
from mailwatch.resolver.lookup import Lookup
from mailwatch.resolver.servers import Server
from mailwatch.sources.dns import metrics
from mailwatch.sources.dns.measured import Taken, measured, not_asked
from mailwatch.text.inert import inert_octets

_SIGNED = "com"
"""A name that is known to be signed."""
_SHOWN = 5


def is_on_this_machine(servers: Sequence[Server]) -> bool:
    """True when every server that is asked has a loopback address."""
    return bool(servers) and all(_is_loopback(server.host) for server in servers)


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


async def is_validating(lookup: Lookup, *, local: bool) -> bool:
    """True when the AD bit can be believed: it is there for a name that is known to be signed."""
    return local and (await lookup.get(_SIGNED, "TXT")).authenticated


async def measure_dnssec(domain: str, lookup: Lookup, *, local: bool) -> list[Taken]:
    """Whether the domain is `signed` or `unsigned`; `unknown` where nobody says so who can know."""
    subject = Subject.of(domain=domain)
    answer = await lookup.get(domain, "TXT")
    if answer.failure is not None:
        return not_asked([metrics.DNSSEC], subject, answer.failure)
    if not await is_validating(lookup, local=local):
        code = "dns.dnssec_not_validating" if local else "dns.dnssec_not_local"
        return [measured(metrics.DNSSEC, subject, "unknown", [say(code)])]
    return [measured(metrics.DNSSEC, subject, "signed" if answer.authenticated else "unsigned")]


async def measure_caa(domain: str, lookup: Lookup) -> list[Taken]:
    """Who may issue the certificate of mta-sts.`domain`: anybody (`open`), a few (`limited`), or
    nobody (`closed`)."""
    subject = Subject.of(domain=domain)
    for name in names_climbed(f"mta-sts.{domain}"):
        answer = await lookup.get(name, "CAA")
        if answer.failure is not None:
            return not_asked([metrics.CAA], subject, answer.failure)
        if answer.values:
            word, evidence = _caa(name, answer.values)
            return [measured(metrics.CAA, subject, word, evidence)]
    return [measured(metrics.CAA, subject, "open")]


def names_climbed(name: str) -> Iterator[str]:
    """The names that a CA asks, from `name` up to two labels (RFC 8659 §3). At most five: an
    absurdly long one is not followed to its end."""
    labels = name.split(".")
    for at in range(min(len(labels) - 1, 5)):
        yield ".".join(labels[at:])


def _caa(name: str, values: Sequence[str]) -> tuple[str, list[Phrase]]:
    evidence = [say("dns.caa_at", name=inert_octets(name))]
    evidence += [verbatim(inert_octets(value, 100)) for value in values[:_SHOWN]]
    properties = [value.split(" ", 2) for value in values]
    issuers = [parts[2].strip('"') for parts in properties if _tag(parts) == "issue"]
    if any(_tag(parts) == "issuevmc" for parts in properties):
        evidence.append(say("dns.caa_vmc"))
    if not issuers:
        return "open", evidence
    if any(issuer.partition(";")[0].strip() for issuer in issuers):
        return "limited", [*evidence, say("dns.caa_limited")]
    return "closed", [say("dns.caa_closed"), *evidence]


def _tag(parts: Sequence[str]) -> str:
    return parts[1].lower() if len(parts) == 3 else ""
