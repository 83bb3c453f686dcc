"""Partial pooling: what segments of little mail may take from the others of their kind.

A hundred subusers with eighty messages each are a hundred "cannot tell yet". Together they show how
much such segments differ, and a segment that looks like the others is most likely as good as they
are (an empirical Bayes estimate with a beta prior; Kleinman 1973, JASA 68). That can only turn
"cannot tell yet" into ok. It never raises an alarm about one for what others do, and the figures
and the interval of the segment stay its own.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from mailwatch.judge.levels import judge
from mailwatch.model import Cause, Finding, Level, say, verbatim
from mailwatch.text.units import display

LEAST_SEGMENTS = 5
"""Others of the kind that must have mail."""
LEAST_MESSAGES = 30
"""Messages that each of them and the segment itself must have."""
MOST_BORROWED = 1_000
"""Messages that the others count for at most, however alike they are."""


@dataclass(slots=True)
class _Sums:
    """What is needed of all segments of a kind; one can be taken out again."""

    segments: int = 0
    counted: int = 0
    messages: int = 0
    squares: int = 0
    spread: float = 0.0
    """Σ k² / n."""

    def add(self, counted: int, messages: int, sign: int = 1) -> None:
        self.segments += sign
        self.counted += sign * counted
        self.messages += sign * messages
        self.squares += sign * messages * messages
        self.spread += sign * counted * counted / messages

    def without(self, counted: int, messages: int) -> "_Sums":
        others = replace(self)
        others.add(counted, messages, -1)
        return others

    def prior(self) -> tuple[float, float]:
        """The rate of them all, and how many messages of it they count for."""
        rate = self.counted / self.messages
        noise = rate * (1 - rate)
        degrees = self.segments - 1
        excess = self.spread - self.messages * rate * rate - degrees * noise
        size = self.messages - self.squares / self.messages - degrees
        between = excess / size if size > 0 else 0.0
        if between <= 0:
            return rate, MOST_BORROWED
        return rate, min(MOST_BORROWED, max(0.0, noise / between - 1))


def pool(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """`findings`, those of segments of too little mail decided where the others show enough."""
    sums: dict[tuple[str, str], _Sums] = {}
    for finding, kind, counted, messages in _rates(findings):
        sums.setdefault((finding.check.id, kind), _Sums()).add(counted, messages)
    decided: dict[int, Finding] = {}
    for finding, kind, counted, messages in _rates(findings):
        if finding.level is not Level.UNKNOWN or finding.cause is not Cause.TOO_LITTLE_MAIL:
            continue
        others = sums[finding.check.id, kind].without(counted, messages)
        if others.segments >= LEAST_SEGMENTS:
            decided[id(finding)] = _decide(finding, others.prior(), (counted, messages))
    return tuple(decided.get(id(finding), finding) for finding in findings)


def _rates(findings: Iterable[Finding]) -> Iterable[tuple[Finding, str, int, int]]:
    """The rates of segments with enough mail to say anything, with their kind and counts."""
    for finding in findings:
        measurement = finding.measurement
        segment, messages = measurement.subject.segment, measurement.denominator
        if segment is None or finding.interval is None or measurement.numerator is None:
            continue
        if messages is not None and messages >= LEAST_MESSAGES:
            yield finding, segment[0], measurement.numerator, messages


def _decide(finding: Finding, prior: tuple[float, float], own: tuple[int, int]) -> Finding:
    """`finding` as ok where its rate, drawn towards that of the others, is clearly within ideal.

    A segment that is not like the others stays unknown.
    """
    (rate, borrowed), (counted, messages) = prior, own
    low, high = finding.interval or (0.0, 1.0)
    if not low <= rate <= high or borrowed <= 0:
        return finding
    total = messages + round(borrowed)
    drawn = min(total, counted + round(rate * borrowed))
    pooled = replace(finding.measurement, value=drawn / total, numerator=drawn, denominator=total)
    alone = replace(finding.threshold, min_messages=0)
    if judge(pooled, finding.check, alone).level is not Level.OK:
        return finding
    limits = finding.threshold.ideal, finding.threshold.act
    shown = verbatim(display(pooled.value, finding.check.unit, *limits))
    what = say("judge.pooled", messages=messages, pooled=shown)
    measurement = finding.measurement
    measurement = replace(measurement, evidence=(*measurement.evidence, what))
    return replace(finding, level=Level.OK, cause=None, reason=what, measurement=measurement)
