"""One message, from its file to its figures."""

from collections.abc import Callable, Iterator
from dataclasses import field

from mailwatch.config import Config
from mailwatch.config.message import MessageConfig
from mailwatch.frozen import dataclass
from mailwatch.inputfile import read_input
from mailwatch.model import ACCOUNT, Cause, Fault, Measurement, say
from mailwatch.resolver.budget import BudgetedLookup
from mailwatch.resolver.lookup import CachedLookup
from mailwatch.resolver.servers import find_servers
from mailwatch.resolver.transport import Transport
from mailwatch.sources.job import Job
from mailwatch.sources.message import metrics
from mailwatch.sources.message.examination import Examined, examine
from mailwatch.sources.message.header_fields import measure_header_fields
from mailwatch.sources.message.path import measure_path
from mailwatch.sources.message.rawsource import (
    LARGEST,
    NotAMessageError,
    SavedMessage,
    read_source,
)
from mailwatch.sources.message.structure import measure_structure
from mailwatch.sources.message.unsubscribe import measure_one_click
from mailwatch.sources.message.what_passed import measure_authentication, subject_of
from mailwatch.text.inert import inert


def _ignore(examined: Examined) -> None:
    """Nobody wants to see it."""


@dataclass(frozen=True, slots=True)
class MessageInHand(MessageConfig):
    """A message that the command has read already."""

    source: SavedMessage | None = field(default=None, repr=False)
    examined: Callable[[Examined], None] = field(default=_ignore, repr=False, compare=False)
    """Called with all that was found out about the message."""


async def collect_message(config: Config, job: Job) -> None:
    """Hands over the figures of the message; a fault where its file has none."""
    given = config.message
    if given is None:
        return
    source = _source(given, job)
    if source is None:
        return
    if source.others:
        job.note = say("message.first_of", n=source.others)
    transport = Transport(find_servers(config.dns.nameservers), job)
    lookup = BudgetedLookup(CachedLookup(transport.ask).once)
    examined = await examine(source, given, lookup, job.now)
    if isinstance(given, MessageInHand):
        given.examined(examined)
    subject = subject_of(examined)
    for metric in metrics.ALWAYS:
        job.expect(metric, subject)
    for item in measure(examined):
        job.take(item)


def _source(given: MessageConfig, job: Job) -> SavedMessage | None:
    """The message; None where there is none, with a fault that says why."""
    if isinstance(given, MessageInHand) and given.source is not None:
        return given.source
    try:
        return read_source(read_input(given.file, LARGEST))
    except OSError as error:
        why = inert(error.strerror or type(error).__name__)
    except NotAMessageError as error:
        why = str(error.args[0])
    for metric in metrics.ALWAYS:
        job.expect(metric, ACCOUNT)
    what = say("message.unreadable", file=inert(str(given.file)), why=why)
    job.take(Fault(Cause.COULD_NOT_ASK, what))
    return None


def measure(examined: Examined) -> Iterator[Measurement | Fault]:
    """Every figure of the message."""
    yield from measure_authentication(examined)
    yield measure_one_click(examined)
    yield from measure_header_fields(examined)
    yield from measure_structure(examined)
    yield from measure_path(examined)
