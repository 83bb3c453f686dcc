"""policy: which DMARC policy applies to a domain, and why."""

from collections.abc import Iterator
from typing import Any

from rich.text import Text

from mailwatch.cli.asking import Line, Page, look_up, show
from mailwatch.cli.lookup_commands import Asking
from mailwatch.clock import Clock
from mailwatch.config.addresses import parse_domain
from mailwatch.errors import ConfigError
from mailwatch.mailauth.dmarc.discovery import Effect
from mailwatch.mailauth.dmarc.effective_policy import (
    PolicyFound,
    find_policy,
    reasons_for,
    trouble_at,
)
from mailwatch.model import Lang, Phrase, say
from mailwatch.text.domain import domain_text
from mailwatch.text.inert import inert_octets
from mailwatch.words import worded

SCHEMA = "mailwatch.policy/1"
_STYLES = {"reject": "bold green", "quarantine": "bold green"}


def policy(clock: Clock, text: str, asking: Asking) -> int:
    """Prints the policy for mail from the domain `text`. The exit status."""
    try:
        domain = parse_domain(text)
    except ValueError as error:
        raise ConfigError(str(error)) from None
    found = look_up(clock, asking, lambda lookup: find_policy(domain, lookup))
    show(Page(lambda lang: _lines(found, lang), lambda lang: _document(found)), asking)
    return 3 if found.failure else 0


def _in_force(found: PolicyFound) -> Effect | None:
    """The effect; None where there is none, or where a question failed."""
    if found.failure is not None or found.effect is None or found.effect.requested == "missing":
        return None
    return found.effect


def _document(found: PolicyFound) -> dict[str, Any]:
    applies, effect = found.applies, _in_force(found)
    return {
        "schema": SCHEMA,
        "domain": found.domain,
        "exists": found.exists,
        "organizational_domain": found.organization,
        "record_domain": applies.domain if applies else None,
        "record": inert_octets(applies.record.text) if applies else None,
        "effective_policy": effect.requested if effect else None,
        "tag": effect.tag if effect else None,
        "testing": applies.record.testing if applies else False,
        "queries": list(found.queries),
    }


def _lines(found: PolicyFound, lang: Lang) -> Iterator[Line]:
    effect = _in_force(found)
    name = domain_text(found.domain)
    yield Text(), worded(say("policy.heading", domain=name), lang)
    yield Text(), ""
    if found.failure is not None:
        yield Text("! ", "bold cyan"), worded(say("policy.unknown"), lang)
    elif effect is None:
        yield Text("! ", "bold yellow"), worded(say("policy.missing"), lang)
    else:
        mark = Text(f"{effect.requested}  ", _STYLES.get(effect.requested, "bold yellow"))
        yield mark, worded(say(f"policy.{effect.requested}"), lang)
    for phrase in _reasons(found):
        yield Text("  "), worded(phrase, lang)
    yield Text(), ""
    if found.applies is not None:
        yield Text("  "), inert_octets(found.applies.record.text)
        yield Text(), ""
    if found.exists is not None:
        yield Text(), worded(say("policy.exists" if found.exists else "policy.missing_name"), lang)
    if found.organization is not None:
        organization = domain_text(found.organization)
        yield Text(), worded(say("policy.organization", domain=organization), lang)
    yield Text(), worded(say("policy.queries"), lang)
    for query in found.queries:
        yield Text("  "), query


def _reasons(found: PolicyFound) -> Iterator[Phrase]:
    """Why it is this policy."""
    if found.failure is not None:
        yield found.failure
    if found.applies is not None:
        yield say("dns.dmarc_found", name=inert_octets(f"_dmarc.{found.applies.domain}"))
        if found.effect is not None:
            yield from reasons_for(found.applies, found.effect)
    elif found.failure is None:
        yield say("dns.dmarc_none", name=f"_dmarc.{found.domain}")
    for step in found.steps:
        yield from trouble_at(step)
