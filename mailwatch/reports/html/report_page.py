"""The order of the page."""

from mailwatch.model import Report
from mailwatch.reports.headline import heading, verdict
from mailwatch.reports.html.card import Address, card, nowhere
from mailwatch.reports.html.document import page
from mailwatch.reports.html.markup import Markup, element, join
from mailwatch.reports.html.overview import (
    closing,
    notes,
    opening,
    requirements,
    section,
    sources,
    summary,
    what_is_fine,
)
from mailwatch.reports.outline import blocks, is_summed_up
from mailwatch.reports.view import View


def report_page(report: Report, view: View) -> str:
    """The report as a whole page."""
    title = f"{verdict(report, view.lang)} · {heading(report, view.lang)}"
    return page(title, report_body(report, view), view.lang)


def report_body(report: Report, view: View) -> Markup:
    """The report as the body of a page."""
    lang = view.lang
    parts = trouble(report, view)
    if not view.quiet:
        parts += what_is_fine(report, view)
        parts += requirements(report, view)
    parts += notes(report, lang)
    parts += sources(report, lang)
    return join([opening(report, lang), element("main", *parts), closing(report, lang)])


def trouble(report: Report, view: View, address: Address = nowhere) -> list[Markup]:
    """What is not ok: a summary, and a card for each block."""
    lang = view.lang
    troubles = tuple(blocks(report, view))
    idents = [f"finding-{n}" for n in range(1, len(troubles) + 1)]
    parts: list[Markup] = []
    if is_summed_up(troubles):
        parts.append(summary(troubles, report, lang, idents))
    if troubles:
        pairs = zip(troubles, idents, strict=True)
        cards = (card(block, lang, ident, address) for block, ident in pairs)
        parts.append(section("not_ok", join(cards), lang))
    return parts
