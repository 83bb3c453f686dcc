"""The HTML part of a mail: what there is to say, and below it the report for mail clients."""

import re
from collections.abc import Iterator
from html import escape

from mailwatch.notify.notice import Notice
from mailwatch.reports.html.mail import render_mail
from mailwatch.reports.html.picture import Pictures
from mailwatch.reports.view import View

_BODY = re.compile(r"<body[^>]*>")


def mail_html(notice: Notice, view: View, pictures: Pictures) -> str:
    """The whole part, with no script and nothing from elsewhere.

    Its charts are added to `pictures`, which have to go with the mail.
    """
    said = "".join(_said(notice))
    if notice.report is None:
        return _page(notice.subject, view, said)
    page = render_mail(notice.report, view, pictures)
    return _BODY.sub(lambda match: match[0] + said, page, count=1)


def _page(title: str, view: View, body: str) -> str:
    return (
        f'<!doctype html><html lang="{view.lang}"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width"><title>{escape(title)}</title></head>'
        f'<body style="font-family:sans-serif;font-size:15px;line-height:1.5;max-width:640px">\n'
        f"{body}\n</body></html>\n"
    )


def _said(notice: Notice) -> Iterator[str]:
    """What to say above the report."""
    for n, line in enumerate(notice.above_report()):
        shown = escape(line)
        yield f"<p>{f'<b>{shown}</b>' if n < len(notice.entries) else shown}</p>"
