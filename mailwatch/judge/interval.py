"""What a rate from few messages can and cannot show.

The Wilson score interval (Wilson 1927, JASA 22) covers its nominal 95 % for small counts and rates
near 0, where the usual ± does not (Brown, Cai, DasGupta 2001, Statistical Science 16).

It takes each message as independent of the others. Mail comes in campaigns, and one bad list makes
many messages fail together, so the true uncertainty is larger than the interval says: a level that
follows from a single campaign says less about the next one than its interval suggests.
"""

from collections.abc import Callable
from math import sqrt

Z = 1.9599639845400536
"""The 97.5th percentile of the normal distribution: 2.5 % of it are on either side."""
MOST_MESSAGES = 10**8
"""Beyond this many more messages, it does not help to wait for them."""
ENOUGH = 0
"""No more messages are needed."""

Interval = tuple[float, float]


def wilson(numerator: int, denominator: int) -> Interval:
    """The 95 % interval of the rate behind `numerator` of `denominator` messages.

    Needs 0 ≤ numerator ≤ denominator and a denominator of at least 1.
    """
    rate = numerator / denominator
    return _wilson(rate, denominator)


def messages_needed(rate: float, sent: int, undecided: Callable[[Interval], bool]) -> int | None:
    """How many more messages, at the same rate, until the interval is no longer `undecided`.

    ENOUGH when it is decided as it stands; None when it would take more than a hundred million.
    """
    if not undecided(_wilson(rate, sent)):
        return ENOUGH
    if undecided(_wilson(rate, sent + MOST_MESSAGES)):
        return None
    low, high = 0, 1
    while undecided(_wilson(rate, sent + high)):
        low, high = high, high * 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if undecided(_wilson(rate, sent + middle)) else (low, middle)
    return high


def _wilson(rate: float, messages: int) -> Interval:
    spread = Z * sqrt(rate * (1 - rate) / messages + Z * Z / (4 * messages**2))
    centre = rate + Z * Z / (2 * messages)
    scale = 1 + Z * Z / messages
    return max(0.0, (centre - spread) / scale), min(1.0, (centre + spread) / scale)
