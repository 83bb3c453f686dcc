"""The way of the message, hop by hop: how long each took, and whether the last was encrypted."""

from collections.abc import Iterator
from datetime import timedelta

from mailwatch.mailauth.received import MOST_HOPS, Hop
from mailwatch.model import Cause, Measurement, Phrase, say
from mailwatch.sources.message import metrics
from mailwatch.sources.message.examination import Examined
from mailwatch.sources.message.what_passed import subject_of
from mailwatch.text.inert import inert_octets

_SHOWN = 20


def measure_path(examined: Examined) -> Iterator[Measurement]:
    """TLS at the hop to the receiver, and the seconds from the first hop to the last."""
    yield _tls(examined)
    delays = hop_delays(examined.hops)
    known = [hop.at for hop in examined.hops if hop.at is not None]
    if len(known) > 1:
        seconds = max(0, round((known[0] - known[-1]).total_seconds()))
        yield Measurement(
            metrics.DELAY,
            subject_of(examined),
            seconds,
            evidence=tuple(_lines(examined, delays)),
        )


def _tls(examined: Examined) -> Measurement:
    subject = subject_of(examined)
    hop = examined.handed_over
    if hop is None:
        why = say("message.no_hop")
        return Measurement(metrics.TLS, subject, cause=Cause.NO_DATA, note=why)
    evidence = (_hop(hop, None, 1),)
    if hop.encrypted is None:
        why = say("message.tls_unknown")
        return Measurement(metrics.TLS, subject, cause=Cause.NO_DATA, note=why, evidence=evidence)
    word = "encrypted" if hop.encrypted else "plain"
    return Measurement(metrics.TLS, subject, word, evidence=evidence)


def hop_delays(hops: tuple[Hop, ...]) -> list[timedelta | None]:
    """How long after the hop before it each was, in the order of `hops`; None where that is not
    known. Clocks differ, so it may be less than nothing."""
    befores = (*hops[1:], None)[: len(hops)]
    return [
        hop.at - before.at if before and hop.at and before.at else None
        for hop, before in zip(hops, befores, strict=True)
    ]


def _lines(examined: Examined, delays: list[timedelta | None]) -> Iterator[Phrase]:
    """The hops, the first one first."""
    hops = list(zip(examined.hops, delays, strict=True))[::-1]
    total = len(examined.source.message.named("received"))
    if total > MOST_HOPS:
        yield say("message.many_hops", n=total, most=MOST_HOPS)
    for n, (hop, delay) in enumerate(hops[:_SHOWN], 1):
        yield _hop(hop, delay, n)
    if len(hops) > _SHOWN:
        yield say("message.more_hops", n=len(hops) - _SHOWN)


def _hop(hop: Hop, delay: timedelta | None, n: int) -> Phrase:
    return say(
        "message.hop" if delay is None else "message.hop_delay",
        n=n,
        client=inert_octets(hop.helo or str(hop.ip or "-"), 80),
        by=inert_octets(hop.by or "-", 80),
        protocol=inert_octets(hop.protocol or "-", 20),
        **({} if delay is None else {"seconds": round(delay.total_seconds())}),
    )
