"""SPF figures of a domain (RFC 7208).

What a record that is missing or invalid would cost is not measured: its state says it all.
"""

from mailwatch.mailauth.spf.limits import MOST_LOOKUPS, MOST_VOIDS
from mailwatch.mailauth.spf.lint import closed, merged
from mailwatch.mailauth.spf.record import SpfRecord, parse_record, select_records
from mailwatch.mailauth.spf.tree import Branch, NoEnding, evaluate_tree
from mailwatch.model import Phrase, Subject, say, verbatim
from mailwatch.resolver.lookup import Lookup
from mailwatch.sources.dns import metrics
from mailwatch.sources.dns.measured import Taken, measured, not_asked, without_data
from mailwatch.text.inert import inert_octets

_SHOWN = 10
"""Lines of evidence of one kind; the count itself is the figure."""


async def measure_spf(domain: str, lookup: Lookup) -> list[Taken]:
    """All SPF figures that `domain` has.

    The record is `valid` where receivers can evaluate it. Over the limit of look-ups they give up
    on a record that is valid in itself, which is for the look-ups to report.
    """
    subject = Subject.of(domain=domain)
    answer = await lookup.get(domain, "TXT")
    if answer.failure is not None:
        return not_asked(metrics.SPF, subject, answer.failure)
    records = select_records(answer.values)
    if not records:
        return [measured(metrics.SPF_RECORD, subject, "missing", [say("dns.spf_none")])]
    texts = [verbatim(inert_octets(text)) for text in records[:_SHOWN]]
    if len(records) > 1:
        return [measured(metrics.SPF_RECORD, subject, "multiple", [*_several(records), *texts])]
    record = parse_record(records[0])
    if isinstance(record, Phrase):
        return [measured(metrics.SPF_RECORD, subject, "invalid", [*texts, record])]
    branch = await evaluate_tree(record, domain, lookup)
    return [
        measured(metrics.SPF_RECORD, subject, _word(branch), _state(record, branch)),
        measured(metrics.SPF_RECORD_LENGTH, subject, len(record.text)),
        *_all(subject, branch, [*_open(branch, record), *texts]),
        *_counts(subject, branch),
    ]


def _several(records: tuple[str, ...]) -> list[Phrase]:
    """How many there are, and the one record that says the same."""
    several = say("dns.spf_several", n=len(records))
    one = merged(records)
    return [several, say("dns.spf_merged", record=inert_octets(one))] if one else [several]


def _word(branch: Branch) -> str:
    if branch.broken:
        return "invalid"
    return "over_limit" if branch.lookups > MOST_LOOKUPS else "valid"


def _state(record: SpfRecord, branch: Branch) -> list[Phrase]:
    over = branch.lookups > MOST_LOOKUPS
    return [
        *([say("dns.spf_over_limit", n=branch.lookups, most=MOST_LOOKUPS)] if over else []),
        verbatim(inert_octets(record.text)),
        *branch.broken[:_SHOWN],
        *(say("dns.spf_ignored", term=inert_octets(term)) for term in record.ignored[:_SHOWN]),
        *branch.unasked[:_SHOWN],
    ]


def _open(branch: Branch, record: SpfRecord) -> list[Phrase]:
    """Which term lets everybody send, and the record without it."""
    found = closed(record.text) if branch.ending == "pass" else None
    if found is None:
        return []
    term, better = found
    return [say("dns.spf_open", term=term, record=inert_octets(better))]


def _all(subject: Subject, branch: Branch, texts: list[Phrase]) -> list[Taken]:
    """The `all` that the record ends in; nothing where receivers never get that far."""
    ending = branch.ending
    if not isinstance(ending, NoEnding):
        return [measured(metrics.SPF_ALL, subject, ending, texts)]
    if ending.unasked:
        return not_asked([metrics.SPF_ALL], subject, ending.why, texts)
    if branch.broken or branch.lookups > MOST_LOOKUPS:
        return []
    return [without_data(metrics.SPF_ALL, subject, ending.why, texts)]


def _counts(subject: Subject, branch: Branch) -> list[Taken]:
    """How many look-ups, and how many void ones.

    What was counted of a tree is at least what it costs. That is enough to know where it is over
    the limit already.
    """
    whole = not (branch.unasked or branch.stopped)
    costs = [
        say("dns.spf_cost", term=inert_octets(term.text), n=term.lookups)
        for term in branch.terms[:_SHOWN]
    ]
    costs += [say("dns.spf_hidden", term=inert_octets(term)) for term in branch.hidden[:_SHOWN]]
    voids = [say("dns.spf_void", term=inert_octets(term)) for term in branch.voids[:_SHOWN]]
    counted = (
        (metrics.SPF_LOOKUPS, branch.lookups, MOST_LOOKUPS, costs),
        (metrics.SPF_VOID_LOOKUPS, len(branch.voids), MOST_VOIDS, voids),
    )
    taken: list[Taken] = []
    for metric, count, most, evidence in counted:
        known = evidence if whole else [say("dns.spf_at_least", n=count), *evidence]
        if whole or count > most:
            taken.append(measured(metric, subject, count, known))
        elif branch.unasked:
            failure, *others = branch.unasked[:_SHOWN]
            taken += not_asked([metric], subject, failure, [known[0], *others])
        elif not branch.broken:
            taken.append(without_data(metric, subject, say("dns.spf_stopped"), known))
    return taken
