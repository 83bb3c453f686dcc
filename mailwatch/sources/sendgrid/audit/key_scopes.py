"""What the API key may do beyond reading: monitoring needs nothing of it."""

from collections.abc import Sequence

from mailwatch.model import ACCOUNT, Measurement, say
from mailwatch.sources.sendgrid.audit.endpoints import KEY_SCOPES

NO_PERMISSION = ("2fa_exempt", "2fa_required", "sender_verification_exempt")
"""Listed with the scopes, but they let nobody do anything."""
SHOWN = 3


def beyond_reading(scopes: Sequence[str]) -> tuple[str, ...]:
    """The scopes that change or send something, `mail.send` first."""
    more = {
        scope
        for scope in scopes
        if not scope.endswith(".read") and not scope.startswith(NO_PERMISSION)
    }
    return tuple(sorted(more, key=lambda scope: (scope != "mail.send", scope)))


def measure_key_scopes(scopes: Sequence[str], used: Sequence[str] = ()) -> Measurement:
    """How many scopes the key has that monitoring does not need, `used` aside."""
    more = [scope for scope in beyond_reading(scopes) if scope not in used]
    evidence = []
    if more:
        evidence.append(say("sendgrid.scopes_beyond", names=", ".join(more[:SHOWN])))
    if len(more) > SHOWN:
        evidence.append(say("sendgrid.and_others", count=len(more) - SHOWN))
    return Measurement(KEY_SCOPES, ACCOUNT, len(more), evidence=tuple(evidence))
