"""PagerDuty's Events API v2: an incident opens with a problem, and closes with it.

The `dedup_key` is the same for a problem in every run, so that a reminder or a worse level belongs
to the incident that is open. (PagerDuty Developer: Send an Alert Event.)
"""

import hashlib
from collections.abc import Iterator

from mailwatch.config.notify import PAGERDUTY_URL
from mailwatch.model import Level
from mailwatch.notify.life import Kind
from mailwatch.notify.notice import Entry, Notice
from mailwatch.notify.posting import Post, json_post

LONGEST_SUMMARY = 1024
_SEVERITIES = {Level.BREACH: "critical", Level.WARN: "warning", Level.UNKNOWN: "error"}


def pagerduty_posts(base: str, notice: Notice, key: str) -> Iterator[Post]:
    """A request for each problem; for a message without any, as a summary is, none."""
    for entry in notice.entries:
        event: dict[str, object] = {
            "routing_key": key,
            "event_action": "resolve" if entry.kind is Kind.END else "trigger",
            "dedup_key": dedup_key(notice, entry),
        }
        if entry.kind is not Kind.END:
            event = {**event, "client": "mailwatch", "payload": _payload(notice, entry)}
        yield json_post(f"{base or PAGERDUTY_URL}/v2/enqueue", event, secrets=(key,))


def sample_posts(base: str, notice: Notice, key: str) -> Iterator[Post]:
    """A test opens an incident of the lowest severity and closes it at once."""
    dedup = "mailwatch-test"
    payload = {"summary": notice.lines[0], "source": "mailwatch", "severity": "info"}
    for action, more in (("trigger", {"payload": payload}), ("resolve", {})):
        event = {"routing_key": key, "event_action": action, "dedup_key": dedup, **more}
        yield json_post(f"{base or PAGERDUTY_URL}/v2/enqueue", event, secrets=(key,))


def dedup_key(notice: Notice, entry: Entry) -> str:
    """What is watched and what is wrong, as a key of at most 255 characters."""
    watched = notice.report.subjects if notice.report else ()
    text = "\n".join((*watched, "", entry.key))
    return f"mailwatch-{hashlib.sha256(text.encode()).hexdigest()[:32]}"


def _payload(notice: Notice, entry: Entry) -> dict[str, object]:
    return {
        "summary": entry.title[:LONGEST_SUMMARY],
        "source": notice.about[:255] or "mailwatch",
        "severity": _SEVERITIES.get(entry.level, "info"),
        "component": entry.key[:255],
        "custom_details": {"event": entry.kind.value, "lines": list(entry.lines)},
    }
