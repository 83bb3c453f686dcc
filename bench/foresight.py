"""How early, how sure, how often wrong: mailwatch beside the rules that people use today.

    python bench/foresight.py [--seed 90000] [--each 30] [--world calm|rough]

Simulates daily bounce counts with a known true rate: stable, near miss (a rise that stops below
the limit), drift across it, step far above it, and warm-up; volumes of 50 to 50,000 a day, quiet
weekends, over-dispersed days, single bad campaigns, gaps. Every other series is of a rough sender:
more bad campaigns, fewer messages at weekends, days that differ more. Every rule judges the same
series, and each line of what mailwatch claims is printed with its figure, and PASS or short.

The constants of `mailwatch.judge` were tried on the seeds 0 to 12000. A rival's threshold is tuned
on the very series that are reported, which can only help it.
"""

import argparse
import time
from collections.abc import Iterable
from itertools import chain

from foresight_proof import SAID, Line, lines_of, lines_of_conduct
from foresight_rules import RIVALS, Scored, figures, hinge_trend, mailwatch, scored
from simulation import DAYS, KINDS, VOLUMES, WORLDS, Simulated, simulate

MUCH = 500
"""Messages a day from which the figures of the first table count."""
AS_USED = {
    "daily rate > 5 %": ("daily rate", 0.05),
    "7-day rate > 5 %": ("7-day rate", 0.05),
    "95 % lower bound > 5 %": ("95 % lower bound", 0.05),
    "predict_linear 14 d > 5 %": ("predict_linear 14 d", 0.05),
    "predict_linear 14 d > 7 %": ("predict_linear 14 d", 0.07),
    "predict_linear 28 d > 5 %": ("predict_linear 28 d", 0.05),
    "hinge trend": ("hinge trend", SAID),
    "mailwatch": ("mailwatch", SAID),
}


def print_table(title: str, judged: dict[str, list[Scored]]) -> None:
    print(f"\n{title}")
    print(f"{'':28}{'lead of a drift, days':>30}{'false alarms a year':>32}")
    heads = ("median", "mean", "quartile", "stable", "near miss", "warm-up")
    print(f"{'rule':28}" + "".join(f"{head:>10}" for head in heads))
    for name, (rule, threshold) in AS_USED.items():
        all_of = figures(judged[rule], threshold)
        cells = [f"{all_of.median:.0f}", f"{all_of.mean:.1f}", f"{all_of.quartile}"]
        alarms = (all_of.stable, all_of.near_miss, all_of.warm_up)
        cells += [f"{rate:.2f}" for rate in alarms]
        print(f"{name:28}" + "".join(f"{cell:>10}" for cell in cells))


def print_lines(lines: Iterable[Line]) -> None:
    print()
    for line in lines:
        print(f"{'PASS ' if line.holds else 'short'}  {line.claim}: {line.figure}", flush=True)


def judge_all(series: list[Simulated]) -> tuple[dict[str, list[Scored]], float]:
    """The series as each rule sees them, and the CPU of mailwatch ÷ that of the hinge trend."""
    judged = {name: [scored(rule, one) for one in series] for name, (rule, _) in RIVALS.items()}
    begun = time.process_time()
    judged["hinge trend"] = [scored(hinge_trend, one) for one in series]
    hinge = time.process_time() - begun
    begun = time.process_time()
    judged["mailwatch"] = [mailwatch(one) for one in series]
    ours = time.process_time() - begun
    print(f"CPU: mailwatch {ours:.1f} s, hinge trend {hinge:.1f} s")
    return judged, ours / hinge


def main(seed: int, each: int, world: str | None) -> None:
    """Prints the tables of the rules, and the claims."""
    worlds = [WORLDS[world]] if world else list(WORLDS.values())
    series = [
        simulate(kind, volume, seed + number, worlds[number % len(worlds)])
        for kind in KINDS
        for volume in VOLUMES
        for number in range(each)
    ]
    print(f"{len(series)} series of {DAYS} days, {world or ' and '.join(WORLDS)}, seed {seed}")
    judged, cpu_ratio = judge_all(series)
    much, few = (
        {
            name: [seen for seen in results if (seen.series.volume >= MUCH) is wanted]
            for name, results in judged.items()
        }
        for wanted in (True, False)
    )
    print_table(f"{MUCH} messages a day and more", much)
    print_table(f"under {MUCH} messages a day", few)
    print_lines(chain(lines_of(much, few["mailwatch"], cpu_ratio), lines_of_conduct(series, seed)))


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed", type=int, default=90_000)
    parser.add_argument("--each", type=int, default=30, help="series of a kind and volume")
    parser.add_argument("--world", choices=list(WORLDS))
    main(**vars(parser.parse_args()))
