"""Microsoft Teams: an Adaptive Card to the address that its Workflows app gives for a channel.

The same envelope works with the older incoming webhooks. A TextBlock knows a part of Markdown
(links, emphasis, lists): its signs are broken up. Mentions need an entity beside the text, and
there is none. (Microsoft Learn: Text features in Adaptive Cards.)
"""

from typing import Any

from mailwatch.model import Level
from mailwatch.notify.chat_text import BREAK, broken_up
from mailwatch.notify.notice import Notice
from mailwatch.notify.posting import Post, json_post

LONGEST = 20_000
"""Characters; Teams refuses a message over 28 kB."""
MOST_LINES = 60
_COLOURS = {Level.BREACH: "Attention", Level.WARN: "Warning", Level.OK: "Good"}


def teams_post(url: str, notice: Notice) -> Post:
    """The request."""
    body = [
        _block(notice.subject, weight="Bolder", color=_COLOURS.get(notice.verdict, "Default")),
    ]
    left = LONGEST
    for line in [*notice.paragraphs()][:MOST_LINES]:
        left -= len(line)
        if left < 0:
            body.append(_block("…"))
            break
        body.append(_block(line.strip(), spacing="None" if line.startswith(" ") else "Default"))
    card = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "body": body,
    }
    attachment = {"contentType": "application/vnd.microsoft.card.adaptive", "content": card}
    return json_post(url, {"type": "message", "attachments": [attachment]})


def _block(text: str, **look: str) -> dict[str, Any]:
    # A list would begin with a dash or a number.
    lead = BREAK if text[:1] in "-+#>" or text[:1].isdigit() else ""
    return {"type": "TextBlock", "text": lead + broken_up(text), "wrap": True, **look}
