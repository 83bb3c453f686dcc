"""The shell of a page: one file that needs no other, and runs no script."""

from collections.abc import Iterable

from mailwatch.model import Lang
from mailwatch.reports.html.markup import Markup, element, text
from mailwatch.reports.html.stylesheet import STYLESHEET

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'"
"""Nothing is loaded and nothing runs, whatever is in the page."""


_ALONE = (
    element("meta", http_equiv="Content-Security-Policy", content=_POLICY),
    element("link", rel="icon", href="data:,"),  # or a browser asks the server for one
    element("style", Markup(STYLESHEET)),
)


def page(title: str, body: Markup, lang: Lang, linked: Iterable[Markup] = _ALONE) -> str:
    """A whole page with `title` as text and `body` as markup.

    `linked` is for a server: where its pages have their style from.
    """
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="color-scheme", content="light dark"),
        element("title", text(title)),
        Markup("\n"),
        *linked,
    )
    return f"<!DOCTYPE html>\n{element('html', head, element('body', body), lang=lang)}"
