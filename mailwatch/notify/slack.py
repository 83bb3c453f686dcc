"""Slack's incoming webhooks, and what understands them: Mattermost, Rocket.Chat, Discord's /slack.

One text, so that all of them show it. Slack is asked not to look for names and links in it.
"""

from mailwatch.notify.chat_text import slack_text
from mailwatch.notify.notice import Notice
from mailwatch.notify.posting import Post, json_post

LONGEST = 12_000
"""Characters. Slack cuts a text at 40,000, Mattermost refuses one over 16,383."""


def slack_post(url: str, notice: Notice) -> Post:
    """The request."""
    lines = "\n".join(slack_text(line) for line in notice.paragraphs())
    text = f"*{slack_text(notice.subject)}*\n{lines}"
    if len(text) > LONGEST:
        text = text[:LONGEST].rpartition("\n")[0] + "\n…"
    return json_post(
        url,
        {
            "text": text,
            "parse": "none",
            "link_names": False,
            "unfurl_links": False,
            "unfurl_media": False,
        },
    )
