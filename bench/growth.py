"""How the time for each finding grows with the number of findings.

Run it: python bench/growth.py. Subusers with the ten SendGrid metrics each, one subuser in ten
refused, are completed and ordered, judged by the shipped checks and rendered. The ratio is
of the CPU time for one finding to that in the smallest report: 1 where the work is linear.
"""

import gc
import random
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import partial

from mailwatch.catalog.catalog import Catalog, read_catalog
from mailwatch.complete import fill_in, order_faults, order_measurements
from mailwatch.judge import judge_all, relate
from mailwatch.model import (
    Cause,
    Day,
    Fault,
    Finding,
    Measurement,
    Report,
    SourceState,
    State,
    Subject,
    Window,
    say,
    verbatim,
)
from mailwatch.reports import FORMATS, View
from mailwatch.run import WORST_FIRST
from mailwatch.verdict import reach_verdict

SIZES = (500, 5_000, 50_000)
MOST = 1.5
TODAY = date(2026, 11, 24)
METRICS = 10
ROUNDS = 3


@dataclass(frozen=True)
class Account:
    """What a source gives of one account with many subusers, in no order."""

    expected: tuple[tuple[str, Subject], ...]
    taken: tuple[Measurement, ...]
    faults: tuple[Fault, ...]


def build(findings: int, catalog: Catalog) -> Account:
    """An account whose report has that many findings."""
    chance = random.Random(findings)
    metrics = [check.metric for check in catalog.checks.values() if check.source == "sendgrid"]
    users = [Subject.of(subuser=f"user{n:05}") for n in range(findings // METRICS)]
    expected = tuple((metric, user) for metric in metrics[:METRICS] for user in users)
    refused = set(users[::10])
    what = say("http.server_error", host="api.sendgrid.com", status=500, reason="Internal")
    faults = [Fault(Cause.COULD_NOT_ASK, what, user) for user in users if user in refused]
    taken = [measure(metric, user, chance) for metric, user in expected if user not in refused]
    chance.shuffle(faults)
    chance.shuffle(taken)
    return Account(expected, tuple(taken), tuple(faults))


def measure(metric: str, user: Subject, chance: random.Random) -> Measurement:
    """A rate over a week, at any level."""
    days = [TODAY - timedelta(days=age) for age in range(7, 0, -1)]
    each = chance.choice((20, 2_000))
    counts = [chance.randrange(each // 10) for _ in days]
    return Measurement(
        metric,
        user,
        value=sum(counts) / (7 * each),
        numerator=sum(counts),
        denominator=7 * each,
        denominator_name="processed",
        window=Window(days[0], days[-1]),
        daily=tuple(Day(day, n / each, n, each) for day, n in zip(days, counts, strict=True)),
        evidence=(verbatim(f"{sum(counts):,} addresses bounced"),),
        proportion=True,
        complete_until=days[-1],
    )


def complete(account: Account) -> list[Measurement]:
    """Everything expected, in order."""
    faults = order_faults(account.faults, account.expected)
    filled = fill_in(account.expected, account.taken, faults)
    return order_measurements((*account.taken, *filled), account.expected)


def report_of(findings: tuple[Finding, ...]) -> Report:
    """A whole report of these."""
    states = (SourceState("sendgrid", State.PARTIAL, say("run.not_measured")),)
    noon = datetime(2026, 11, 24, 12, tzinfo=UTC)
    return Report(noon, "0", findings, states, reach_verdict(findings, states), 1)


def judged(measurements: list[Measurement], catalog: Catalog) -> tuple[Finding, ...]:
    """The findings, the worst first."""
    found = relate(judge_all(measurements, catalog))
    return tuple(sorted(found, key=lambda finding: WORST_FIRST.index(finding.level)))


def steps(account: Account, catalog: Catalog) -> Iterator[tuple[str, Callable[[], object]]]:
    """What is timed, each on the result of what it needs."""
    measurements = complete(account)
    report = report_of(judged(measurements, catalog))
    yield "completed and judged", lambda: judged(complete(account), catalog)
    for name in ("json", "console"):
        yield f"rendered as {name}", partial(rendered, report, name)


def rendered(report: Report, name: str) -> str:
    """The whole report in one format."""
    return "".join(FORMATS[name].render(report, View()))


def seconds(work: Callable[[], object], rounds: int) -> float:
    """CPU seconds that `work` takes at best. What was made before it costs it nothing."""
    took = []
    gc.collect()
    gc.freeze()
    for _ in range(rounds):
        begun = time.process_time()
        work()
        took.append(time.process_time() - begun)
    return min(took)


def main() -> None:
    """Prints a row for each step and size."""
    catalog = read_catalog()
    first: dict[str, float] = {}
    slow = []
    for size in SIZES:
        account = build(size, catalog)
        took = seconds(partial(complete, account), ROUNDS)
        print(f"{size:>6,} findings {'completed and ordered':<22} {took:7.2f} s")
        for name, work in steps(account, catalog):
            took = seconds(work, ROUNDS)
            each = took / size
            ratio = each / first.setdefault(name, each)
            print(
                f"{size:>6,} findings {name:<22} {took:7.2f} s {each * 1e6:7.1f} µs  × {ratio:.2f}"
            )
            if ratio > MOST:
                slow.append(f"{name} at {size:,}")
    print(f"time for one finding, as a ratio to the first row of its kind: at most {MOST}")
    if slow:
        sys.exit(f"grows faster than the findings: {', '.join(slow)}")


if __name__ == "__main__":
    main()
