"""How early, how sure, how often wrong: mailwatch beside the rules that people use today.

    python bench/foresight.py [SEED] [SERIES]

Simulates daily bounce counts with a known true rate: stable, near miss (a rise that stops below
the limit), drift across it, step far above it, and warm-up; volumes of 50 to 50,000 a day, quiet
weekends, over-dispersed days, single bad campaigns, gaps. Every rule judges the same series. The
constants of `mailwatch.judge` were tried on the seeds 0 and 5000; the default is another one.
"""

import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import log
from statistics import mean, median

from hinge import hinge_alarms
from simulation import DAYS, FIRST, KINDS, LIMIT, VOLUMES, Row, Simulated, simulate

from mailwatch.judge.interval import wilson
from mailwatch.judge.outlook import LEAST_MESSAGES, look_ahead

MUCH = 500
"""Messages a day from which the figures of the first table count."""
BURN_IN = 28
"""Days that a rule needs before it says anything; the false alarms a year leave them out."""
MOST_LEAD, MISSED = 21, -5


@dataclass(frozen=True, slots=True)
class Alarm:
    """The first day of a warning or a breach."""

    day: int
    breach: bool
    interval: tuple[int, int] | None = None


Rule = Callable[[Sequence[Row]], list[tuple[int, bool, tuple[int, int] | None]]]
"""For each day that it alarms on: the day, whether the pooled rate is past the limit, and the
days from which to which the crossing is expected."""


def pooled(rows: Sequence[Row], place: int) -> tuple[int, int]:
    """Counts of the seven days that end at `place`."""
    newest = rows[place][0].toordinal()
    week = [row for row in rows[max(0, place - 6) : place + 1] if newest - row[0].toordinal() < 7]
    return sum(k for _, k, _ in week), sum(n for _, _, n in week)


def alarm_where(holds: Callable[[Sequence[Row], int], bool]) -> Rule:
    """The rule that alarms on each day on which `holds`."""

    def judge(rows: Sequence[Row]) -> list[tuple[int, bool, tuple[int, int] | None]]:
        found: list[tuple[int, bool, tuple[int, int] | None]] = []
        for place in range(len(rows)):
            k, n = pooled(rows, place)
            past = n >= LEAST_MESSAGES and k > LIMIT * n
            if past or holds(rows, place):
                found.append((rows[place][0].toordinal() - FIRST, past, None))
        return found

    return judge


def daily_rate(rows: Sequence[Row], place: int) -> bool:
    _, k, n = rows[place]
    return k > LIMIT * n


def lower_bound(rows: Sequence[Row], place: int) -> bool:
    k, n = pooled(rows, place)
    return wilson(k, n)[0] > LIMIT


def predict_linear(days: int, limit: float) -> Callable[[Sequence[Row], int], bool]:
    """Prometheus' function over daily rates: a straight line, seven days ahead, past `limit`."""

    def holds(rows: Sequence[Row], place: int) -> bool:
        newest = rows[place][0].toordinal()
        points = [
            (row[0].toordinal() - newest, row[1] / row[2])
            for row in rows[max(0, place - days + 1) : place + 1]
            if newest - row[0].toordinal() < days
        ]
        if len(points) < days // 2:
            return False
        x_mean, y_mean = mean(x for x, _ in points), mean(y for _, y in points)
        spread = sum((x - x_mean) ** 2 for x, _ in points)
        slope = sum((x - x_mean) * (y - y_mean) for x, y in points) / spread
        return y_mean + slope * (7 - x_mean) > limit

    return holds


def hinge_trend(rows: Sequence[Row]) -> list[tuple[int, bool, tuple[int, int] | None]]:
    counts = [(day.toordinal(), k, n) for day, k, n in rows]
    early = set(hinge_alarms(counts, LIMIT))
    return alarm_where(lambda rows, place: rows[place][0].toordinal() in early)(rows)


def mailwatch(rows: Sequence[Row]) -> list[tuple[int, bool, tuple[int, int] | None]]:
    found: list[tuple[int, bool, tuple[int, int] | None]] = []
    for judged in look_ahead(rows, LIMIT):
        past = judged.denominator >= LEAST_MESSAGES and judged.rate > LIMIT
        outlook = judged.outlook
        if past or outlook:
            interval = None
            if outlook and outlook.earliest and outlook.latest:
                interval = (
                    outlook.earliest.toordinal() - FIRST,
                    outlook.latest.toordinal() - FIRST,
                )
            found.append((judged.day.toordinal() - FIRST, past, interval))
    return found


RULES: dict[str, Rule] = {
    "daily rate > 5 %": alarm_where(daily_rate),
    "7-day rate > 5 %": alarm_where(lambda rows, place: False),
    "95 % lower bound > 5 %": alarm_where(lower_bound),
    "predict_linear 14 d > 5 %": alarm_where(predict_linear(14, LIMIT)),
    "predict_linear 14 d > 7 %": alarm_where(predict_linear(14, 0.07)),
    "predict_linear 28 d > 5 %": alarm_where(predict_linear(28, LIMIT)),
    "hinge trend": hinge_trend,
    "mailwatch": mailwatch,
}


