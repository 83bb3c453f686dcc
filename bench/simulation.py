"""Daily bounce counts with a known true rate, for the benchmark of early warning."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import log, sqrt
from random import Random

LIMIT = 0.05
DAYS = 140
FIRST = date(2026, 1, 1).toordinal()
KINDS = ("stable", "near miss", "drift", "step", "warm-up")
VOLUMES = (50, 150, 300, 500, 1_500, 5_000, 20_000, 50_000)

Row = tuple[date, int, int]


@dataclass(frozen=True, slots=True)
class World:
    """How much the days of a sender differ."""

    dispersions: tuple[float, ...]
    weekends: tuple[float, ...]
    """Messages on a day of the weekend, as a share of another day's."""
    bad_campaigns: float
    """Bad campaigns in 140 days; below one, the probability of a single one."""
    times: tuple[int, ...]
    """How many times the rate of other days they have."""


CALM = World((0.0003, 0.0007, 0.0015), (0.2, 0.4, 0.8), 0.5, (3, 4, 5))
ROUGH = World((0.0003, 0.0007, 0.0015, 0.003), (0.05, 0.1, 0.3), 1.5, (3, 5, 7))
WORLDS = {"calm": CALM, "rough": ROUGH}


@dataclass(frozen=True, slots=True)
class Simulated:
    """A series, and the day on which its true rate, pooled over seven days, passes the limit."""

    kind: str
    volume: int
    rows: tuple[Row, ...]
    crossing: int | None
    begins: int
    """The first day of the change."""


def simulate(kind: str, volume: int, seed: int, world: World = CALM) -> Simulated:
    """One series of 140 days."""
    rng = Random(f"{kind} {volume} {seed}")
    base, dispersion = rng.choice((0.01, 0.013, 0.016, 0.02)), rng.choice(world.dispersions)
    weekend, onset = rng.choice(world.weekends), rng.randint(60, 85)
    power, length = rng.choice((0.7, 1.0, 1.6)), rng.choice((10, 14, 20, 28, 35))
    end = {
        "near miss": LIMIT * rng.choice((0.45, 0.55, 0.65)),
        "drift": LIMIT * rng.choice((1.15, 1.3, 1.6)),
        "step": LIMIT * rng.choice((1.6, 2.0, 3.0)),
    }.get(kind, base)
    if kind == "step":
        length = 1
    bad = _bad_campaigns(rng, world.bad_campaigns)
    gap = rng.randint(20, 130) if rng.random() < 0.3 else DAYS
    gap_days = range(gap, gap + rng.randint(1, 5))
    rows: list[Row] = []
    truth: list[tuple[float, int]] = []
    for day in range(DAYS):
        volume_now = min(volume, 50 * 1.12**day) if kind == "warm-up" else volume
        quiet = weekend if day % 7 in (5, 6) else 1.0
        messages = int(volume_now * quiet * rng.lognormvariate(0, 0.15))
        risen = min(max((day - onset) / length, 0.0), 1.0) ** power
        rate = base + (end - base) * risen
        truth.append((rate, messages))
        that_day = rate * rng.choice(world.times) if day in bad else rate
        counted = _beta_binomial(rng, messages, min(that_day, 0.9), dispersion)
        if day not in gap_days and messages:
            rows.append((date.fromordinal(FIRST + day), counted, messages))
    crossing = _crossing(truth) if kind in ("drift", "step") else None
    return Simulated(kind, volume, tuple(rows), crossing, onset + 1)


def _bad_campaigns(rng: Random, expected: float) -> set[int]:
    if expected < 1:
        return {rng.randint(40, 130)} if rng.random() < expected else set()
    return {day for day in range(DAYS) if rng.random() < expected / DAYS}


def _beta_binomial(rng: Random, n: int, rate: float, dispersion: float) -> int:
    size = 1 / dispersion - 1
    p = rng.betavariate(rate * size, (1 - rate) * size)
    if n * p > 30:
        return min(n, max(0, round(rng.gauss(n * p, sqrt(n * p * (1 - p))))))
    return sum(rng.random() < p for _ in range(n)) if n < 500 else _rare(rng, n, p)


def _rare(rng: Random, n: int, p: float) -> int:
    """Successes of many rare trials, from the waiting times between them."""
    at, found = 0.0, -1
    while at <= n:
        at += max(1.0, log(rng.random() or 1e-300) / log(1 - p)) if p > 0 else n + 1.0
        found += 1
    return found


def _crossing(truth: Sequence[tuple[float, int]]) -> int | None:
    for day in range(6, len(truth)):
        week = truth[day - 6 : day + 1]
        messages = sum(n for _, n in week)
        if messages and sum(rate * n for rate, n in week) / messages > LIMIT:
            return day
    return None
