"""What the look-up commands share: whom to ask, how much at most, and how the answer is shown."""

import asyncio
import json
import os
import sys
from collections.abc import Awaitable, Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

from rich.text import Text

from mailwatch.cli.lookup_commands import Asking
from mailwatch.cli.name_servers import parse_resolvers
from mailwatch.cli.output import (
    choose_language,
    choose_style,
    choose_width,
    print_out,
    set_up_log,
)
from mailwatch.clock import Clock
from mailwatch.config import load_config
from mailwatch.inputfile import within_seconds
from mailwatch.model import Lang
from mailwatch.reports.console.layout import hang, print_lines
from mailwatch.reports.view import View
from mailwatch.resolver.budget import BudgetedLookup
from mailwatch.resolver.lookup import CachedLookup, Lookup
from mailwatch.resolver.servers import find_servers
from mailwatch.resolver.transport import Transport
from mailwatch.sources.job import Job

Found = TypeVar("Found")
Line = tuple[Text, str]
"""A mark, and the text that is wrapped behind it."""


def look_up(clock: Clock, asking: Asking, work: Callable[[Lookup], Awaitable[Found]]) -> Found:
    """What `work` finds out. Raises ConfigError for a name server that cannot be one."""
    set_up_log(asking.verbose)
    with within_seconds(asking.timeout):
        servers = find_servers(_nameservers(asking))
    job = Job(clock.now(), None, clock.monotonic() + asking.timeout, clock)

    async def work_within_bounds() -> Found:
        return await work(BudgetedLookup(CachedLookup(Transport(servers, job).ask).once))

    return asyncio.run(work_within_bounds())


def _nameservers(asking: Asking) -> tuple[str, ...]:
    """Those of `--resolver`, else those of the configuration; none: the system's."""
    named = parse_resolvers(asking.resolvers)
    return named or load_config(asking.config).config.dns.nameservers


@dataclass(frozen=True, slots=True)
class Page:
    """The answer, for people and for machines."""

    lines: Callable[[Lang], Iterable[Line]]
    document: Callable[[Lang], dict[str, Any]]


def show(page: Page, asking: Asking) -> None:
    """Prints the answer in the format that was asked for."""
    people = asking.format == "console"
    lang = choose_language(asking.lang, os.environ if people else {}, sys.stdout)
    if not people:
        print_out([json.dumps(page.document(lang), ensure_ascii=False, indent=2), "\n"])
        return
    colour, bold = choose_style(asking.color, os.environ, sys.stdout)
    view = View(choose_width(asking.width, os.environ), colour, bold, lang)
    print_out(print_lines(_wrapped(page.lines(lang), view.width), view))


def _wrapped(lines: Iterable[Line], width: int) -> Iterator[Text]:
    for mark, text in lines:
        yield from hang(mark, Text(text), width, mark.cell_len)
