"""Lines of Postfix, and a log of them read and measured."""

from datetime import UTC, date, datetime
from pathlib import Path

from mailwatch.clock import Clock
from mailwatch.config import PostfixConfig
from mailwatch.model import Measurement
from mailwatch.sources.job import Job
from mailwatch.sources.postfix.collection import collect_logs

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


def line(
    to: str = "a@yahoo.example",
    status: str = "sent",
    *,
    day: str = "Nov 23",
    queue_id: str = "4F0A1B2C3D",
    relay: str = "mx.yahoo.example[192.0.2.1]:25",
    program: str = "postfix/smtp",
    delay: str = "1.2",
    answer: str = "250 2.0.0 Ok",
    dsn: str = "2.0.0",
) -> str:
    """What became of one recipient."""
    stamp = f"{day}T10:00:00+00:00" if day[:1].isdigit() else f"{day} 10:00:00"
    return (
        f"{stamp} mx1 {program}[81]: {queue_id}: to=<{to}>, relay={relay}, "
        f"delay={delay}, delays=0.1/0/0.5/0.6, dsn={dsn}, status={status} ({answer})"
    )


def expiry(queue_id: str, *, day: str = "Nov 23") -> str:
    """What qmgr says of a message that was deferred for too long."""
    return (
        f"{day} 10:00:00 mx1 postfix/qmgr[80]: {queue_id}: from=<s@example.com>, "
        "status=expired, returned to sender"
    )


def read(
    *logs: Path,
    as_of: date | None = None,
    zone: str | None = "UTC",
    window: int = 7,
    now: datetime = NOON,
) -> Job:
    """A run over the logs."""
    clock = Clock()
    job = Job(now, as_of, clock.monotonic() + 60, clock)
    collect_logs(PostfixConfig(logs, zone, window), job)
    return job


def read_lines(folder: Path, *lines: str, as_of: date | None = None, window: int = 7) -> Job:
    """A run over one log of these lines."""
    path = folder / "mail.log"
    path.write_text("".join(f"{text}\n" for text in lines))
    return read(path, as_of=as_of, window=window)


def figure(job: Job, name: str) -> Measurement:
    """The measurement `postfix.NAME`."""
    (found,) = (one for one in job.taken if one.metric == f"postfix.{name}")
    return found


def counted(job: Job) -> dict[str, int | None]:
    """Recipients processed, and what became of them."""
    rates = {name: figure(job, f"{name}_rate") for name in
             ("delivered", "deferral", "bounce", "expired")}  # fmt: skip
    return {
        "processed": rates["delivered"].denominator,
        **{name: rate.numerator for name, rate in rates.items()},
    }
