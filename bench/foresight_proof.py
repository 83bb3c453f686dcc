"""What mailwatch claims of its early warning, line by line, and whether these series show it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import log
from statistics import median

from foresight_rules import (
    MOST_LEAD,
    RIVALS,
    Scored,
    alarms_of,
    as_early,
    figures,
    tuned,
)
from simulation import LIMIT, Simulated, simulate

from mailwatch.backtest.replay import replay
from mailwatch.catalog.catalog import read_catalog
from mailwatch.judge.outlook import LEAST_MESSAGES, look_ahead
from mailwatch.model import Level, Limit, Threshold

SAID = 0.5
"""The threshold of a rule that says yes or no."""
SAMPLE = 7
"""Every seventh series is replayed whole, and cut."""


@dataclass(frozen=True, slots=True)
class Line:
    """A claim, whether it holds, and the figure."""

    claim: str
    holds: bool
    figure: str


def lines_of(
    much: dict[str, list[Scored]], few: Sequence[Scored], cpu_ratio: float
) -> Iterator[Line]:
    """Every claim; `much` by rule at 500 messages a day and more, `few` mailwatch under that."""
    ours = figures(much["mailwatch"], SAID)
    at = f"{ours.stable:.2f} stable, {ours.near_miss:.2f} near miss"
    yield Line(
        "median lead 7 days, quartile 5, at 0.15, 0.6 and 0.3 (warm-up) alarms",
        ours.median >= 7
        and ours.quartile >= 5
        and _at_most(ours.stable, 0.15)
        and _at_most(ours.near_miss, 0.6)
        and _at_most(ours.warm_up, 0.3),
        f"{ours.median:.0f}, {ours.quartile}; {at}, {ours.warm_up:.2f} warm-up",
    )
    yield Line(
        "median lead 8 days at 0.1 and 0.4 alarms",
        ours.median >= 8 and _at_most(ours.stable, 0.1) and _at_most(ours.near_miss, 0.4),
        f"{ours.median:.0f}; {at}",
    )
    aim = 9.8 + 2 * log(max(0.05, ours.alarms))
    yield Line(
        f"mean lead 9.8 + 2·ln f, f = {ours.alarms:.2f}",
        ours.mean >= aim,
        f"{ours.mean:.1f} days, asked {aim:.1f}",
    )
    yield from _beside_rivals(much, ours.mean, ours.alarms)
    yield from _details(much["mailwatch"])
    small = figures(few, SAID)
    yield Line(
        "under 500 a day median lead 3 days at 0.3 and 1.0 alarms",
        small.median >= 3 and _at_most(small.stable, 0.3) and _at_most(small.near_miss, 1.0),
        f"{small.median:.0f}; {small.stable:.2f} stable, {small.near_miss:.2f} near miss",
    )
    yield Line("at most twice the CPU of the hinge trend", cpu_ratio <= 2, f"{cpu_ratio:.1f} times")


def _at_most(rate: float, most: float) -> bool:
    """`rate` is compared as it is printed."""
    return round(rate, 2) <= most


def _beside_rivals(much: dict[str, list[Scored]], lead: float, alarms: float) -> Iterator[Line]:
    for name, (_, least) in RIVALS.items():
        threshold, rival = tuned(much[name], least, alarms)
        yield Line(
            f"six days more than {name} at no more alarms",
            lead - rival.mean >= 6,
            f"{lead - rival.mean:.1f} more ({rival.mean:.1f} at > {100 * threshold:.1f} %)",
        )
    for name in ("predict_linear 14 d", "predict_linear 28 d"):
        threshold, rival = as_early(much[name], lead)
        yield Line(
            f"{name} as early has five times as many alarms",
            rival.alarms >= 5 * alarms and rival.mean >= lead,
            f"{rival.alarms / max(alarms, 0.01):.1f} times ({rival.alarms:.2f} a year at > "
            f"{100 * threshold:.1f} %)",
        )


def _details(results: Sequence[Scored]) -> Iterator[Line]:
    """Steps noticed, drifts dated, and the calibration of the 80 % interval."""
    steps = [seen for seen in results if seen.series.kind == "step"]
    noticed = sum(_noticed(seen) for seen in steps)
    yield Line(
        "90 % of steps noticed on their first or second day with data",
        noticed >= 0.9 * len(steps),
        f"{noticed} of {len(steps)}",
    )
    drifts = inside = early = 0
    widths: list[int] = []
    for seen in results:
        crossing = seen.series.crossing
        if seen.series.kind != "drift" or crossing is None:
            continue
        drifts += 1
        ahead = [day for day in seen.intervals if 0 <= crossing - day <= MOST_LEAD]
        if ahead:
            first, last = seen.intervals[ahead[0]]
            inside += first <= crossing <= last
            early += crossing < first
            widths.append(last - first)
    dated = len(widths)
    yield Line("two drifts in three get a date", 3 * dated >= 2 * drifts, f"{dated} of {drifts}")
    share = 100 * inside / max(1, dated)
    width = median(widths or [0])
    yield Line(
        "76 to 84 % of crossings in the 80 % interval, of at most 12 days",
        76 <= round(share) <= 84 and width <= 12,
        f"{share:.0f} %, {early} earlier and {dated - inside - early} later, {width:.0f} days",
    )


def _noticed(seen: Scored) -> bool:
    begins = seen.series.begins
    two = [day for day in seen.days if day >= begins][:2]
    return any(
        alarm.first <= two[-1] and alarm.last >= begins for alarm in alarms_of(seen, SAID) if two
    )


def lines_of_conduct(series: Sequence[Simulated], seed: int) -> Iterator[Line]:
    """What mailwatch never does: said of few messages, of later days, and of breaches."""
    said = sum(
        judged.outlook is not None
        for kind in ("near miss", "drift", "step")
        for number in range(20)
        for judged in look_ahead(simulate(kind, 12, seed + number).rows, LIMIT)
    )
    yield Line("under 100 messages a week nothing is said", said == 0, f"{said} days")
    sample = [one for one in series if one.kind != "stable"][::SAMPLE]
    changed = 0
    for place, one in enumerate(sample):
        cut = 30 + place * 37 % (len(one.rows) - 30)
        whole = list(look_ahead(one.rows, LIMIT))
        changed += whole[:cut] != list(look_ahead(one.rows[:cut], LIMIT))
    yield Line("a later day changes nothing", changed == 0, f"{changed} of {len(sample)} series")
    check = read_catalog().check("sendgrid.bounce_rate")
    threshold = Threshold(act=Limit(LIMIT, ">"), min_messages=LEAST_MESSAGES)
    breaches = wrong = 0
    for one in sample:
        by_day = {row.day: row for row in look_ahead(one.rows, LIMIT)}
        for event in replay({"": one.rows}, check, threshold).events:
            if event.level is Level.BREACH:
                breaches += 1
                wrong += event.kind != "level" or by_day[event.day].rate <= LIMIT
    yield Line("never a breach from a forecast", wrong == 0, f"{wrong} of {breaches} breaches")
