"""What SendGrid's Event Webhook sends: verified, then counted.

https://www.twilio.com/docs/sendgrid/for-developers/tracking-events/getting-started-event-webhook-security-features
The signature is ECDSA (P-256, SHA-256) over the time stamp and the body as they came.
"""

import base64
import binascii
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from mailwatch.errors import ConfigError
from mailwatch.history.events import KEPT_HOURS, OTHERS, MailEvent, event_number
from mailwatch.text.inert import inert

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey

SIGNATURE = "x-twilio-email-event-webhook-signature"
TIMESTAMP = "x-twilio-email-event-webhook-timestamp"
AHEAD = 1
"""Hours that the time of an event may be ahead of ours."""
_DELIVERY = ("processed", "dropped", "delivered", "deferred", "bounce", "account_status_change")
_READERS = ("open", "click", "spamreport", "unsubscribe", "group_unsubscribe", "group_resubscribe")
EVENTS = frozenset({*_DELIVERY, *_READERS})
BLOCKED = "blocked"
"""A bounce of the type `blocked`, which SendGrid's statistics count as a block."""
OTHER_EVENT = "other"
_SECONDS = re.compile(r"[0-9]{1,12}")
_DOMAIN = re.compile(r"[a-z0-9_]([a-z0-9._-]{0,252}[a-z0-9])?")


class RefusedError(Exception):
    """The request is not taken: the HTTP status, and why."""

    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status = status
        self.why = why


@dataclass(frozen=True, slots=True)
class Receiver:
    """The public keys, and how old a time stamp may be."""

    keys: "Mapping[str, EllipticCurvePublicKey]" = field(default_factory=dict)
    """By subuser; of the account itself under an empty name."""
    max_age: float = 300.0
    """Seconds, before and after now."""

    def check_headers(self, subuser: str, headers: Mapping[str, str], now: float) -> "Signed":
        """What has to be verified, before the body is read. Raises RefusedError."""
        key = self.keys.get(subuser)
        if key is None:
            raise RefusedError(404, "no public key is configured for this address")
        stamp, written = headers.get(TIMESTAMP, ""), headers.get(SIGNATURE, "")
        if not stamp or not written:
            raise RefusedError(401, "the signature is missing")
        if not _SECONDS.fullmatch(stamp) or abs(now - int(stamp)) > self.max_age:
            raise RefusedError(401, "the time stamp is too old, or not a time")
        try:
            return Signed(key, stamp.encode(), base64.b64decode(written, validate=True))
        except (binascii.Error, ValueError):
            raise RefusedError(401, "the signature is not valid") from None


@dataclass(frozen=True, slots=True)
class Signed:
    """A signature of a body that is still to come."""

    key: "EllipticCurvePublicKey"
    stamp: bytes
    signature: bytes

    def verify(self, body: bytes) -> None:
        """Raises RefusedError where `body` is not what was signed."""
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives.asymmetric.ec import ECDSA
        from cryptography.hazmat.primitives.hashes import SHA256

        try:
            self.key.verify(self.signature, self.stamp + body, ECDSA(SHA256()))
        except InvalidSignature:
            raise RefusedError(401, "the signature is not valid") from None


def read_key(text: str, whose: str) -> "EllipticCurvePublicKey":
    """The public key as SendGrid shows it: base64 of its DER form. Raises ConfigError."""
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey
    from cryptography.hazmat.primitives.serialization import load_der_public_key

    try:
        key = load_der_public_key(base64.b64decode(text.strip(), validate=True))
    except (ValueError, UnsupportedAlgorithm):
        key = None
    if not isinstance(key, EllipticCurvePublicKey) or not isinstance(key.curve, SECP256R1):
        raise ConfigError(
            f"The webhook's public key of {whose} is not an ECDSA key on P-256",
            "Copy it from SendGrid: Settings, Mail Settings, Event Webhooks, Signature.",
        )
    return key


def read_events(body: bytes, subuser: str, hour: int) -> list[MailEvent]:
    """What is counted of a signed body: all events of a known time, at `hour` of now.

    Raises RefusedError for a body that is not a list. An event that is older than events are
    known again, or that has no time, is left out: it could be counted twice.
    """
    try:
        items = json.loads(body)
    except (ValueError, RecursionError):
        raise RefusedError(400, "the body is not JSON") from None
    if not isinstance(items, list):
        raise RefusedError(400, "the body is not a list of events")
    events = (_event(item, subuser) for item in items if isinstance(item, dict))
    return [event for event in events if event and hour - KEPT_HOURS <= event.hour <= hour + AHEAD]


def _event(item: Mapping[str, Any], subuser: str) -> MailEvent | None:
    moment = item.get("timestamp")
    if not isinstance(moment, int) or isinstance(moment, bool) or not 0 < moment < 10**12:
        return None
    kind, name = item.get("event"), item.get("sg_event_id")
    if kind == "bounce" and item.get("type") == BLOCKED:
        kind = BLOCKED
    elif not isinstance(kind, str) or kind not in EVENTS:
        kind = OTHER_EVENT
    if not isinstance(name, str) or not name:  # the whole event stands for the missing name
        name = json.dumps(item, sort_keys=True)
    return MailEvent(moment // 3600, subuser, _domain(item.get("email")), kind, event_number(name))


def _domain(email: Any) -> str:
    """The domain of an address, without the rest of it; OTHERS for what is not a domain."""
    if not isinstance(email, str):
        return OTHERS
    domain = email.rpartition("@")[2].strip().strip(">").lower()
    if domain.isascii():
        return domain if _DOMAIN.fullmatch(domain) else OTHERS
    return OTHERS if len(domain) > 253 else inert(domain, 253)
