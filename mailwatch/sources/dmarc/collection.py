"""Every report: read, added up, measured and handed over."""

import gc
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, date, timedelta
from typing import TYPE_CHECKING

from mailwatch.config import Config, DmarcConfig
from mailwatch.model import Cause, Fault, Phrase, say, verbatim
from mailwatch.sources.dmarc.blob import SpooledBlob
from mailwatch.sources.dmarc.bounds import CHUNK, INFLATED
from mailwatch.sources.dmarc.container import InputPlace, read_blob
from mailwatch.sources.dmarc.contents import Item, Policy, Refusal
from mailwatch.sources.dmarc.files import BATCH, FoundFile, batches, find_files
from mailwatch.sources.dmarc.other_reports import measure_others
from mailwatch.sources.dmarc.partition import read_all
from mailwatch.sources.dmarc.pass_rates import Naming, choose_named, measure_domain
from mailwatch.sources.dmarc.policy_seen import measure_policy
from mailwatch.sources.dmarc.safekeeping import keep_failed
from mailwatch.sources.dmarc.seen_keys import seen_keys
from mailwatch.sources.dmarc.senders import DomainMail, choose_window, list_domains, sort_mail
from mailwatch.sources.dmarc.summary import Summary
from mailwatch.sources.job import Job

if TYPE_CHECKING:
    from mailwatch.sources.dmarc.mailbox import Mailbox

STDIN = "-"
WHOLE = 5
"""Domains of which everything is measured; the configured ones and the busiest."""
LISTED = 20
"""Domains of which the pass rate is measured."""
_ADDRESSES = 100
"""Addresses that are looked up."""
_OBJECTS = 50_000
"""New objects after which Python looks for cycles among them."""
_MARGIN = 2.0
"""Seconds before the end of the run in which what was read is measured."""


def collect_reports(config: Config, job: Job) -> None:
    """Hands over the figures of every report that `config` names.

    Python's collector looks for cycles at every 700 new objects. Here are very many objects and
    hardly any cycles, so it looks more rarely meanwhile.
    """
    before = gc.get_threshold()
    gc.set_threshold(_OBJECTS, *before[1:])
    try:
        _collect(config, job)
    finally:
        gc.set_threshold(*before)


def _collect(config: Config, job: Job) -> None:
    settings = config.dmarc or DmarcConfig()
    summary = Summary()
    margin = min(_MARGIN, job.remaining() / 4)

    def remaining() -> float:
        return max(0.0, job.remaining() - margin)

    mailbox = _open_mailbox(settings, job)
    for items in _everything(settings, mailbox, remaining):
        for item in summary.add(items):
            if isinstance(item, Refusal) and settings.failed is not None:
                keep_failed(item, settings.failed)
        _note_counts(job, summary)
    if mailbox is not None:
        for item in mailbox.recall(summary.knows):
            summary.add([item])
        _note_counts(job, summary)
    if not remaining():
        job.take(Fault(Cause.COULD_NOT_ASK, say("dmarc.out_of_time")))
    _take_refusals(summary, job)
    job.sightings.tell(seen_keys((domain.name for domain in config.domains), summary))
    _measure(config, summary, job)
    if mailbox is not None:
        mailbox.hand_over()


def _open_mailbox(settings: DmarcConfig, job: Job) -> "Mailbox | None":
    """The IMAP folder, where there is one; imaplib is only imported for it."""
    if settings.imap is None:
        return None
    from mailwatch.sources.dmarc.mailbox import Mailbox

    return Mailbox(settings.imap, job)


def _everything(
    settings: DmarcConfig, mailbox: "Mailbox | None", remaining: Callable[[], float]
) -> Iterator[list[Item]]:
    """What is in every file, standard input and message."""
    names = [str(path) for path in (*settings.paths, *settings.maildir)]
    files = find_files([name for name in names if name != STDIN])
    maildirs = tuple(str(path) for path in settings.maildir)
    marked = (_of_maildir(file, maildirs) for file in files)
    yield from read_all(batches(marked, BATCH), settings.jobs, remaining, settings.cluster)
    if STDIN in names:
        yield _read_stdin()
    if mailbox is not None:
        yield from mailbox.read(remaining)


def _of_maildir(file: FoundFile, maildirs: tuple[str, ...]) -> FoundFile:
    return file._replace(mailbox=True) if file.path.startswith(maildirs or ("\0",)) else file


