"""The source of time. Tests pass their own clock."""

import time
from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple


def _now() -> datetime:
    return datetime.now().astimezone()


class Clock(NamedTuple):
    """The time of day, a steady count of seconds, and a way to wait."""

    now: Callable[[], datetime] = _now
    """The present time, with the time zone of the reader."""
    monotonic: Callable[[], float] = time.monotonic
    pause: Callable[[float], None] = time.sleep
