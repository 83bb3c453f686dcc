"""The shell of a page: one file that needs no other, and runs no script."""

from mailwatch.model import Lang
from mailwatch.reports.html.markup import Markup, element, text
from mailwatch.reports.html.stylesheet import STYLESHEET

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'"
"""Nothing is loaded and nothing runs, whatever is in the page."""


def page(title: str, body: Markup, lang: Lang) -> str:
    """A whole page with `title` as text and `body` as markup."""
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="color-scheme", content="light dark"),
        element("meta", http_equiv="Content-Security-Policy", content=_POLICY),
        element("link", rel="icon", href="data:,"),  # or a browser asks the server for one
        element("title", text(title)),
        Markup("\n"),
        element("style", Markup(STYLESHEET)),
    )
    return f"<!DOCTYPE html>\n{element('html', head, element('body', body), lang=lang)}"