def alarms_of(judged: Sequence[tuple[int, bool, tuple[int, int] | None]]) -> list[Alarm]:
    """Alarms within seven days of each other are one."""
    found: list[Alarm] = []
    last = -100
    for day, past, interval in judged:
        if day - last > 7 and day >= BURN_IN:
            found.append(Alarm(day, past, interval))
        last = day
    return found


def a_year(judged: Sequence[tuple[Simulated, list[Alarm]]], kind: str) -> float:
    """False alarms a year on series of `kind`: those while the pooled rate is within the limit."""
    counts = [sum(not a.breach for a in alarms) for s, alarms in judged if s.kind == kind]
    return mean(counts) * 365 / (DAYS - BURN_IN) if counts else 0.0


def leads(judged: Sequence[tuple[Simulated, list[Alarm]]]) -> list[int]:
    """Days from the alarm to the crossing; at most 21, and -5 where there was none."""
    found = []
    for series, alarms in judged:
        if series.kind == "drift" and series.crossing is not None:
            near = [a.day for a in alarms if -MOST_LEAD <= a.day - series.crossing <= -MISSED]
            found.append(min(MOST_LEAD, series.crossing - near[0]) if near else MISSED)
    return found


def print_table(title: str, judged: dict[str, list[tuple[Simulated, list[Alarm]]]]) -> None:
    print(f"\n{title}")
    print(f"{'':28}{'lead of a drift, days':>30}{'false alarms a year':>32}")
    heads = ("median", "mean", "quartile", "stable", "near miss", "warm-up")
    print(f"{'rule':28}" + "".join(f"{head:>10}" for head in heads))
    for name, results in judged.items():
        lead = sorted(leads(results))
        cells = [f"{median(lead):.0f}", f"{mean(lead):.1f}", f"{lead[len(lead) // 4]}"]
        cells += [f"{a_year(results, kind):.2f}" for kind in ("stable", "near miss", "warm-up")]
        print(f"{name:28}" + "".join(f"{cell:>10}" for cell in cells))


def print_details(results: Sequence[tuple[Simulated, list[Alarm]]]) -> None:
    """Steps noticed, and the calibration of the 80 % interval."""
    drifts = steps = noticed = dated = inside = 0
    widths: list[int] = []
    for series, alarms in results:
        if series.crossing is None:
            continue
        if series.kind == "step":
            steps += 1
            with_data = [row[0].toordinal() - FIRST for row in series.rows]
            onset = next(d for d in with_data if d >= series.crossing - 2)
            noticed += any(series.crossing - 7 <= a.day <= onset + 2 for a in alarms)
        elif series.kind == "drift":
            drifts += 1
            ahead = [a for a in alarms if a.interval and 0 <= series.crossing - a.day <= MOST_LEAD]
            if ahead and ahead[0].interval:
                first, last = ahead[0].interval
                dated += 1
                inside += first <= series.crossing <= last
                widths.append(last - first)
    print(f"\nsteps noticed within two days of the limit: {noticed} of {steps}")
    print(f"drifts with a dated forecast: {dated} of {drifts}")
    if dated:
        print(
            f"crossings inside the 80 % interval: {100 * inside / dated:.0f} %, "
            f"median width {median(widths):.0f} days"
        )


def print_aim(results: Sequence[tuple[Simulated, list[Alarm]]]) -> None:
    """The mean lead beside what the false alarms ask for: fewer alarms make it harder."""
    much = [result for result in results if result[0].volume >= MUCH]
    alarms = mean(a_year(much, kind) for kind in ("stable", "near miss"))
    aim = 9.8 + 2 * log(max(0.05, alarms))
    print(f"\nmean lead {mean(leads(much)):.1f} days; 9.8 + 2·ln {alarms:.2f} = {aim:.1f}")


def main(seed: int = 90_000, each: int = 30) -> None:
    """Prints the tables of the rules, and how well the interval is calibrated."""
    series = [
        simulate(kind, volume, seed + number)
        for kind in KINDS
        for volume in VOLUMES
        for number in range(each)
    ]
    print(f"{len(series)} series of {DAYS} days, seed {seed}")
    judged: dict[str, list[tuple[Simulated, list[Alarm]]]] = {}
    seconds: dict[str, float] = {}
    for name, rule in RULES.items():
        begun = time.process_time()
        judged[name] = [(one, alarms_of(rule(one.rows))) for one in series]
        seconds[name] = time.process_time() - begun
    for title, much in (
        (f"{MUCH} messages a day and more", True),
        (f"under {MUCH} messages a day", False),
    ):
        part = {
            name: [result for result in results if (result[0].volume >= MUCH) is much]
            for name, results in judged.items()
        }
        print_table(title, part)
        print_details(part["mailwatch"])
    print_aim(judged["mailwatch"])
    ratio = seconds["mailwatch"] / seconds["hinge trend"]
    print(f"\nCPU: mailwatch {seconds['mailwatch']:.1f} s, {ratio:.1f} times the hinge trend")


if __name__ == "__main__":
    given = [int(text) for text in sys.argv[1:3]]
    main(*given)
