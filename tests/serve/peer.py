"""What SendGrid does: signed batches of events, sent by a plain HTTP client."""

import base64
import http.client
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDSA,
    SECP256R1,
    EllipticCurvePrivateKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

PATH = "/sendgrid/events"
SIGNATURE = "X-Twilio-Email-Event-Webhook-Signature"
TIMESTAMP = "X-Twilio-Email-Event-Webhook-Timestamp"


def event(number: int | str, kind: str, seconds: int, **more: Any) -> dict[str, Any]:
    """One event, with what SendGrid puts into it."""
    return {
        "email": f"reader{number}@gmail.example",
        "timestamp": seconds,
        "smtp-id": f"<{number}@mail.example.com>",
        "event": kind,
        "category": ["newsletter"],
        "sg_event_id": f"id-{number}-{kind}",
        "sg_message_id": f"message-{number}.filter0001.16648.5515E0B88.0",
        **more,
    }


@dataclass(frozen=True)
class Sender:
    """The holder of a private key."""

    private: EllipticCurvePrivateKey = field(
        default_factory=lambda: generate_private_key(SECP256R1())
    )

    @property
    def public(self) -> str:
        """The public key as SendGrid shows it."""
        form = self.private.public_key().public_bytes(
            Encoding.DER, PublicFormat.SubjectPublicKeyInfo
        )
        return base64.b64encode(form).decode()

    def headers(self, body: bytes, seconds: float) -> dict[str, str]:
        """The headers of a request at that time."""
        stamp = str(int(seconds))
        signature = self.private.sign(stamp.encode() + body, ECDSA(SHA256()))
        return {
            SIGNATURE: base64.b64encode(signature).decode(),
            TIMESTAMP: stamp,
            "Content-Type": "application/json",
        }


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    text: str


def ask(
    port: int,
    path: str = "/",
    method: str = "GET",
    body: bytes | None = None,
    headers: Mapping[str, str] | None = None,
) -> Answer:
    """One request on a connection of its own."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request(method, path, body, dict(headers or {}))
        response = connection.getresponse()
        text = response.read().decode()
        names = {name.lower(): value for name, value in response.getheaders()}
        return Answer(response.status, names, text)
    finally:
        connection.close()


def packed(events: Sequence[Any]) -> bytes:
    """A batch as a body."""
    return json.dumps(events).encode()
