"""Dates in mail headers (RFC 5322 §3.3)."""

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

_LONGEST = 100
_COMMENT = re.compile(r"\([^()]*\)")
_WELL_FORMED = re.compile(
    r"(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), *)?\d{1,2} +"
    r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) +\d{4} +"
    r"\d\d:\d\d(?::\d\d)? +(?:[+-]\d{4}|UT|GMT|[ECMP][SD]T|Z)",
    re.IGNORECASE,
)


def parse_timestamp(text: str) -> datetime | None:
    """The moment, aware; None where `text` is not a date. Never raises."""
    plain = _COMMENT.sub("", text[:_LONGEST]).strip()
    try:
        moment = parsedate_to_datetime(plain)
        aware = moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
        aware.astimezone(UTC)
    except (ValueError, TypeError, OverflowError, LookupError):  # the parser lets these through
        return None
    return aware


def is_well_formed(text: str) -> bool:
    """True when `text` is a date as RFC 5322 writes it."""
    plain = _COMMENT.sub("", text[:_LONGEST]).strip()
    return _WELL_FORMED.fullmatch(plain) is not None and parse_timestamp(plain) is not None
