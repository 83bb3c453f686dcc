"""The two edges that the interval of a rate is compared with: a few messages decide nothing.

An interval that reaches from one edge to the other could be either: it is too wide to judge. The
edges are the limits themselves where those are well apart. Limits that are near to each other, or
a single limit, would make either no interval or almost every interval too wide (0.08 %
and 0.1 % would need 200,000 messages): they are held a factor of 0.6 apart.
"""

from typing import NamedTuple

from mailwatch.judge.interval import Interval
from mailwatch.model import Check, Threshold

APART = 0.6
"""The good edge is at most this part of the bad one."""
_DECIMALS = 12
"""Decimals to which the ends of an interval are rounded before they are compared with an edge."""


class Edges(NamedTuple):
    """Both edges, as the share of messages that is bad: of a delivered rate, those that are not."""

    good: float
    bad: float

    def undecided(self, interval: Interval, worse: object) -> bool:
        """True when `interval` of the rate reaches from the good edge to the bad one."""
        low, high = interval if worse == "higher" else (1 - interval[1], 1 - interval[0])
        reaches_good = round(low, _DECIMALS) <= round(self.good, _DECIMALS)
        return reaches_good and round(high, _DECIMALS) >= round(self.bad, _DECIMALS)


def edges_of(threshold: Threshold, check: Check) -> Edges | None:
    """The edges for `check`; None where any number of messages can tell.

    That is so without limits, and where the only limit is 0 (100 % where lower is worse): one
    message too many is past it.
    """
    ideal, act = (
        _bad_share(limit.value, check) if limit else None
        for limit in (threshold.ideal, threshold.act)
    )
    good = [side for side in (ideal, None if act is None else APART * act) if side is not None]
    bad = [side for side in (act, None if ideal is None else ideal / APART) if side is not None]
    return Edges(min(good), max(bad)) if bad and round(max(bad), _DECIMALS) > 0 else None


def _bad_share(limit: float | str, check: Check) -> float | None:
    if isinstance(limit, str):
        return None
    return limit if check.worse == "higher" else 1 - limit
