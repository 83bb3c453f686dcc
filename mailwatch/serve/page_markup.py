"""The parts that pages are made of. Every text that is given is escaped here, and only here."""

from collections.abc import Iterable, Sequence
from html import escape
from urllib.parse import quote, urlencode

from mailwatch.model import Lang, Level, Subject, say
from mailwatch.reports.headline import marked
from mailwatch.words import worded

SHORT = 24
"""Characters of a cell that is kept on one line."""
STYLE_PATH, ICON_PATH = "/style.css", "/icon.svg"


class Html(str):
    """Text that is HTML already."""

    __slots__ = ()


Part = str | Html


def text(part: Part) -> Html:
    """`part` as HTML."""
    return part if isinstance(part, Html) else Html(escape(part))


def element(name: str, *parts: Part, **attributes: str) -> Html:
    """One element. `class_` is the attribute class, and `aria_label` is aria-label."""
    given = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(value)}"'
        for key, value in attributes.items()
    )
    return Html(f"<{name}{given}>{''.join(map(text, parts))}</{name}>")


def join(parts: Iterable[Part]) -> Html:
    """All parts, one after the other."""
    return Html("".join(map(text, parts)))


def link(target: str, part: Part) -> Html:
    """A link within these pages."""
    return element("a", part, href=target)


def series_link(check: str, subject: Subject) -> str:
    """The address of a check and subject."""
    query = urlencode(subject.pairs)
    return f"/checks/{quote(check, safe='')}{'?' + query if query else ''}"


def level_mark(level: Level, lang: Lang) -> Html:
    """Sign, word and colour of a level."""
    return element("span", marked(level, lang), class_=f"level {level.value}")


def table(caption: str, headers: Sequence[str], rows: Iterable[Sequence[Part]]) -> Html:
    """A table that scrolls by itself where it is wide; the first cell of a row is its header."""
    head = join(element("th", header, scope="col") for header in headers)
    body = join(
        element(
            "tr",
            element("th", first, scope="row", **_kept_whole(first)),
            *(element("td", cell, **_kept_whole(cell)) for cell in rest),
        )
        for first, *rest in rows
    )
    whole = element(
        "table",
        element("caption", caption),
        element("thead", element("tr", head)),
        element("tbody", body),
    )
    return element("div", whole, class_="wide", tabindex="0", role="region", aria_label=caption)


def _kept_whole(cell: Part) -> dict[str, str]:
    """What keeps a short cell on one line."""
    return {"class_": "short"} if not isinstance(cell, Html) and len(cell) <= SHORT else {}


def listed(items: Iterable[Part]) -> Html:
    """A list."""
    return element("ul", join(element("li", item) for item in items))


def page(title: str, lang: Lang, *parts: Part) -> str:
    """A whole page."""
    names = (("/", "serve.overview"), ("/dns", "serve.dns"))
    menu = join(link(target, worded(say(code), lang)) for target, code in names)
    return (
        f'<!doctype html>\n<html lang="{lang}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n'
        f"<title>{escape(title)} · mailwatch</title>\n"
        f'<link rel="stylesheet" href="{STYLE_PATH}">\n<link rel="icon" href="{ICON_PATH}">\n'
        f"</head>\n<body>\n<header><nav>{menu}</nav></header>\n<main>\n{join(parts)}\n</main>\n"
        "</body>\n</html>\n"
    )


STYLE = """\
:root { color-scheme: light dark; --text: #1b1f24; --ground: #fff; --faint: #57606a;
  --line: #d0d7de; --link: #0550ae; --ok: #116329; --warn: #7d4e00; --breach: #b4161b;
  --unknown: #57606a; --bar: #0969da; --coming: #8250df; }
@media (prefers-color-scheme: dark) { :root { --text: #e6edf3; --ground: #0d1117;
  --faint: #9da7b3; --line: #3d444d; --link: #79b8ff; --ok: #56d364; --warn: #e3b341;
  --breach: #ff7b72; --unknown: #9da7b3; --bar: #4493f8; --coming: #c297ff; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--text);
  font: 1rem/1.5 system-ui, "Noto Sans", "Noto Sans CJK JP", sans-serif; }
header, main { max-width: 62rem; margin: 0 auto; padding: 0.75rem 1rem; }
header { border-bottom: 1px solid var(--line); }
nav a { margin-right: 1.25rem; }
a { color: var(--link); }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
h1 { font-size: 1.5rem; line-height: 1.25; margin: 0.5rem 0; }
h2 { font-size: 1.15rem; margin: 1.75rem 0 0.25rem; }
p { margin: 0.25rem 0 0.75rem; }
.faint { color: var(--faint); }
.level { font-weight: 600; white-space: nowrap; }
.ok { color: var(--ok); } .warn { color: var(--warn); }
.breach { color: var(--breach); } .unknown { color: var(--unknown); }
.wide { overflow-x: auto; }
table { border-collapse: collapse; min-width: 50%; }
caption { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
th, td { text-align: left; padding: 0.3rem 1rem 0.3rem 0; border-bottom: 1px solid var(--line);
  vertical-align: top; font-variant-numeric: tabular-nums; }
th { font-weight: 500; } thead th { color: var(--faint); font-size: 0.9rem; }
thead th, .short { white-space: nowrap; }
code, h1, li { overflow-wrap: anywhere; } td { overflow-wrap: break-word; max-width: 30rem; }
td:has(code) { min-width: 14rem; }
svg { max-width: 100%; height: auto; display: block; margin: 0.75rem 0; }
svg text { fill: var(--faint); font-size: 13px; }
svg .bar { fill: var(--bar); } svg .coming { fill: var(--coming); fill-opacity: 0.45; }
svg .changed { fill: var(--breach); } svg .axis { stroke: var(--line); }
svg .ideal { stroke: var(--warn); stroke-dasharray: 6 4; }
svg .act { stroke: var(--breach); }
@media print { header { display: none; } }
"""

ICON = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16">'
    '<path d="M1 3h14v10H1z" fill="#0969da"/>'
    '<path d="M1 3l7 6 7-6" fill="none" stroke="#fff" stroke-width="1.5"/></svg>\n'
)
