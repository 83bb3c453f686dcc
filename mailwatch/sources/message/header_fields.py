"""The header fields that a message has to have in order: From, Date, Message-ID; Feedback-ID."""

import re
from collections.abc import Iterator
from datetime import timedelta

from mailwatch.model import Cause, Measurement, Phrase, say
from mailwatch.sources.message import metrics
from mailwatch.sources.message.examination import Examined
from mailwatch.sources.message.what_passed import is_covered, subject_of, why_not_covered
from mailwatch.text.inert import inert_octets
from mailwatch.text.timestamp import is_well_formed, parse_timestamp

_TEXT = r"[^\s<>@\[\]\\\x00-\x1f\x7f]+"
_MESSAGE_ID = re.compile(rf'<(?:{_TEXT}|"[^"\r\n]*")@(?:{_TEXT}|\[[^\[\]\r\n]*\])>')
_SENDER_ID = re.compile(r"[^\s:]{5,15}")
_FURTHEST = timedelta(days=1)
"""From Date to the time it was received; more is seen in spam."""


def measure_header_fields(examined: Examined) -> Iterator[Measurement]:
    """Whether each of the fields is there once and well formed."""
    subject = subject_of(examined)
    for metric, (word, evidence) in {
        metrics.FROM: _author(examined),
        metrics.DATE: _date(examined),
        metrics.MESSAGE_ID: _message_id(examined),
    }.items():
        yield Measurement(metric, subject, word, evidence=tuple(evidence))
    word, evidence = _feedback_id(examined)
    covered = is_covered(examined, "feedback-id")
    if word == "valid" and isinstance(covered, Phrase):
        cause = Cause.COULD_NOT_ASK
        yield Measurement(metrics.FEEDBACK_ID, subject, cause=cause, note=covered)
        return
    if word == "valid" and not covered:
        why = why_not_covered(examined, "message.feedback_unsigned", "feedback-id")
        word, evidence = "unsigned", [why, *evidence]
    yield Measurement(metrics.FEEDBACK_ID, subject, word, evidence=tuple(evidence))


def _values(examined: Examined, name: str) -> list[str]:
    return [field.value for field in examined.source.message.named(name)]


def _shown(name: str, values: list[str]) -> list[Phrase]:
    return [say("message.field", name=name, value=inert_octets(value, 200)) for value in values[:3]]


def _author(examined: Examined) -> tuple[str, list[Phrase]]:
    author = examined.author
    evidence = _shown("From", _values(examined, "from"))
    if author.state != "one":
        evidence.insert(0, say(f"message.from_{author.state}"))
    return author.state, evidence


def _date(examined: Examined) -> tuple[str, list[Phrase]]:
    values = _values(examined, "date")
    evidence = _shown("Date", values)
    if not values:
        return "missing", [say("message.no_field", name="Date")]
    if len(values) > 1:
        return "several", evidence
    if not is_well_formed(values[0]):
        return "malformed", evidence
    moment = parse_timestamp(values[0])
    if moment is not None and examined.hops and abs(moment - examined.moment) > _FURTHEST:
        hours = round(abs(moment - examined.moment) / timedelta(hours=1))
        return "wrong", [say("message.date_off", hours=hours), *evidence]
    return "valid", evidence


def _message_id(examined: Examined) -> tuple[str, list[Phrase]]:
    values = _values(examined, "message-id")
    if not values:
        return "missing", [say("message.no_field", name="Message-ID")]
    if len(values) > 1:
        return "several", _shown("Message-ID", values)
    sound = len(values[0]) < 1000 and _MESSAGE_ID.fullmatch(values[0]) is not None
    return "valid" if sound else "malformed", _shown("Message-ID", values)


def _feedback_id(examined: Examined) -> tuple[str, list[Phrase]]:
    """`a:b:c:SenderId`: up to three names and a sender of 5 to 15 characters.

    https://support.google.com/a/answer/6254652
    """
    values = _values(examined, "feedback-id")
    evidence = _shown("Feedback-ID", values)
    if not values:
        return "missing", evidence
    if len(values) > 1:
        return "several", evidence
    *names, sender = values[0].split(":")
    if len(names) > 3 or not _SENDER_ID.fullmatch(sender) or any(" " in name for name in names):
        return "malformed", [say("message.feedback_form"), *evidence]
    return "valid", evidence
