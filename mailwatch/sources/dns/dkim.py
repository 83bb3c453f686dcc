"""DKIM figures of a selector (RFC 6376)."""

from dataclasses import replace

from mailwatch.mailauth.dkim.record import (
    LARGEST_RSA_BITS,
    DkimKey,
    Revoked,
    parse_key,
    select_keys,
)
from mailwatch.model import Phrase, Subject, say, verbatim
from mailwatch.resolver.lookup import Answer, Lookup, Outcome
from mailwatch.sources.dns import metrics
from mailwatch.sources.dns.existence import is_missing
from mailwatch.sources.dns.measured import Taken, measured, not_asked, without_data
from mailwatch.text.inert import inert, inert_octets

_RECORD_SHOWN = 100
"""Characters of a key record: enough to tell it from another."""
_SHOWN = 5


async def measure_dkim(domain: str, selector: str, lookup: Lookup) -> list[Taken]:
    """The state of the key at `selector`, and the size of a key that can be used."""
    subject = Subject.of(domain=domain, selector=selector)
    answer = await lookup.get(f"{selector}._domainkey.{domain}", "TXT")
    aliases = [say("dns.alias", name=inert_octets(name)) for name in answer.chain[:_SHOWN]]
    if answer.failure is not None:
        return not_asked(metrics.DKIM, subject, answer.failure, aliases)
    if answer.absent:
        return _without_key(subject, "missing", _missing(answer), aliases)
    records = select_keys(answer.values)
    evidence = [*aliases, *(verbatim(_short(text)) for text in records[:_SHOWN])]
    if len(records) > 1:  # RFC 6376 §3.6.2.2: undefined
        return _without_key(subject, "multiple", say("dns.dkim_several", n=len(records)), evidence)
    key = parse_key(records[0])
    if isinstance(key, Revoked):
        return _without_key(subject, "revoked", say("dns.dkim_revoked"), evidence)
    if isinstance(key, Phrase):
        return _without_key(subject, "invalid", key, evidence)
    return _with_key(subject, key, evidence)


async def measure_no_selector(domain: str, lookup: Lookup) -> list[Taken]:
    """No key was looked for, since DNS cannot list selectors; and whether there can be one."""
    evidence = []
    # RFC 8020: below a name that does not exist there is none. Without an answer nothing is lost:
    # it could only have added this.
    if is_missing(await lookup.get(f"_domainkey.{domain}", "TXT")):
        evidence.append(say("dns.dkim_none_possible", name=inert_octets(f"_domainkey.{domain}")))
    why = say("dns.dkim_no_selector")
    return [without_data(metrics.DKIM_KEY, Subject.of(domain=domain), why, evidence)]


def _with_key(subject: Subject, key: DkimKey, evidence: list[Phrase]) -> list[Taken]:
    word = "testing" if key.testing else "valid"
    kind = say("dns.dkim_is", kind=key.kind, n=key.bits)
    large = [say("dns.dkim_large")] if key.bits > LARGEST_RSA_BITS else []
    bits = measured(metrics.DKIM_KEY_BITS, subject, key.bits, [kind, *large])
    if key.kind == "ed25519":
        bits = replace(bits, note=say("dns.dkim_one_size"))
    return [measured(metrics.DKIM_KEY, subject, word, [*evidence, kind]), bits]


def _without_key(subject: Subject, word: str, why: Phrase, evidence: list[Phrase]) -> list[Taken]:
    """The key as `word`. What cannot be used has no size to judge."""
    return [measured(metrics.DKIM_KEY, subject, word, [*evidence, why])]


def _missing(answer: Answer) -> Phrase:
    if answer.chain:
        gone = answer.outcome is Outcome.NO_SUCH_NAME
        code = "dns.dkim_alias_dangling" if gone else "dns.dkim_alias_empty"
        return say(code, name=inert_octets(answer.chain[-1]))
    return say("dns.dkim_missing")


def _short(text: str) -> str:
    return inert(text.encode("latin-1", "replace"), _RECORD_SHOWN)
