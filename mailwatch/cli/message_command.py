"""message: what authenticates one message, and whether it has what mailbox providers ask for."""

import asyncio
import sys
from dataclasses import dataclass, replace
from pathlib import Path

from mailwatch.cli.check import DomainOptions, aim, catalog_in_use, measure
from mailwatch.cli.delivery import deliver, read_outputs
from mailwatch.cli.message_details import MessageDetails
from mailwatch.cli.options import ReportOptions
from mailwatch.clock import Clock
from mailwatch.config import Domain, load_config
from mailwatch.config.message import parse_ip
from mailwatch.errors import ConfigError
from mailwatch.inputfile import read_input
from mailwatch.mailauth.author import find_author
from mailwatch.model import say
from mailwatch.reports import FORMATS
from mailwatch.resolver.lookup import Answer, RdType, failed
from mailwatch.sources.message.collection import MessageInHand
from mailwatch.sources.message.examination import Examined, examine
from mailwatch.sources.message.message_document import MessageFormat
from mailwatch.sources.message.rawsource import (
    LARGEST,
    NotAMessageError,
    SavedMessage,
    read_source,
)
from mailwatch.text.inert import inert

STDIN = "-"


@dataclass(frozen=True, slots=True)
class MessageQuestion:
    """What was asked on the command line, as it was written."""

    file: str
    ip: str | None = None
    mail_from: str | None = None
    helo: str | None = None
    resolvers: tuple[str, ...] = ()


def message(clock: Clock, question: MessageQuestion, options: ReportOptions) -> int:
    """Judges the message and prints the report. The exit status."""
    loaded = load_config(options.config)
    outputs = read_outputs(options)
    catalog = catalog_in_use(options, loaded)
    config = aim(loaded.config, DomainOptions(resolvers=question.resolvers))
    source = _read(question.file)
    seen: list[Examined] = []
    given = MessageInHand(
        Path(question.file),
        _ip(question.ip),
        question.mail_from,
        question.helo,
        source,
        seen.append,
    )
    author = find_author(source.message).domain
    domains = (Domain(author),) if author else ()
    config = replace(config, message=given, domains=domains)
    report = measure(config, ("message",), options, clock, catalog)
    examined = seen[0] if seen else _unasked(source, given, clock)
    formats = {**FORMATS, "console": MessageDetails(), "json": MessageFormat(examined)}
    return deliver(report, outputs, options, formats)


def _ip(text: str | None) -> str | None:
    try:
        return None if text is None else parse_ip(text)
    except ValueError as error:
        raise ConfigError(
            f"--ip: {inert(text or '', 80)} {error}", "As in --ip 192.0.2.10 or --ip 2001:db8::10"
        ) from None


def _read(name: str) -> SavedMessage:
    """The message of the file. Raises ConfigError where there is none."""
    shown = "standard input" if name == STDIN else inert(name)
    try:
        if name == STDIN:
            data = sys.stdin.buffer.read(LARGEST + 1) if sys.stdin else b""
        else:
            data = read_input(Path(name), LARGEST)
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise ConfigError(f"{shown} cannot be read: {inert(why)}") from None
    try:
        return read_source(data)
    except NotAMessageError as error:
        what, tip = error.args
        raise ConfigError(f"{shown} is not a mail message: {what}", tip) from None


def _unasked(source: SavedMessage, given: MessageInHand, clock: Clock) -> Examined:
    """What the message shows without DNS, where the time was too short for an answer."""

    class Silent:
        async def get(self, name: str, rdtype: RdType) -> Answer:
            return failed(say("run.out_of_time", seconds="0"))

    return asyncio.run(examine(source, given, Silent(), clock.now()))
