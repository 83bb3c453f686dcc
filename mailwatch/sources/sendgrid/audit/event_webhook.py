"""The event webhook: what an operator learns within seconds, and who else may read or forge it."""

from collections.abc import Iterator, Sequence
from urllib.parse import urlsplit

from mailwatch.model import ACCOUNT, Measurement, Phrase, say
from mailwatch.sources.sendgrid.audit import endpoints
from mailwatch.sources.sendgrid.audit.replies import EVENTS, Webhook
from mailwatch.text.inert import inert

ORDER = ("protected", "missing", "unsigned", "plain_http")


def measure_webhooks(webhooks: Sequence[Webhook]) -> Iterator[Measurement]:
    """The worst of the enabled webhooks, and how many of the four events no webhook delivers."""
    enabled = [webhook for webhook in webhooks if webhook.enabled]
    if not enabled:
        yield Measurement(endpoints.WEBHOOK, ACCOUNT, "missing")
        return
    words = {webhook: _word(webhook) for webhook in enabled}
    worst = max(words.values(), key=ORDER.index)
    evidence = [_place(webhook) for webhook in enabled if words[webhook] == worst != "protected"]
    yield Measurement(endpoints.WEBHOOK, ACCOUNT, worst, evidence=tuple(evidence[:5]))
    lacking = [event for event in EVENTS if all(event not in hook.events for hook in enabled)]
    missing = (say("sendgrid.events_missing", names=", ".join(lacking)),) if lacking else ()
    yield Measurement(endpoints.WEBHOOK_EVENTS, ACCOUNT, len(lacking), evidence=missing)


def _word(webhook: Webhook) -> str:
    if not webhook.url.lower().startswith("https:"):
        return "plain_http"
    return "protected" if webhook.signed else "unsigned"


def _place(webhook: Webhook) -> Phrase:
    """The scheme and host alone: the rest of the address may hold a password or a token."""
    try:
        parts = urlsplit(webhook.url)
        place = f"{parts.scheme}://{parts.hostname or '?'}"
    except ValueError:
        place = "?"
    return say("sendgrid.webhook_at", place=inert(place, 120))
