"""SPF figures of a domain (RFC 7208)."""

from mailwatch.mailauth.spf.record import SpfRecord, parse_record, select_records
from mailwatch.mailauth.spf.tree import COUNTED, Branch, Walk
from mailwatch.mailauth.unknown import Unknown, no_data, not_asked
from mailwatch.model import Phrase, Subject, say, verbatim
from mailwatch.resolver.lookup import Answer, Lookup, Outcome
from mailwatch.sources.dns import metrics
from mailwatch.sources.dns.measured import Taken, lacking, measured
from mailwatch.text.inert import inert_octets

_SHOWN = 10
"""Lines of evidence of one kind; the count itself is the figure."""


async def measure_spf(domain: str, lookup: Lookup) -> list[Taken]:
    """All SPF figures of `domain`.

    The record is `valid` where receivers can evaluate it; how much that costs them, over the
    limit or not, is for the lookups to say.
    """
    subject = Subject.of(domain=domain)
    answer = await lookup.get(domain, "TXT")
    if answer.failure is not None:
        return lacking(metrics.SPF, subject, not_asked(answer.failure))
    records = select_records(answer.values)
    if len(records) != 1:
        return _without_record(subject, answer, records)
    record = parse_record(records[0])
    if isinstance(record, Phrase):
        return _word_only(subject, "invalid", record, [verbatim(inert_octets(records[0])), record])
    walk = Walk(lookup)
    branch = await walk.below(record, domain)
    return _with_record(subject, record, branch, stopped=walk.stopped)


def _without_record(subject: Subject, answer: Answer, records: tuple[str, ...]) -> list[Taken]:
    if records:
        evidence = [verbatim(inert_octets(text)) for text in records[:_SHOWN]]
        return _word_only(subject, "multiple", say("dns.spf_several", n=len(records)), evidence)
    if answer.outcome is Outcome.NO_SUCH_NAME:
        return _word_only(subject, "missing", say("dns.no_such_domain"), [])
    return _word_only(subject, "missing", say("dns.spf_none"), [])


def _word_only(subject: Subject, word: str, why: Phrase, evidence: list[Phrase]) -> list[Taken]:
    """The record as `word`, and none of the figures that one sound record would have."""
    return [
        measured(metrics.SPF_RECORD, subject, word, evidence or [why]),
        *lacking(metrics.SPF[1:], subject, no_data(why)),
    ]


def _with_record(
    subject: Subject, record: SpfRecord, branch: Branch, *, stopped: bool
) -> list[Taken]:
    text = verbatim(inert_octets(record.text))
    ignored = [say("dns.spf_ignored", term=inert_octets(term)) for term in record.ignored[:_SHOWN]]
    word = "invalid" if branch.broken else "valid"
    findings = [*branch.broken[:_SHOWN], *ignored, *branch.unasked[:_SHOWN]]
    return [
        measured(metrics.SPF_RECORD, subject, word, [text, *findings]),
        measured(metrics.SPF_RECORD_LENGTH, subject, len(record.text)),
        *_all(subject, branch.ending, text),
        *_counts(subject, branch, stopped=stopped),
    ]


def _all(subject: Subject, ending: str | Unknown, text: Phrase) -> list[Taken]:
    if isinstance(ending, Unknown):
        return lacking([metrics.SPF_ALL], subject, ending, [text])
    return [measured(metrics.SPF_ALL, subject, ending, [text])]


def _counts(subject: Subject, branch: Branch, *, stopped: bool) -> list[Taken]:
    costs = [say("dns.spf_cost", term=inert_octets(term), n=n) for term, n in branch.costs[:_SHOWN]]
    costs += [say("dns.spf_hidden", term=inert_octets(term)) for term in branch.hidden[:_SHOWN]]
    voids = [say("dns.spf_void", term=inert_octets(term)) for term in branch.voids[:_SHOWN]]
    lookups = COUNTED if stopped else branch.lookups
    if stopped:
        costs.insert(0, say("dns.spf_stopped", n=COUNTED))
    if branch.unasked:
        counts = (metrics.SPF_LOOKUPS, metrics.SPF_VOID_LOOKUPS)
        known = [say("dns.spf_at_least", n=lookups), *branch.unasked[1:_SHOWN]]
        return lacking(counts, subject, not_asked(branch.unasked[0]), known)
    return [
        measured(metrics.SPF_LOOKUPS, subject, lookups, costs),
        measured(metrics.SPF_VOID_LOOKUPS, subject, len(branch.voids), voids),
    ]
