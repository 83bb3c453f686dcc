"""The days to come of a figure that is on its way to its limit."""

from datetime import timedelta

from mailwatch.model import Day, Finding

POOLED_LAG = 3
"""Days that a rate pooled over seven days runs behind the daily one."""


def days_to_come(finding: Finding, most: int) -> tuple[Day, ...]:
    """The daily figures that lead to `act` on the foreseen day, at most `most` of them.

    A straight way: the date and its interval are the forecast, the heights only show it. Nothing
    where nothing is foreseen.
    """
    forecast, act, measurement = finding.forecast, finding.threshold.act, finding.measurement
    now, window = measurement.value, measurement.window
    if forecast is None or forecast.breach_on is None or act is None or window is None:
        return ()
    if not isinstance(now, int | float) or isinstance(act.value, str):
        return ()
    length = max(1, (forecast.breach_on - window.last).days)
    step = (act.value - now) / length
    return tuple(
        Day(window.last + timedelta(days=n), now + step * (n + POOLED_LAG))
        for n in range(1, min(length, most) + 1)
    )
