"""What these pages add to the report's: their frame, their links, tables that scroll."""

from collections.abc import Iterable, Sequence
from urllib.parse import quote, urlencode

from mailwatch.model import Lang, Subject, say
from mailwatch.reports.html.document import page as document
from mailwatch.reports.html.markup import Markup, element, join, text
from mailwatch.reports.html.stylesheet import STYLESHEET
from mailwatch.words import worded

SHORT = 24
"""Characters of a cell that is kept on one line."""
STYLE_PATH, ICON_PATH = "/style.css", "/icon.svg"
_LINKED = (
    element("link", rel="stylesheet", href=STYLE_PATH),
    element("link", rel="icon", href=ICON_PATH),
)


def link(target: str, shown: str) -> Markup:
    """A link within these pages."""
    return element("a", text(shown), href=target)


def series_link(check: str, subject: Subject) -> str:
    """The address of a check and subject."""
    query = urlencode(subject.pairs)
    return f"/checks/{quote(check, safe='')}{'?' + query if query else ''}"


def part(title: str, *body: Markup) -> Markup:
    """A part of a page under its title."""
    return element("section", element("h2", text(title)), *body, class_="part")


def line(shown: str, class_: str = "") -> Markup:
    """A paragraph."""
    return element("p", text(shown), class_=class_)


def table(caption: str, headers: Sequence[str], rows: Iterable[Sequence[Markup]]) -> Markup:
    """A table that scrolls by itself where it is wide; the first cell of a row is its header."""
    head = (element("th", text(header), scope="col") for header in headers)
    body = (
        element(
            "tr",
            element("th", first, scope="row", class_=_kept_whole(first)),
            *(element("td", cell, class_=_kept_whole(cell)) for cell in rest),
        )
        for first, *rest in rows
    )
    whole = element(
        "table",
        element("caption", text(caption)),
        element("thead", element("tr", *head)),
        element("tbody", *body),
    )
    return element("div", whole, class_="wide", tabindex="0", role="region", aria_label=caption)


def _kept_whole(cell: Markup) -> str:
    """The class that keeps a short text on one line."""
    return "short" if len(cell) <= SHORT and "<" not in cell else ""


def listed(items: Iterable[Markup], class_: str = "") -> Markup:
    """A list."""
    return element("ul", *(element("li", item) for item in items), class_=class_)


def page(title: str, lang: Lang, *body: Markup) -> str:
    """A whole page, with the way to the others above it."""
    names = (("/", "serve.overview"), ("/dns", "serve.dns"))
    menu = element("nav", *(link(target, worded(say(code), lang)) for target, code in names))
    return document(f"{title} · mailwatch", join((menu, *body)), lang, _LINKED)


def plain_page(title: str, lang: Lang, *body: Markup) -> str:
    """A page that has no report on it."""
    return page(title, lang, element("main", element("h1", text(title)), *body))


STYLE = (
    STYLESHEET
    + """
nav { margin-bottom: 1rem; }
nav a { margin-right: 1.25rem; }
main > h1 { font-size: 1.6rem; }
main > p { margin-top: 0.75rem; }
.part > p { margin-bottom: 0.75rem; }
.faint { color: var(--muted); font-size: 0.9rem; }
.wide { overflow-x: auto; margin-bottom: 1rem; border: 1px solid var(--line); border-radius: 12px;
  background: var(--card); }
.wide:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
.wide table { border: 0; border-radius: 0; font-variant-numeric: tabular-nums; }
.wide td { overflow-wrap: break-word; } .wide td:has(code) { min-width: 14rem; }
thead th, .short { white-space: nowrap; }
caption { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
.state.failed { color: var(--breach); font-weight: 600; }
.state.partial { color: var(--warn); font-weight: 600; }
.marked li { padding: 0.15rem 0; }
.pages { columns: 19rem; column-gap: 1.5rem; } .pages li { break-inside: avoid; }
.hours { max-width: none; } svg.hours text { stroke: var(--page); }
svg .bar { fill: var(--days); }
@media print { nav { display: none; } }
"""
)

ICON = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16">'
    '<path d="M1 3h14v10H1z" fill="#0969da"/>'
    '<path d="M1 3l7 6 7-6" fill="none" stroke="#fff" stroke-width="1.5"/></svg>\n'
)
