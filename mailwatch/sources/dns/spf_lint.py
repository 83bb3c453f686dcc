"""What is unwise about an SPF record that receivers can evaluate (RFC 7208 §3.1, §3.3, §3.4, §5.5).

Asks nothing that `measure_spf` did not ask, but for the obsolete record type.
"""

from collections.abc import Iterator, Sequence

from mailwatch.mailauth.spf import lint
from mailwatch.mailauth.spf.record import SpfRecord, parse_record, select_records
from mailwatch.mailauth.spf.tree import Branch, evaluate_tree
from mailwatch.model import Phrase, Subject, say, verbatim
from mailwatch.resolver.lookup import Answer, Lookup
from mailwatch.sources.dns import metrics
from mailwatch.sources.dns.measured import Taken, measured, not_asked
from mailwatch.text.inert import inert_octets

_SHOWN = 5
_WHOLE_ANSWER = 512
"""Octets that every resolver and firewall lets through (RFC 1035 §4.2.1)."""
_SENDGRID = ("include:sendgrid.net", "include:_spf.sendgrid.net")


async def measure_spf_lint(domain: str, lookup: Lookup) -> list[Taken]:
    """How the record is written. Nothing where the domain has no text that is meant as SPF; where
    the question fails, `measure_spf` says so."""
    subject = Subject.of(domain=domain)
    answer = await lookup.get(domain, "TXT")
    if answer.failure is not None:
        return []
    taken = list(_strings(subject, answer.values))
    records = select_records(answer.values)
    if records:
        taken.append(_answer_size(subject, domain, answer))
    record = parse_record(records[0]) if len(records) == 1 else None
    if isinstance(record, SpfRecord):
        branch = await evaluate_tree(record, domain, lookup)
        taken += [_ptr(subject, branch), _place(subject, branch)]
    return taken


def _strings(subject: Subject, values: Sequence[str]) -> Iterator[Taken]:
    """Whether the text came into DNS as it was meant: `whole`, `stray`, `glued` or `quoted`."""
    records = select_records(values)
    quoted = lint.quoted_records(values)
    attempts = [text for text in lint.select_attempts(values) if text not in quoted]
    stray = lint.stray_pieces(values)
    glued = [found for text in records for found in lint.glued_terms(text)]
    if not (records or quoted or attempts or stray):
        return
    word, evidence = "whole", [verbatim(inert_octets(text)) for text in records[:_SHOWN]]
    # The worst last: its word is the figure.
    for kind, phrases in (
        ("stray", [_about("dns.spf_stray", text) for text in stray]),
        ("glued", [_glued(word, second) for word, second in glued]),
        ("unread", [_about("dns.spf_unread", text) for text in attempts]),
        ("quoted", [_about("dns.spf_quoted", text) for text in quoted]),
    ):
        if phrases:
            word, evidence = kind, [*phrases[:_SHOWN], *evidence]
    yield measured(metrics.SPF_STRINGS, subject, word, evidence)


def _about(code: str, text: str) -> Phrase:
    return say(code, text=inert_octets(text, 200))


def _glued(word: str, second: str) -> Phrase:
    return say("dns.spf_glued", term=inert_octets(word, 100), second=inert_octets(second, 100))


def _answer_size(subject: Subject, domain: str, answer: Answer) -> Taken:
    """Octets of the whole answer: every TXT record of the name counts (§3.4)."""
    size = lint.answer_size(domain, answer.values, answer.chain)
    evidence = [say("dns.spf_answer_of", n=len(answer.values))]
    if size > _WHOLE_ANSWER:
        largest = sorted(answer.values, key=len, reverse=True)
        evidence += [
            say("dns.spf_answer_part", size=len(text), text=inert_octets(text, 60))
            for text in largest[:_SHOWN]
        ]
    return measured(metrics.SPF_ANSWER_SIZE, subject, size, evidence)


def _ptr(subject: Subject, branch: Branch) -> Taken:
    """How many `ptr` the whole tree has: it ought not to be used (§5.5)."""
    found = list(lint.ptr_terms(branch.terms))
    evidence = [say("dns.spf_ptr_term", term=inert_octets(term)) for term in found[:_SHOWN]]
    return measured(metrics.SPF_PTR, subject, len(found), evidence)


def _place(subject: Subject, branch: Branch) -> Taken:
    """Whether the record names SendGrid where receivers do not look for it.

    SPF is checked at the envelope sender. That of SendGrid's mail is the return path, a subdomain
    with a record of its own, once the domain is authenticated.
    """
    terms = [term for term in branch.terms if term.text.lower().lstrip("+") in _SENDGRID]
    evidence = [
        say("dns.spf_needless", term=inert_octets(term.text), n=term.lookups) for term in terms
    ]
    return measured(metrics.SPF_PLACE, subject, "needless" if terms else "fitting", evidence)


async def measure_spf_type99(domain: str, lookup: Lookup) -> list[Taken]:
    """Whether there is a record of the obsolete type SPF, 99, that no receiver asks for (§3.1)."""
    subject = Subject.of(domain=domain)
    answer = await lookup.get(domain, "SPF")
    if answer.failure is not None:
        return not_asked([metrics.SPF_TYPE99], subject, answer.failure)
    evidence = [verbatim(inert_octets(text)) for text in answer.values[:_SHOWN]]
    if answer.values:
        evidence.insert(0, say("dns.spf_obsolete_type"))
    word = "present" if answer.values else "absent"
    return [measured(metrics.SPF_TYPE99, subject, word, evidence)]
