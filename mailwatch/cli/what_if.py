"""what-if: each threshold after a send, and whether a warm-up allows it."""

import json
import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from rich.cells import cell_len

from mailwatch.catalog.catalog import Catalog
from mailwatch.cli.account_figures import configured, measure_account
from mailwatch.cli.explain import wrapped
from mailwatch.cli.options import PageOptions
from mailwatch.cli.output import choose_language, choose_width, print_out
from mailwatch.clock import Clock
from mailwatch.errors import ConfigError
from mailwatch.judge.after_send import BOUNCE_RATE, AfterSend, Send, after_send
from mailwatch.judge.room_left import left_before, phrase_of
from mailwatch.model import Finding, Lang, Level, Phrase, say, verbatim
from mailwatch.reports.console.layout import pad
from mailwatch.reports.facts import limits, value
from mailwatch.reports.headline import SIGNS
from mailwatch.text.inert import inert
from mailwatch.text.units import display, parse_value
from mailwatch.warmup.next_step import reached_step, stand
from mailwatch.warmup.sending import sent_each_day
from mailwatch.warmup.table import published_table
from mailwatch.words import worded


@dataclass(frozen=True, slots=True)
class _Ceiling:
    """What a warm-up allows on the next sending day."""

    allowed: int
    most: int
    """Messages of the busiest day that is known."""
    days: int


def what_if(clock: Clock, messages: int, bounce_rate: str | None, options: PageOptions) -> int:
    """Prints each threshold after the send; 1 where something would be a breach."""
    config, catalog = configured(options)
    send = Send(messages, _read_rate(bounce_rate, catalog))
    report = measure_account(config, catalog, clock)
    effects = tuple(after_send(report.findings, send, catalog))
    start = config.sendgrid.warmup_start if config.sendgrid else None
    ceiling = _ceiling(report.findings, start)
    if options.format == "json":
        lang = choose_language(options.lang, {}, sys.stdout)
        document = _document(send, effects, ceiling, lang)
        print_out([json.dumps(document, ensure_ascii=False, indent=2), "\n"])
    else:
        lang = choose_language(options.lang, os.environ, sys.stdout)
        width = choose_width(options.width, os.environ)
        print_out(wrapped(_page(send, effects, ceiling, lang), width))
    return int(any(one.after.level is Level.BREACH for one in effects))


def _read_rate(text: str | None, catalog: Catalog) -> float | None:
    if text is None:
        return None
    try:
        rate = parse_value(text, catalog.check(BOUNCE_RATE))
    except ValueError as error:
        raise ConfigError(f"--bounce-rate {inert(text, 40)} {error}", "Write 4%.") from None
    if isinstance(rate, str) or not 0 <= rate <= 1:
        raise ConfigError(f"--bounce-rate {inert(text, 40)} is not from 0% to 100%", "Write 4%.")
    return rate


def _ceiling(findings: Sequence[Finding], start: Any) -> _Ceiling | None:
    """The next step of the published schedule: of the warm-up that is going on, or, without one,
    one step beyond the busiest day that is known. None where no day is known."""
    sent = sent_each_day(finding.measurement for finding in findings)
    most = max((one.processed for one in sent.values()), default=0)
    if not sent:
        return None
    standing = stand(sent, start, published_table(), None) if start else None
    if standing is not None:
        return _Ceiling(standing.ceiling, most, len(sent))
    table = published_table()
    following = table.allowed_on(reached_step(table, most) + 1)
    return _Ceiling(max(most, following), most, len(sent))


def _document(
    send: Send, effects: Sequence[AfterSend], ceiling: _Ceiling | None, lang: Lang
) -> dict[str, Any]:
    return {
        "send": send.messages,
        "bounce_rate": _bounce_rate(send, effects),
        "checks": [_effect(one, lang) for one in effects],
        "warmup": ceiling
        and {
            "allowed": send.messages <= ceiling.allowed,
            "ceiling": ceiling.allowed,
            "busiest_day": ceiling.most,
        },
    }


def _effect(effect: AfterSend, lang: Lang) -> dict[str, Any]:
    before, after = effect.before, effect.after
    measurement, act = after.measurement, after.threshold.act
    k, n = measurement.numerator, measurement.denominator
    left = None
    if act and not isinstance(act.value, str) and measurement.proportion and k is not None and n:
        left = left_before(k, n, act.value, str(after.check.worse))
    return {
        "check": after.check.id,
        "before": {"value": before.measurement.value, "level": before.level.value},
        "after": {"value": measurement.value, "level": after.level.value},
        "display": value(after),
        "numerator": k,
        "denominator": n,
        "budget": left,
        "reason": worded(after.reason, lang),
    }


def _page(
    send: Send, effects: Sequence[AfterSend], ceiling: _Ceiling | None, lang: Lang
) -> Iterator[tuple[str, str]]:
    rate = _bounce_rate(send, effects)
    shown = verbatim(display(rate, "percent"))
    yield "", worded(say("whatif.send", n=send.messages, rate=shown), lang)
    yield "", ""
    titles = max((cell_len(one.after.check.title[lang]) for one in effects), default=0)
    for one in effects:
        title = one.after.check.title[lang]
        row = say(
            "whatif.row", before=verbatim(value(one.before)), after=verbatim(value(one.after))
        )
        parts = [pad(title, titles), worded(row, lang), limits(one.after, lang)]
        parts += [worded(left, lang) for left in _left(one.after)]
        yield f"{SIGNS[one.after.level]} ", "  ".join(filter(None, parts))
    if ceiling is not None:
        allows = send.messages <= ceiling.allowed
        yield from _warmup(ceiling, lang, "whatif.within" if allows else "whatif.beyond")


def _warmup(ceiling: _Ceiling, lang: Lang, code: str) -> Iterator[tuple[str, str]]:
    busiest = worded(say("whatif.busiest", days=ceiling.days, most=ceiling.most), lang)
    sign = SIGNS[Level.OK if code.endswith("within") else Level.WARN]
    title = worded(say("warmup.title"), lang)
    yield f"{sign} ", f"{title}  {worded(say(code, allowed=ceiling.allowed), lang)}; {busiest}"


def _left(finding: Finding) -> Iterator[Phrase]:
    """How many more reach the limit after the send; nothing of a figure that is past it."""
    if finding.interval is None or finding.level not in (Level.OK, Level.WARN):
        return
    left = phrase_of(finding.measurement, finding.check, finding.threshold.act)
    if left is not None:
        yield left


def _bounce_rate(send: Send, effects: Sequence[AfterSend]) -> float | None:
    """Of the send: as it was given, else as now."""
    if send.bounce_rate is not None:
        return send.bounce_rate
    now = (one.before.measurement.value for one in effects if one.before.check.id == BOUNCE_RATE)
    return next((rate for rate in now if isinstance(rate, float)), None)
