"""POST /v3/mail/send, with what the real one refuses.

Nothing is delivered: the tests read what was sent from the requests that were recorded. (Twilio
SendGrid API reference: Mail Send; its errors: v3 Mail Send errors.)
"""

import json
import re
from typing import Any

from mailwatch.demo.sendgrid.routes import SendGridRefusal
from mailwatch.demo.story.world import World
from mailwatch.demo.wire.exchange import Json, Request

MAIL_SEND = "/v3/mail/send"
SCOPE = "mail.send"
MOST_RECIPIENTS = 1000
RESERVED = frozenset(
    {
        "x-sg-id", "x-sg-eid", "received", "dkim-signature", "content-type",
        "content-transfer-encoding", "to", "from", "subject", "reply-to", "cc", "bcc",
    }
)  # fmt: skip
"""Header fields that the API sets itself."""
_ADDRESS = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)*")


def accept(world: World, request: Request) -> None:
    """Takes a mail. Raises SendGridRefusal."""
    if request.method != "POST":
        raise SendGridRefusal(405, "Method Not Allowed")
    if SCOPE not in world.scopes:
        raise SendGridRefusal(403, "access forbidden")
    if not request.headers.get("content-type", "").startswith("application/json"):
        raise SendGridRefusal(415, "Content-Type should be application/json.")
    try:
        mail = json.loads(request.body)
    except ValueError:
        raise SendGridRefusal(400, "Bad Request") from None
    if not isinstance(mail, dict):
        raise SendGridRefusal(400, "Bad Request")
    _refuse_recipients(mail.get("personalizations"))
    _refuse_address(mail.get("from"), "from")
    if not isinstance(mail.get("subject"), str) or not mail["subject"]:
        raise SendGridRefusal(400, "The subject is required.", "subject")
    if re.search(r"[\r\n]", mail["subject"]):
        raise SendGridRefusal(400, "The subject must not contain line breaks.", "subject")
    _refuse_content(mail.get("content"))
    _refuse_headers(mail.get("headers") or {})


def _refuse_headers(headers: Json) -> None:
    for name, value in headers.items():
        if name.lower() in RESERVED or not isinstance(value, str):
            raise SendGridRefusal(400, f"The header {name} is reserved.", f"headers.{name}")
        if re.search(r"[\r\n]", name + value):
            raise SendGridRefusal(400, "A header must not contain line breaks.", f"headers.{name}")


def _refuse_recipients(personalizations: Json) -> None:
    if not isinstance(personalizations, list) or not personalizations:
        message = "The personalizations field is required and must have at least one object."
        raise SendGridRefusal(400, message, "personalizations")
    for n, one in enumerate(personalizations):
        people: Any = one.get("to") if isinstance(one, dict) else None
        place = f"personalizations.{n}.to"
        if not isinstance(people, list) or not 0 < len(people) <= MOST_RECIPIENTS:
            message = "The to array is required for all personalization objects."
            raise SendGridRefusal(400, message, place)
        for m, person in enumerate(people):
            _refuse_address(person, f"{place}.{m}.email")
        addresses = [person["email"].lower() for person in people]
        if len(set(addresses)) < len(addresses):
            message = "Each email address in the personalization block should be unique."
            raise SendGridRefusal(400, message, "personalizations")


def _refuse_address(person: Json, place: str) -> None:
    address = person.get("email") if isinstance(person, dict) else None
    if not isinstance(address, str) or not _ADDRESS.fullmatch(address):
        raise SendGridRefusal(400, "Does not contain a valid address.", place)


def _refuse_content(content: Json) -> None:
    """Plain text comes first, then HTML; none may be empty."""
    if not isinstance(content, list) or not content:
        raise SendGridRefusal(400, "The content parameter is required.", "content")
    for n, part in enumerate(content):
        if not isinstance(part, dict) or not part.get("value") or not part.get("type"):
            message = "The content value must be a string at least one character in length."
            raise SendGridRefusal(400, message, f"content.{n}.value")
    kinds = [part["type"] for part in content]
    if "text/plain" in kinds[1:]:
        message = "If present, text/plain must be the first content type."
        raise SendGridRefusal(400, message, "content")
