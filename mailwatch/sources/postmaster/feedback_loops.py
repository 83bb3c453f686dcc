"""The spam rate of each feedback loop: which campaign or customer the reports are of.

An identifier comes from the Feedback-ID header of the mail (Google, answer 6254652) and has a rate
only on days with enough mail and reports, so the newest week is looked at and the worst are named.
"""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta

from mailwatch.model import PUBLISHED_DECIMALS, Day, Measurement, Subject, Window, say
from mailwatch.sources.postmaster import metrics
from mailwatch.sources.postmaster.details import Details
from mailwatch.sources.postmaster.query import Definitions, Series
from mailwatch.text.inert import inert

DAYS = 7
"""An older rate is another campaign's."""
MOST_ASKED = 100
MOST_NAMED = 10
LOOP = "loop_"


def recent_loops(details: Details, days: Window) -> tuple[str, ...]:
    """The identifiers that were listed in the last week, the newest first, at most 100."""
    since = loop_days(days).first
    recent = [(max(on), name) for name, on in details.identifiers.items() if max(on) >= since]
    return tuple(name for _, name in sorted(recent, reverse=True)[:MOST_ASKED])


def loop_days(days: Window) -> Window:
    """The days that a loop's rate is asked for."""
    return Window(
        max(days.first, days.last - timedelta(days=min(DAYS, days.last.toordinal()) - 1)), days.last
    )


def define_loops(names: tuple[str, ...]) -> Definitions:
    """The series of each identifier. A filter has no way to escape a quote: `details` leaves such
    an identifier out."""
    return {
        LOOP + name: ("FEEDBACK_LOOP_SPAM_RATE", f'feedback_loop_id = "{name}"') for name in names
    }


def measure_loops(
    domain: str, names: tuple[str, ...], series: Mapping[str, Series], days: Window
) -> Iterator[Measurement]:
    """A measurement for each of the worst ten identifiers, by the rate of their newest day."""
    rates = {name: series[LOOP + name].rates for name in names if LOOP + name in series}
    known = {name: found for name, found in rates.items() if found}
    worst = sorted(known, key=lambda name: (-_newest(known[name]), name))
    for name in worst[:MOST_NAMED]:
        yield _measure(domain, name, known[name], days, len(worst))


def _newest(rates: Mapping[date, float]) -> float:
    return round(rates[max(rates)], PUBLISHED_DECIMALS)


def _measure(
    domain: str, name: str, rates: Mapping[date, float], days: Window, found: int
) -> Measurement:
    newest = max(rates)
    return Measurement(
        metrics.LOOP_SPAM_RATE,
        Subject.of(domain=domain, identifier=inert(name, 100)),
        value=rates[newest],
        window=Window(newest, newest),
        daily=tuple(Day(day, rates[day]) for day in sorted(rates)),
        evidence=(say("postmaster.worst_loops", named=MOST_NAMED, n=found),)
        if found > MOST_NAMED
        else (),
        complete_until=days.last,
    )
