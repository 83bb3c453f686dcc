"""The options that send a report by mail, as typer takes them."""

from typing import Annotated

import typer

MailTo = Annotated[
    list[str] | None,
    typer.Option(
        "--mail-to",
        metavar="ADDRESS",
        show_default=False,
        help="Also mail the report (repeatable).",
    ),
]
MailSender = Annotated[
    str | None,
    typer.Option(
        "--mail-sender", metavar="ADDRESS", show_default=False, help="Who the mail is from."
    ),
]
MailVia = Annotated[
    str | None,
    typer.Option(
        "--mail-via",
        metavar="HOST[:PORT]|sendgrid",
        show_default=False,
        help="How mail is sent; default: notify: in mailwatch.yaml, else localhost:25.",
    ),
]
