"""Does the SendGrid key work, and may it read what mailwatch asks for, and no more?"""

from collections.abc import Iterator

from mailwatch.config import Config, SendGridConfig
from mailwatch.errors import SecretError
from mailwatch.model import say, verbatim
from mailwatch.sources.diagnosis import Diagnosis
from mailwatch.sources.http import ExchangeError, Session
from mailwatch.sources.job import Job
from mailwatch.sources.sendgrid.audit.endpoints import SCOPES as SETTINGS_SCOPES
from mailwatch.sources.sendgrid.audit.key_scopes import beyond_reading
from mailwatch.sources.sendgrid.client import SendGrid

KEY = say("doctor.sendgrid_key")
SCOPES = say("doctor.sendgrid_scopes")
SETTINGS = say("doctor.sendgrid_settings")
ZONE = say("doctor.sendgrid_zone")
NEEDED: tuple[tuple[str, ...], ...] = (("stats.read", "stats.global.read"), ("user.account.read",))
"""Of each group one scope is enough. Which scope opens which endpoint is by their names."""
OF_SEGMENT = {
    "subuser": ("subusers.read", "subusers.stats.read", "subusers.reputations.read"),
    "provider": ("mailbox_providers.stats.read",),
    "category": ("categories.stats.read", "categories.stats.sums.read"),
}
"""What each kind of segment needs."""
MAIL = "mail.send"
"""Needed where notices are mailed through the account."""


def examine(config: Config, job: Job) -> Iterator[Diagnosis]:
    """The key, its scopes, and the account's time zone."""
    settings = config.sendgrid or SendGridConfig()
    try:
        key = settings.api_key.line()
    except SecretError as error:
        yield Diagnosis(KEY, False, say("sendgrid.no_key", what=error.why))
        return
    try:
        with Session(job) as session:
            scopes = SendGrid(key, settings.base_url, session).scopes()
    except ExchangeError as error:
        yield Diagnosis(KEY, False, error.what)
        return
    yield Diagnosis(KEY, True, verbatim(str(settings.api_key)))
    mails = config.notify is not None and config.notify.via == "sendgrid"
    yield _diagnose_scopes(scopes, settings.segments, (MAIL,) if mails else ())
    if settings.audit:
        yield _diagnose_settings(scopes)
    if settings.timezone is None:
        yield Diagnosis(ZONE, None, say("sendgrid.zone_unknown"))
    else:
        yield Diagnosis(ZONE, True, verbatim(settings.timezone))


def _diagnose_scopes(
    scopes: tuple[str, ...], segments: tuple[str, ...], used: tuple[str, ...]
) -> Diagnosis:
    """Whether there are those that are needed, of which `used` may change things, and no more."""
    of_segments = [scope for kind in segments for scope in OF_SEGMENT[kind]]
    needed = (*NEEDED, *((scope,) for scope in (*of_segments, *used)))
    missing = [group[0] for group in needed if not set(group) & set(scopes)]
    if missing:
        return Diagnosis(SCOPES, False, say("doctor.scopes_missing", scopes=", ".join(missing)))
    writing = [scope for scope in beyond_reading(scopes) if scope not in used]
    if writing:
        more = say("doctor.scopes_too_many", count=len(writing), example=writing[0])
        return Diagnosis(SCOPES, None, more)
    return Diagnosis(SCOPES, True, say("doctor.scopes_enough"))


def _diagnose_settings(scopes: tuple[str, ...]) -> Diagnosis:
    """The scopes of the settings audit. Without them a run is whole, and looks at less."""
    missing = [scope for scope in SETTINGS_SCOPES if scope not in scopes]
    if missing:
        what = say("doctor.settings_scopes_missing", scopes=", ".join(missing))
        return Diagnosis(SETTINGS, None, what)
    return Diagnosis(SETTINGS, True, say("doctor.settings_scopes_enough"))