def _read_stdin() -> list[Item]:
    """Standard input, kept in a file without a name while it is read; too much of it is refused."""
    import tempfile

    with tempfile.TemporaryFile() as spooled:
        left = INFLATED + 1
        while left > 0 and (chunk := sys.stdin.buffer.read(min(CHUNK, left))):
            spooled.write(chunk)
            left -= len(chunk)
        return list(read_blob(SpooledBlob(spooled), InputPlace("standard input")))


def _note_counts(job: Job, summary: Summary) -> None:
    """What the state of the source says was counted, as far as the reports were read."""
    for name, number in summary.counts.items():
        job.count(name, number - job.counts[name])


def _take_refusals(summary: Summary, job: Job) -> None:
    """One fault for all that could not be read, each named with its reason."""
    if not summary.refusals:
        return
    listed: Phrase | None = None
    for refusal in reversed(summary.refusals):
        one = say("dmarc.refused", place=refusal.place[:300], why=refusal.why)
        listed = one if listed is None else say("dmarc.and_then", one=one, rest=listed)
    what = say("dmarc.refusals", n=summary.counts["failed"], listed=listed or verbatim(""))
    job.take(Fault(Cause.COULD_NOT_ASK, what))


def _measure(config: Config, summary: Summary, job: Job) -> None:
    settings = config.dmarc or DmarcConfig()
    newest = job.as_of or job.now.astimezone(UTC).date()
    window = choose_window(summary, newest, settings.window_days)
    for other in measure_others(summary):
        job.expect(other.metric, other.subject)
        job.take(other)
    if window is None:
        job.note = say("dmarc.nothing_found") if not summary.refusals else None
        return
    known = [domain.name for domain in config.domains]
    found = list_domains(summary, window)
    listed = [*(name for name in known if name in found),
              *(name for name in found if name not in known)][:max(LISTED, len(known))]  # fmt: skip
    whole = listed[:WHOLE]
    mails = sort_mail(summary, listed, window, settings.own_sources)
    named = choose_named(mails[name] for name in whole)
    hosts, policies = _looked_up(config, job, [mails[name] for name in whole], named)
    over = job.as_of or job.now.astimezone(UTC).date() - timedelta(days=1)
    naming = Naming(window, over, named, hosts)
    for name in listed:
        _measure_one(mails[name], naming, job, whole=name in whole)
        if name in whole:
            reporters = {who: one for (of, who), one in summary.reporters.items() if of == name}
            for measurement in measure_policy(mails[name], reporters, policies.get(name), naming):
                job.take(measurement)
    job.note = _note(summary, len(found) - len(listed), window.first)


def _measure_one(mail: DomainMail, naming: Naming, job: Job, *, whole: bool) -> None:
    for measurement in measure_domain(mail, naming, whole=whole):
        job.take(measurement)


def _looked_up(
    config: Config, job: Job, mails: Iterable[DomainMail], named: frozenset[tuple[str, str]]
) -> tuple[Mapping[str, str], Mapping[str, Policy]]:
    if not (config.dmarc and config.dmarc.resolve):
        return {}, {}
    from mailwatch.sources.dmarc.names import look_up

    mails = tuple(mails)
    addresses = dict.fromkeys(
        address
        for mail in mails
        for sender in mail.senders
        if (mail.domain, sender.name) in named
        for address in sender.addresses
    )
    domains = [mail.domain for mail in mails]
    return look_up(config, job, list(addresses)[:_ADDRESSES], domains)


def _note(summary: Summary, unlisted: int, first: date) -> Phrase | None:
    """What the reader should know: what was left out, cut, or counted together."""
    notes = []
    if unlisted > 0:
        notes.append(say("dmarc.more_domains", n=unlisted))
    if any(day < first.toordinal() for _, day, _, _ in summary.sources):
        notes.append(say("dmarc.older_reports", day=first))
    if summary.cut:
        notes.append(say("dmarc.fields_cut", n=summary.cut))
    if summary.rest:
        notes.append(say("dmarc.counted_together"))
    if summary.passed_over:
        notes.append(say("dmarc.passed_over", n=summary.passed_over))
    noted: Phrase | None = None
    for note in reversed(notes):
        noted = note if noted is None else say("dmarc.note_and_note", one=note, rest=noted)
    return noted
