"""The hosts that take a domain's mail: addresses (RFC 5321 §5.1) and TLSA records (RFC 7672)."""

import asyncio
import re
from collections.abc import Sequence

from mailwatch.model import Phrase, Subject, say, verbatim
from mailwatch.resolver.lookup import Answer, Lookup
from mailwatch.sources.dns import metrics
from mailwatch.sources.dns.measured import Taken, measured, not_asked
from mailwatch.sources.dns.mx import by_preference
from mailwatch.text.inert import inert_octets

_MOST = 10
"""Hosts that are looked at, the preferred ones first."""
_IP_LITERAL = re.compile(r"\[?(?:[0-9]{1,3}(?:\.[0-9]{1,3}){3}|[0-9a-f]*:[0-9a-f:]+)\]?")
_TLSA = re.compile(r"(?P<usage>\d+) (?P<selector>\d+) (?P<matching>\d+) (?P<data>[0-9a-f]*)")
_DIGEST = {"1": 64, "2": 128}
"""Hexadecimal digits of a digest, by matching type: SHA-256 and SHA-512 (RFC 6698 §2.1.3)."""


async def measure_mx_hosts(domain: str, lookup: Lookup) -> list[Taken]:
    """Whether every MX host can be reached: `sound`, `alias`, `flawed` or `unreachable`.

    Nothing where the domain has no MX or a null one: `measure_mx` says so.
    """
    subject = Subject.of(domain=domain)
    hosts = await _hosts(domain, lookup)
    if not hosts:
        return []
    pairs = await asyncio.gather(*(_addresses(host, lookup) for host in hosts[:_MOST]))
    found = dict(zip(hosts[:_MOST], pairs, strict=True))
    flaws = {host: flaw for host in found if (flaw := _flaw(host, found[host])) is not None}
    evidence = [*flaws.values(), *(verbatim(inert_octets(host)) for host in found)]
    if len(hosts) > _MOST:
        evidence.append(say("dns.more", n=len(hosts) - _MOST))
    reachable = [host for host in found if any(answer.values for answer in found[host])]
    failures = [a.failure for host in found for a in found[host] if a.failure is not None]
    if failures and not reachable:
        return not_asked([metrics.MX_HOSTS], subject, failures[0], evidence)
    return [measured(metrics.MX_HOSTS, subject, _word(reachable, flaws), evidence)]


def _word(reachable: Sequence[str], flaws: dict[str, Phrase]) -> str:
    if not reachable:
        return "unreachable"
    if not flaws:
        return "sound"
    return "alias" if {flaw.code for flaw in flaws.values()} == {"dns.mx_alias"} else "flawed"


async def _hosts(domain: str, lookup: Lookup) -> list[str]:
    """The MX hosts, the preferred first; none for a null MX (RFC 7505)."""
    answer = await lookup.get(domain, "MX")
    hosts = [value.partition(" ")[2] for value in sorted(answer.values, key=by_preference)]
    return [] if hosts == ["."] else list(dict.fromkeys(hosts))


async def _addresses(host: str, lookup: Lookup) -> tuple[Answer, ...]:
    if host == "." or _IP_LITERAL.fullmatch(host):
        return ()
    return tuple(await asyncio.gather(lookup.get(host, "A"), lookup.get(host, "AAAA")))


def _flaw(host: str, answers: Sequence[Answer]) -> Phrase | None:
    shown = inert_octets(host)
    if host == ".":
        return say("dns.mx_null_beside")
    if not answers:
        return say("dns.mx_literal", host=shown)
    if all(answer.absent for answer in answers):
        return say("dns.mx_no_address", host=shown)
    alias = next((answer.chain[0] for answer in answers if answer.chain), None)
    return say("dns.mx_alias", host=shown, target=inert_octets(alias)) if alias else None


async def measure_mx_tlsa(domain: str, lookup: Lookup, *, validating: bool) -> list[Taken]:
    """Whether senders can hold the MX hosts to a certificate (DANE): `present`, `absent`,
    `unsigned`, `invalid`.

    A TLSA record without DNSSEC has no effect (RFC 7672 §2.2). That is known only from a resolver
    whose word can be taken for it (`validating`).
    """
    subject = Subject.of(domain=domain)
    hosts = [host for host in await _hosts(domain, lookup) if not _IP_LITERAL.fullmatch(host)]
    if not hosts:
        return []
    names = [f"_25._tcp.{host}" for host in hosts[:_MOST] if host != "."]
    answers = await asyncio.gather(*(lookup.get(name, "TLSA") for name in names))
    failure = next((answer.failure for answer in answers if answer.failure is not None), None)
    if failure is not None:
        return not_asked([metrics.MX_TLSA], subject, failure)
    word, evidence = "absent", []
    for name, answer in zip(names, answers, strict=True):
        if not answer.values:
            continue
        usable = [value for value in answer.values if is_usable(value)]
        code = "dns.tlsa_usable" if usable else "dns.tlsa_unusable"
        evidence.append(say(code, name=inert_octets(name), text=inert_octets(answer.values[0], 60)))
        if not usable:
            word = "invalid"
        elif validating and not answer.authenticated:
            word = "invalid" if word == "invalid" else "unsigned"
            evidence.append(say("dns.tlsa_unsigned", name=inert_octets(name)))
        elif word == "absent":
            word = "present"
    return [measured(metrics.MX_TLSA, subject, word, evidence)]


def is_usable(text: str) -> bool:
    """True for a TLSA record that SMTP can use: DANE-TA(2) or DANE-EE(3) (RFC 7672 §3.1)."""
    match = _TLSA.fullmatch(text.lower())
    if match is None or match["usage"] not in ("2", "3") or match["selector"] not in ("0", "1"):
        return False
    if match["matching"] == "0":
        return bool(match["data"])
    return len(match["data"]) == _DIGEST.get(match["matching"], 0) > 0
