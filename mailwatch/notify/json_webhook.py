"""A webhook of your own: the notice as JSON, signed.

    POST, Content-Type: application/json
    Mailwatch-Timestamp: 1795536000
    Mailwatch-Signature: v1=<hex of HMAC-SHA256(secret, timestamp + "." + body)>

The time stamp is in what is signed, so that a copied request is old. The body is
`mailwatch.notice/1`, see `schemas/notice.json`: what happened to each problem. It is not the whole
report, which has everything again each time: a receiver wants to know what is new.
"""

import hashlib
import hmac
from typing import Any

from mailwatch.notify.notice import Notice
from mailwatch.notify.posting import Post, json_post

SCHEMA = "mailwatch.notice/1"


def webhook_post(url: str, notice: Notice, secret: str, seconds: int) -> Post:
    """The request. `seconds` is the present time since the epoch."""
    post = json_post(url, document(notice))
    if not secret:
        return post
    signed = {
        **post.headers,
        "Mailwatch-Timestamp": str(seconds),
        "Mailwatch-Signature": f"v1={signature(secret, seconds, post.body)}",
    }
    return Post(url, post.body, signed, secrets=(secret,))


def signature(secret: str, seconds: int, body: bytes) -> str:
    """What a receiver computes and compares in constant time."""
    return hmac.new(secret.encode(), f"{seconds}.".encode() + body, hashlib.sha256).hexdigest()


def document(notice: Notice) -> dict[str, Any]:
    """The notice as JSON values."""
    report = notice.report
    return {
        "schema": SCHEMA,
        "generated_at": report.generated_at.isoformat(timespec="seconds") if report else None,
        "mailwatch": report.version if report else None,
        "verdict": notice.verdict.value,
        "watched": list(report.subjects) if report else [],
        "subject": notice.subject,
        "problems": [
            {
                "key": entry.key,
                "event": entry.kind.value,
                "level": entry.level.value,
                "opened": entry.opened,
                "title": entry.title,
                "lines": list(entry.lines),
            }
            for entry in notice.entries
        ],
        "text": list(notice.lines),
    }
