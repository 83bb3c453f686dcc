"""notify: who hears of what, and whether it arrives."""

import json
import os
import sys
from collections.abc import Iterable, Iterator
from typing import Any

from mailwatch.cli.announcing import UNTRUSTED, Notices, read_notices
from mailwatch.cli.at_work import work_shown
from mailwatch.cli.explain import wrapped
from mailwatch.cli.options import ReportOptions
from mailwatch.cli.output import choose_language, choose_width, print_out, set_up_log
from mailwatch.clock import Clock
from mailwatch.config import load_config
from mailwatch.errors import ConfigError
from mailwatch.model import Lang, say
from mailwatch.notify.deliveries import Delivery
from mailwatch.notify.heartbeat import ping
from mailwatch.notify.notice_state import NoticeState
from mailwatch.words import worded


def notify(clock: Clock, *, test: bool, options: ReportOptions) -> int:
    """Lists the channels and what is open there, or (`test`) sends to each; the exit status."""
    set_up_log(options.verbose)
    config = load_config(options.config).config
    if config.notify is not None and not config.notify.trusted:
        raise ConfigError("notify: is not used", f"Because {UNTRUSTED}.")
    notices = read_notices(config, options, clock)
    if not notices.announcer.channels and not _heartbeat(notices):
        raise ConfigError(
            "No channel is configured",
            "Add notify: to mailwatch.yaml and name the file with --config, or try --mail-to.",
        )
    language = choose_language(
        options.lang, os.environ if options.format != "json" else {}, sys.stdout
    )
    if test:
        came = _try(notices)
        _print(options, _outcomes(came, language), [_outcome(one) for one in came])
        return 3 if any(one.problem for one in came) else 0
    rows = [_listed(notices, channel.name) for channel in notices.announcer.channels]
    _print(options, _open(rows), rows)
    return 0


def _heartbeat(notices: Notices) -> Any:
    return notices.announcer.outbox.config.ping_url


def _try(notices: Notices) -> list[Delivery]:
    with work_shown("Sending a test …"):
        came = notices.announcer.test()
    address = _heartbeat(notices)
    if address is not None:
        clock = notices.announcer.outbox.clock
        came.append(ping(address, "", "mailwatch notify --test\n", clock))
    return came


def _outcomes(came: Iterable[Delivery], lang: Lang) -> Iterator[tuple[str, str]]:
    for one in came:
        if one.problem is None:
            yield "✓ ", worded(say("notice.delivered", name=one.channel), lang)
        else:
            phrase = say("notice.not_delivered", name=one.channel, why=one.problem)
            yield "✗ ", worded(phrase, lang)


def _outcome(one: Delivery) -> dict[str, Any]:
    return {"channel": one.channel, "delivered": one.problem is None, "problem": one.problem}


def _listed(notices: Notices, name: str) -> dict[str, Any]:
    channels = {channel.name: channel for channel in notices.announcer.channels}
    state: NoticeState = notices.announcer.state
    return {
        "channel": name,
        "kind": channels[name].kind,
        "level": channels[name].level,
        "open": [
            {"key": key, "title": entry.title, "level": entry.level.value,
             "opened": entry.opened.isoformat(timespec="seconds"),
             "announced": entry.announced.isoformat(timespec="seconds")}
            for key, entry in state.recall(name).open.items()
        ],
    }  # fmt: skip


def _open(rows: Iterable[dict[str, Any]]) -> Iterator[tuple[str, str]]:
    for row in rows:
        yield "", f"{row['channel']}  {row['kind']}, {row['level']}"
        for entry in row["open"]:
            yield "  ", f"{entry['level']}  {entry['title']}  ({entry['opened']})"


def _print(
    options: ReportOptions, lines: Iterable[tuple[str, str]], document: list[dict[str, Any]]
) -> None:
    if options.format == "json":
        text = json.dumps({"channels": document}, ensure_ascii=False, indent=2)
        print_out([text, "\n"])
    else:
        print_out(wrapped(iter([*lines]), choose_width(options.width, os.environ)))
