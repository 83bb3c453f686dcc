"""One-click unsubscribe (RFC 8058), which Gmail and Yahoo ask of those who send to many."""

import re

from mailwatch.mailauth.rawmessage import RawMessage
from mailwatch.model import Cause, Measurement, Phrase, say
from mailwatch.sources.message import metrics
from mailwatch.sources.message.examination import Examined
from mailwatch.sources.message.what_passed import is_covered, subject_of, why_not_covered
from mailwatch.text.inert import inert_octets

LIST, POST = "list-unsubscribe", "list-unsubscribe-post"
_LONGEST = 20_000
_ADDRESS = re.compile(r"<([^<>]*)>")
_HTTPS = re.compile(r"https://[^\s/?#]+(?:[/?#]\S*)?", re.IGNORECASE)
_ONE_CLICK = "list-unsubscribe=one-click"


def judge_one_click(examined: Examined) -> tuple[str | None, Phrase | None]:
    """`present`, `missing`, `unsigned` or `invalid`, or None where a question failed; and why it is
    not `present`."""
    word, why = _written(examined.source.message)
    if word != "present":
        return word, why
    covered = is_covered(examined, LIST, POST)  # §4: a valid signature must cover both
    if covered is True:
        return "present", None
    if covered is False:
        return "unsigned", why_not_covered(examined, "message.one_click_unsigned", LIST, POST)
    return None, covered


def _written(message: RawMessage) -> tuple[str, Phrase | None]:
    lists, posts = message.named(LIST), message.named(POST)
    if not lists and not posts:
        return "missing", say("message.one_click_missing")
    if not lists or not posts:
        name = "List-Unsubscribe" if posts else "List-Unsubscribe-Post"
        return "missing" if lists else "invalid", say("message.no_field", name=name)
    if len(lists) > 1 or len(posts) > 1:
        return "invalid", say("message.one_click_several")
    if posts[0].value.lower() != _ONE_CLICK:
        value = inert_octets(posts[0].value, 100)
        return "invalid", say("message.one_click_post", value=value)
    addresses = [uri.strip() for uri in _ADDRESS.findall(lists[0].value[:_LONGEST])]
    if not any(_HTTPS.fullmatch(uri) for uri in addresses):
        return "invalid", say("message.one_click_no_https")
    return "present", None


def measure_one_click(examined: Examined) -> Measurement:
    """Whether one click unsubscribes."""
    word, why = judge_one_click(examined)
    if word is None:
        cause = Cause.COULD_NOT_ASK
        return Measurement(metrics.ONE_CLICK, subject_of(examined), cause=cause, note=why)
    evidence = [why] if why else []
    value = examined.source.message.first(LIST)
    if value:
        evidence.append(
            say("message.field", name="List-Unsubscribe", value=inert_octets(value, 200))
        )
    return Measurement(metrics.ONE_CLICK, subject_of(examined), word, evidence=tuple(evidence))
