"""Where time comes from. Tests pass their own, so that no run needs luck with the clock."""

import time
from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple


def _now() -> datetime:
    return datetime.now().astimezone()


class Clock(NamedTuple):
    """The time of day, a steady count of seconds, and a way to wait."""

    now: Callable[[], datetime] = _now
    """The present, aware, in the reader's zone."""
    monotonic: Callable[[], float] = time.monotonic
    pause: Callable[[float], None] = time.sleep
