"""warmup plan and warmup status: days and volumes, and how far a warm-up has come."""

import json
import os
import sys
from collections.abc import Iterator
from datetime import date
from typing import Any, NamedTuple

from mailwatch.cli.account_figures import configured, measure_account
from mailwatch.cli.explain import wrapped
from mailwatch.cli.options import PageOptions
from mailwatch.cli.output import choose_language, choose_width, print_out
from mailwatch.clock import Clock
from mailwatch.errors import ConfigError
from mailwatch.model import Lang, say, verbatim
from mailwatch.warmup.next_step import WarmupStanding, stand
from mailwatch.warmup.sending import sent_each_day
from mailwatch.warmup.stages import WarmupPlan, plan_warmup
from mailwatch.warmup.table import choose_table
from mailwatch.words import worded

Lines = Iterator[tuple[str, str]]


class Wanted(NamedTuple):
    """Which warm-up."""

    target: int | None
    start: date | None
    schedule: str


def plan(clock: Clock, target: int, start: date | None, schedule: str, options: PageOptions) -> int:
    """Prints the days and volumes. Asks nobody."""
    planned = plan_warmup(choose_table(schedule), target, start or clock.now().date())
    if options.format == "json":
        return _print_json(_plan_document(planned))
    return _print(lambda lang: _plan_page(planned, lang), options)


def status(clock: Clock, wanted: Wanted, options: PageOptions) -> int:
    """Prints the days on which mail was sent against the schedule, and what comes next."""
    table = choose_table(wanted.schedule)
    today = clock.now().date()
    if wanted.start is not None and wanted.start > today:
        raise ConfigError(f"--start {wanted.start} has not come yet", "Name the first day of it.")
    config, catalog = configured(options, wanted.start)
    account = config.sendgrid
    report = measure_account(config, catalog, clock)
    sent = sent_each_day(finding.measurement for finding in report.findings)
    start = (account.warmup_start if account else None) or min(sent, default=today)
    target = wanted.target or (account.warmup_target if account else None)
    standing = stand(sent, start, table, target)
    if options.format == "json":
        lang = choose_language(options.lang, {}, sys.stdout)
        return _print_json(_status_document(standing, start, table.name, target, lang))
    return _print(lambda lang: _status_page(standing, start, lang), options)


def _print_json(document: dict[str, Any]) -> int:
    print_out([json.dumps(document, ensure_ascii=False, indent=2), "\n"])
    return 0


def _print(page: Any, options: PageOptions) -> int:
    lang = choose_language(options.lang, os.environ, sys.stdout)
    print_out(wrapped(page(lang), choose_width(options.width, os.environ)))
    return 0


def _plan_document(planned: WarmupPlan) -> dict[str, Any]:
    return {
        "schedule": planned.table.name,
        "target": planned.target,
        "reaches_target": planned.reaches,
        "ip_addresses": planned.addresses,
        "days": [
            {
                "step": one.step,
                "day": str(one.day),
                "volume": one.volume,
                **({} if one.per_hour is None else {"per_hour": one.per_hour}),
            }
            for one in planned.days
        ],
    }


def _plan_page(planned: WarmupPlan, lang: Lang) -> Lines:
    name, days = verbatim(planned.table.name), len(planned.days)
    yield "", worded(say("warmup.plan", target=planned.target, days=days, name=name), lang)
    yield "", ""
    width = max(len(f"{one.volume:,}") for one in planned.days)
    for one in planned.days:
        limit = one.per_hour
        hourly = "" if limit is None else f"  {worded(say('warmup.per_hour', n=limit), lang)}"
        yield f"{one.step:>3}  ", f"{one.day}  {one.volume:>{width},}{hourly}"
    yield "", ""
    if not planned.reaches:
        yield "", worded(say("warmup.ends_below", target=planned.target), lang)
    yield "", worded(say("warmup.sending_days"), lang)
    yield "", worded(say("warmup.addresses", n=planned.addresses), lang)


def _status_document(
    standing: WarmupStanding | None, start: date, schedule: str, target: int | None, lang: Lang
) -> dict[str, Any]:
    document: dict[str, Any] = {"schedule": schedule, "start": str(start), "target": target}
    if standing is None:
        return document | {"step": 0, "days": [], "next": None, "advice": None, "reasons": []}
    ahead = {
        "step": standing.step if standing.holds else standing.step + 1,
        "ceiling": standing.ceiling,
        "scheduled": standing.scheduled,
    }
    return document | {
        "step": standing.step,
        "is_over": standing.is_over,
        "days": [
            {
                "step": one.step,
                "day": str(one.day),
                "processed": one.sent.processed,
                "allowed": one.allowed,
                "bounces": one.sent.bounces,
                "blocks": one.sent.blocks,
                "deferred": one.sent.deferred,
            }
            for one in standing.days
        ],
        "next": ahead,
        "advice": "hold" if standing.holds else "continue",
        "reasons": [worded(risen.reason, lang) for risen in standing.risen],
    }


def _status_page(standing: WarmupStanding | None, start: date, lang: Lang) -> Lines:
    if standing is None:
        yield "", worded(say("warmup.no_mail", start=str(start)), lang)
        return
    for one in standing.days:
        sent, allowed = one.sent.processed, one.allowed
        mark = "!" if sent > allowed else " "
        text = worded(say("warmup.day", sent=sent, allowed=allowed), lang)
        yield f"{one.step:>3} {mark} ", f"{one.day}  {text}"
    yield "", ""
    yield from _advice(standing, lang)
    yield "", worded(say("warmup.sending_days"), lang)


def _advice(standing: WarmupStanding, lang: Lang) -> Lines:
    if standing.is_over and standing.target is not None:
        yield "✓ ", worded(say("warmup.over", target=standing.target), lang)
        return
    if standing.holds:
        yield "! ", worded(say("warmup.hold", n=standing.ceiling), lang)
        for risen in standing.risen:
            yield "  ", worded(risen.reason, lang)
        return
    step = standing.step + 1
    yield "✓ ", worded(say("warmup.continue", n=standing.ceiling, step=step), lang)
    if standing.ceiling < standing.scheduled:
        yield "  ", worded(say("warmup.less", scheduled=standing.scheduled), lang)
