"""What is read in a run, and what is handed over at its end."""

import errno
from collections.abc import Iterable, Iterator
from datetime import timedelta
from pathlib import Path

from mailwatch.config.postfix import STANDARD_INPUT, PostfixConfig
from mailwatch.model import Cause, Fault, Phrase, say, verbatim
from mailwatch.sources.job import Job
from mailwatch.sources.postfix.days import LogDays
from mailwatch.sources.postfix.log_lines import LogReader
from mailwatch.sources.postfix.logfiles import (
    UNREADABLE,
    LogFile,
    NotALog,
    blocks,
    examine,
    expand,
    in_order,
    is_log,
    open_log,
)
from mailwatch.sources.postfix.rates import LogCounts, measure_logs
from mailwatch.sources.postfix.stamps import zone_of
from mailwatch.text.inert import inert

RESERVE = 1.0
"""Seconds kept for measuring, when there is no time to read on."""
_OF_THE_SYSTEM = {
    errno.ENOENT: "secret.no_such_file",
    errno.EACCES: "secret.permission_denied",
    errno.EISDIR: "secret.is_a_folder",
}


def collect_logs(settings: PostfixConfig, job: Job) -> None:
    """Reads every log, and hands over the figures and what could not be read."""
    zone = zone_of(job.now, settings.timezone)
    today = job.now.astimezone(zone).date()
    days = LogDays(today, job.as_of, settings.window_days)
    reader = LogReader(days, zone)
    found: list[LogFile] = []
    for path in expand(settings.logs):
        try:
            found.append(examine(path, today, job.as_of, zone))
        except (*UNREADABLE, NotALog) as error:
            job.take(_fault(path, error))
    logs, copies = in_order(found)
    impossible = 0
    for log in logs:
        in_time = _read(log, reader, job)
        impossible += days.end_log()
        if not in_time:
            break
    job.count("strange", reader.strange + impossible)
    _say_counts(reader, days, copies, job)
    complete_until = job.as_of or today - timedelta(days=1)
    for measurement in measure_logs(LogCounts(days.counts, complete_until, settings.window_days)):
        job.take(measurement)


def _read(log: LogFile, reader: LogReader, job: Job) -> bool:
    """Counts a log; False where there was no time to read all of it."""
    job.log.info("reading %s", inert(str(log.path)))
    job.count("files")
    try:
        with open_log(log.path, lambda: max(0.0, job.remaining() - RESERVE)) as stream:
            for block in _checked(blocks(stream), log, job):
                reader.read(block)
    except TimeoutError:
        what = say("postfix.out_of_time", file=_name(log.path))
        job.take(Fault(Cause.COULD_NOT_ASK, what))
        return False
    except (*UNREADABLE, NotALog) as error:
        job.take(_fault(log.path, error))
    return True


def _checked(parts: Iterator[bytes], log: LogFile, job: Job) -> Iterator[bytes]:
    """`parts`, while there is time. Raises TimeoutError, and NotALog for what is new here."""
    unknown = not log.beginning
    for block in parts:
        if unknown and not is_log(block):
            raise NotALog
        unknown = False
        yield block
        if job.remaining() <= RESERVE:
            raise TimeoutError


def _fault(path: Path, error: BaseException) -> Fault:
    if isinstance(error, NotALog):
        return Fault(Cause.NO_DATA, say("postfix.not_a_log", file=_name(path)))
    cause = Cause.NOT_ALLOWED if isinstance(error, PermissionError) else Cause.COULD_NOT_ASK
    return Fault(cause, say("postfix.unreadable", file=_name(path), why=why(error)))


def why(error: BaseException) -> Phrase:
    """Why a log could not be read."""
    if not isinstance(error, OSError) or error.errno is None:
        return say("postfix.damaged")
    code = _OF_THE_SYSTEM.get(error.errno)
    return say(code) if code else verbatim(error.strerror or type(error).__name__)


def _name(path: Path) -> str:
    return "-" if path == STANDARD_INPUT else inert(str(path), 200)


def _say_counts(reader: LogReader, days: LogDays, copies: list[LogFile], job: Job) -> None:
    job.count("recipients", sum(counts.total()[0] for counts in days.counts.values()))
    for name, number in (
        ("inside", reader.inside),
        ("notices", reader.notices),
        ("waiting", len(reader.waiting)),
        ("dropped", reader.waiting.dropped),
    ):
        job.count(name, number)
    job.note = _joined(_notes(reader, days, copies))


def _notes(reader: LogReader, days: LogDays, copies: list[LogFile]) -> Iterator[Phrase]:
    if reader.inside:
        yield say("postfix.inside", count=reader.inside)
    if reader.notices:
        yield say("postfix.notices", count=reader.notices)
    if reader.waiting.dropped:
        yield say("postfix.dropped", count=reader.waiting.dropped)
    if reader.strange:
        yield say("postfix.strange", count=reader.strange)
    if days.dropped:
        yield say("postfix.days_dropped", count=days.dropped)
    if copies:
        yield say("postfix.copies", file=_name(copies[0].path), count=len(copies))


def _joined(phrases: Iterable[Phrase]) -> Phrase | None:
    joined: Phrase | None = None
    for phrase in phrases:
        joined = phrase if joined is None else say("postfix.two", first=joined, second=phrase)
    return joined
