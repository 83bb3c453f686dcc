"""The HTML part of a mail: no script, no style sheet, no picture from elsewhere. Charts are bars of
table cells, since mail clients drop SVG.
"""

import re
from collections.abc import Iterator
from html import escape

from mailwatch.model import Finding, Level, Report
from mailwatch.notify.notice import Notice
from mailwatch.reports.facts import limits, sample, value
from mailwatch.reports.glue import unglue
from mailwatch.reports.groups import chosen_actions, named
from mailwatch.reports.headline import heading, marked, source_summaries, tally, verdict
from mailwatch.reports.view import View

COLOURS = {
    Level.BREACH: "#b3261e",
    Level.WARN: "#8a5a00",
    Level.UNKNOWN: "#4a5568",
    Level.OK: "#1b6e3c",
}
TALLEST = 40
"""Pixels of the highest bar."""
MOST_BARS = 31
MOST_CARDS = 60
_BODY = re.compile(r"<body[^>]*>")


def mail_html(notice: Notice, view: View) -> str:
    """The whole part: what there is to say, and below it the report."""
    report = notice.report
    if report is None:
        return _page(notice.subject, view, [*_said(notice)])
    page = render_report(report, view)
    said = "".join(_said(notice))
    return _BODY.sub(lambda match: match[0] + said, page, count=1)


def render_report(report: Report, view: View) -> str:
    """The report as a page for mail clients."""
    return _page(verdict(report, view.lang), view, [*_report(report, view)])


def _page(title: str, view: View, parts: list[str]) -> str:
    return (
        f'<!doctype html><html lang="{view.lang}"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width"><title>{escape(title)}</title></head>'
        '<body style="font-family:sans-serif;font-size:15px;line-height:1.5;max-width:640px">\n'
        + "\n".join(parts)
        + "\n</body></html>\n"
    )


def _said(notice: Notice) -> Iterator[str]:
    """What to say above the report."""
    for n, line in enumerate(notice.above_report()):
        shown = escape(line)
        yield f"<p>{f'<b>{shown}</b>' if n < len(notice.entries) else shown}</p>"


def _report(report: Report, view: View) -> Iterator[str]:
    colour = COLOURS[report.verdict]
    yield f'<h1 style="font-size:22px;color:{colour}">{escape(verdict(report, view.lang))}</h1>'
    yield f"<p>{escape(unglue(tally(report, view.lang)))}<br>"
    yield f"{escape(heading(report, view.lang))}</p>"
    wrong = [finding for finding in report.counted if finding.level is not Level.OK]
    for finding in wrong[:MOST_CARDS]:
        yield from _card(finding, view)
    if len(wrong) > MOST_CARDS:
        yield f"<p>+{len(wrong) - MOST_CARDS}</p>"
    yield f"<p>{escape(unglue(' · '.join(source_summaries(report, view.lang))))}</p>"


def _card(finding: Finding, view: View) -> Iterator[str]:
    lang, colour = view.lang, COLOURS[finding.level]
    about = named(finding.measurement.subject.pairs)
    title = f"{marked(finding.level, lang)} · {finding.check.title[lang]} {value(finding)}"
    yield f'<div style="border-left:4px solid {colour};padding:2px 0 2px 12px;margin:16px 0">'
    yield f'<h2 style="font-size:17px;margin:0;color:{colour}">{escape(unglue(title))}</h2>'
    facts = (about, limits(finding, lang), sample(finding.measurement, lang))
    yield f"<p>{escape(unglue(' · '.join(filter(None, facts))))}</p>"
    yield from _bars(finding)
    actions = (f"<li>{escape(one)}</li>" for one in chosen_actions([finding], lang, 2))
    yield f"<ol>{''.join(actions)}</ol></div>"


def _bars(finding: Finding) -> Iterator[str]:
    days = [day for day in finding.measurement.daily if day.value is not None][-MOST_BARS:]
    highest = max((day.value or 0.0 for day in days), default=0.0)
    if len(days) < 2 or highest <= 0:
        return
    cells = "".join(
        f'<td style="vertical-align:bottom;padding:0 1px" title="{day.day}">'
        f'<div style="width:8px;background:{COLOURS[finding.level]};'
        f'height:{max(1, round(TALLEST * max(0.0, day.value or 0.0) / highest))}px"></div></td>'
        for day in days
    )
    label = f"{days[0].day} – {days[-1].day}"
    yield f'<table role="img" aria-label="{escape(label)}" cellspacing="0"><tr>{cells}</tr></table>'
