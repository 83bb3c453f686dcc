"""Whole reports made by hand, judged by the real judge with the shipped catalog."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, timedelta, timezone
from functools import cache

from mailwatch.catalog.catalog import Catalog, read_catalog
from mailwatch.judge import judge
from mailwatch.model import (
    ACCOUNT,
    Cause,
    Day,
    Finding,
    Measurement,
    Phrase,
    Report,
    SourceState,
    State,
    Subject,
    Window,
    say,
    verbatim,
)
from mailwatch.run import WORST_FIRST
from mailwatch.text.inert import inert
from mailwatch.verdict import choose_exit_code, reach_verdict

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=timezone(timedelta(hours=9), "JST"))
NEWEST = date(2026, 11, 23)
"""The newest full day at SendGrid."""
PUBLISHED = date(2026, 11, 21)
"""The newest day at Gmail."""
DOMAIN = Subject.of(domain="example.com")
HOSTILE = (
    "\x1b[31m[/x] [red]\u202e[bold]\x07 ::before:: 全角文字 e\u0301 \U0001f469\u200d\U0001f4bb"
)
"""Strangers' text with a terminal escape, Rich markup, a bidirectional control and an emoji."""


@cache
def catalog() -> Catalog:
    """The shipped checks and numbers."""
    return read_catalog()


def rate(
    metric: str,
    counts: tuple[int, int],
    subject: Subject = ACCOUNT,
    *,
    name: str = "processed",
    shape: Sequence[int] = (1, 1, 1, 1, 1, 1, 1),
    newest: date = NEWEST,
) -> Measurement:
    """A rate pooled over the days of `shape`, whose numerators are in that proportion."""
    numerator, denominator = counts
    days = [newest - timedelta(days=n) for n in reversed(range(len(shape)))]
    each = denominator // len(shape)
    tops = [min(each, numerator * share // sum(shape)) for share in shape]
    return Measurement(
        metric,
        subject,
        value=numerator / denominator,
        numerator=numerator,
        denominator=denominator,
        denominator_name=name,
        window=Window(days[0], newest),
        daily=tuple(Day(day, top / each, top, each) for day, top in zip(days, tops, strict=True)),
        proportion=True,
        complete_until=NEWEST,
    )


def published(
    metric: str,
    values: Sequence[float | None],
    subject: Subject = DOMAIN,
    *,
    newest: date = PUBLISHED,
) -> Measurement:
    """A rate that Gmail publishes day by day; None is a day without data."""
    days = [newest - timedelta(days=n) for n in reversed(range(len(values)))]
    return Measurement(
        metric,
        subject,
        value=values[-1],
        window=Window(newest, newest),
        daily=tuple(
            Day(day, value) for day, value in zip(days, values, strict=True) if value is not None
        ),
        complete_until=NEWEST,
    )


def plain(
    metric: str, value: float | str, subject: Subject = DOMAIN, *evidence: Phrase | str
) -> Measurement:
    """A figure of this moment: a word or a number."""
    seen = tuple(verbatim(e) if isinstance(e, str) else e for e in evidence)
    return Measurement(metric, subject, value=value, evidence=seen)


def missing(
    metric: str, cause: Cause, note: Phrase | None, subject: Subject = DOMAIN
) -> Measurement:
    """A figure that was not measured."""
    return Measurement(metric, subject, cause=cause, note=note)


def selector(name: str, domain: str = "example.com") -> Subject:
    """The subject that a DKIM selector is."""
    return Subject.of(domain=domain, selector=name)


def requirement(name: str, domain: str = "example.com") -> Subject:
    """The subject that one of Gmail's sender requirements is."""
    return Subject.of(domain=domain, requirement=name)


def ok(name: str, newest: date | None = None, seconds: float = 0.4) -> SourceState:
    """A source that fared well."""
    return SourceState(name, State.OK, seconds=seconds, newest_day=newest, counts={"calls": 3})


def findings(*measurements: Measurement, shipped: Catalog | None = None) -> tuple[Finding, ...]:
    """What the checks say of them, the worst first."""
    shipped = shipped or catalog()
    found = [
        judge(measurement, check, shipped.threshold(check, measurement.subject))
        for measurement in measurements
        for check in shipped.judging(measurement.metric)
    ]
    assert len(found) >= len(measurements), "no check judges one of these"
    return tuple(sorted(found, key=lambda finding: WORST_FIRST.index(finding.level)))


def report(
    judged: tuple[Finding, ...] | Iterable[Measurement],
    *sources: SourceState,
    subjects: tuple[str, ...] = ("example.com",),
) -> Report:
    """The report of a run that took these."""
    items = tuple(judged)
    taken = [item for item in items if isinstance(item, Measurement)]
    ready = tuple(item for item in items if isinstance(item, Finding)) + findings(*taken)
    return Report(
        generated_at=NOON,
        version="0.1.0",
        findings=ready,
        sources=sources,
        verdict=reach_verdict(ready, sources),
        exit_code=choose_exit_code(ready, sources, "breach"),
        subjects=subjects,
    )


def everything() -> Report:
    """Every level at once, from three sources."""
    return report(
        [
            rate("sendgrid.bounce_rate", (612, 10020), shape=(1, 1, 2, 2, 4, 6, 8)),
            rate("sendgrid.block_rate", (2, 87)),
            rate("sendgrid.delivered_rate", (9900, 10020)),
            rate("sendgrid.drop_rate", (30, 10050), name="requests"),
            plain("sendgrid.reputation", 71, ACCOUNT),
            growth(),
            published("postmaster.spam_rate", [0.0004, 0.0005, None, 0.0009, 0.0014]),
            published("postmaster.dkim_pass_rate", [0.998, 0.997]),
            published("postmaster.spf_pass_rate", [0.98], newest=date(2026, 11, 18)),
            plain(
                "postmaster.reputation",
                "LOW",
                DOMAIN,
                "source: google_verdict",
                "deliverabilityStatusVerdict: NEEDS_WORK, SPAM_RATE_HIGH",
            ),
            plain("dns.spf_record", "valid", DOMAIN, "v=spf1 include:sendgrid.net ~all"),
            plain("dns.spf_all", "softfail"),
            plain(
                "dns.spf_lookups", 12, DOMAIN, *[f"include:{n}.example costs 2" for n in "abcdef"]
            ),
            plain("dns.dmarc_policy", "none", DOMAIN, "v=DMARC1; p=none"),
            plain("dns.dkim_key", "valid", selector("s1")),
            plain("dns.dkim_key", "testing", selector("s2"), "t=y"),
        ],
        ok("sendgrid", NEWEST),
        ok("postmaster", PUBLISHED, 0.9),
        ok("dns"),
    )


def growth() -> Measurement:
    """The newest day over the busiest before: a ratio whose denominator is no kind of mail."""
    since = say("sendgrid.growth_since", day=date(2026, 11, 9), volume=10137)
    return Measurement(
        "sendgrid.volume_growth",
        ACCOUNT,
        value=24930 / 10137,
        numerator=24930,
        denominator=10137,
        denominator_name="busiest of the 30 days before",
        window=Window(NEWEST, NEWEST),
        evidence=(since,),
        newest_volume=24930,
        complete_until=NEWEST,
    )


def outage() -> Report:
    """SendGrid answers nothing; DNS does."""
    wrong = say("sendgrid.wrong_key")
    return report(
        [
            *(
                missing(f"sendgrid.{name}", Cause.NOT_ALLOWED, wrong, ACCOUNT)
                for name in ("bounce_rate", "block_rate", "delivered_rate", "reputation")
            ),
            missing("sendgrid.daily_volume", Cause.NO_DATA, None, ACCOUNT),
            plain("dns.mx", "found"),
        ],
        SourceState("sendgrid", State.FAILED, wrong, 0.2, counts={"calls": 2}),
        ok("dns"),
    )


def fine() -> Report:
    """All is ok."""
    return report(
        [
            rate("sendgrid.bounce_rate", (20, 10020)),
            rate("sendgrid.delivered_rate", (9990, 10020)),
            published("postmaster.spam_rate", [0.0001, 0.0]),
            published("postmaster.tls_rate", [1.0, 1.0]),
            *(
                published("postmaster.temporary_failures_by_reason", [share], Subject.of(
                    domain="example.com", reason=reason))
                for reason, share in (("RATE_LIMIT_EXCEEDED", 0.0024), ("SUSPECTED_SPAM", 0.0))
            ),
            plain("dns.dmarc_policy", "reject"),
            plain("dns.dkim_key_bits", 2048, selector("s1")),
        ],
        ok("sendgrid", NEWEST),
        ok("postmaster", PUBLISHED),
        ok("dns"),
    )  # fmt: skip


def partial() -> Report:
    """Two domains, one of which is not shared; its DNS did not answer either."""
    other = Subject.of(domain="example.net")
    why = say("postmaster.not_shared")
    late = say("http.timeout", host="192.0.2.53")
    return report(
        [
            published("postmaster.spam_rate", [0.0001, 0.0002]),
            published("postmaster.dkim_pass_rate", [0.999, 0.93]),
            missing("postmaster.spam_rate", Cause.NOT_ALLOWED, why, other),
            missing("postmaster.dkim_pass_rate", Cause.NOT_ALLOWED, why, other),
            missing("dns.mx", Cause.COULD_NOT_ASK, late, other),
            plain("dns.mx", "found"),
        ],
        SourceState("postmaster", State.PARTIAL, why, 1.2, PUBLISHED, {"calls": 8}),
        SourceState(
            "dns",
            State.PARTIAL,
            say("run.some_failed", first=late, more=1),
            5.0,
            counts={"calls": 8},
        ),
        subjects=("example.com", "example.net"),
    )


def skipped() -> Report:
    """Only DNS is configured."""
    why = say("run.not_configured")
    return report(
        [plain("dns.dmarc_policy", "quarantine"), plain("dns.spf_all", "softfail")],
        SourceState("sendgrid", State.SKIPPED, why),
        SourceState("postmaster", State.SKIPPED, why),
        ok("dns"),
    )


def many() -> Report:
    """Several subusers, domains and selectors in one group, one group with more than are listed."""
    users = [Subject.of(subuser=f"subuser-{n:02}") for n in range(1, 12)]
    domains = ("example.com", "example.net", "mail.example.org")
    return report(
        [
            *(rate("sendgrid.bounce_rate", (600 + 17 * n, 10020), s) for n, s in enumerate(users)),
            rate("sendgrid.block_rate", (700, 10020), users[1], newest=PUBLISHED),
            rate("sendgrid.block_rate", (900, 10020), users[0], shape=(1, 2, 3, 3, 2, 4, 5)),
            rate("sendgrid.block_rate", (1, 30), users[2]),
            *(plain("dns.dmarc_policy", "missing", Subject.of(domain=d)) for d in domains),
            plain("dns.dkim_key", "revoked", selector("s1"), "k=rsa; p=", "p= is empty"),
            plain("dns.dkim_key", "missing", selector("s2"), "s2._domainkey.example.com"),
            plain("dns.dkim_key", "missing", selector("s1", "example.net")),
            plain("dns.dkim_key", "valid", selector("s2", "example.net")),
            *(plain("dns.dkim_key_bits", 1024 + n, selector(f"s{n}")) for n in (1, 2)),
            plain("postmaster.compliance", "NEEDS_WORK", requirement("DMARC_POLICY")),
            plain("postmaster.compliance", "NEEDS_WORK", requirement("ENCRYPTION")),
            plain("postmaster.compliance", "COMPLIANT", requirement("SPF")),
            *(missing("dns.mx", Cause.COULD_NOT_ASK, None, Subject.of(domain=d)) for d in domains),
        ],
        ok("sendgrid", NEWEST),
        ok("postmaster"),
        ok("dns"),
        subjects=domains,
    )


def hostile(text: str = HOSTILE) -> Report:
    """Strangers' text in every place that takes some."""
    shown = inert(text) or "-"
    subject = Subject.of(domain=shown, selector=shown)
    return report(
        [
            rate("sendgrid.bounce_rate", (612, 10020), Subject.of(subuser=shown)),
            rate("sendgrid.bounce_rate", (999, 10020), Subject.of(subuser=shown + "2")),
            plain("dns.dkim_key", "invalid", subject, shown, shown + shown),
            plain("dns.dkim_key_bits", 4096, subject),
            plain("dns.spf_record", "valid", Subject.of(domain=shown)),
            plain("dns.mx", shown, Subject.of(domain=shown)),
            missing("dns.spf_all", Cause.COULD_NOT_ASK, verbatim(shown), subject),
        ],
        SourceState("dns", State.PARTIAL, verbatim(shown + shown), 0.1),
        SourceState("postmaster", State.FAILED, verbatim(shown), 0.1),
        ok("sendgrid", NEWEST),
        subjects=(shown,),
    )


def nothing() -> Report:
    """Every source was skipped."""
    why = say("run.not_configured")
    names = ("sendgrid", "postmaster", "dns")
    return report([], *(SourceState(name, State.SKIPPED, why) for name in names), subjects=())


CASES: dict[str, Callable[[], Report]] = {
    "everything": everything,
    "outage": outage,
    "fine": fine,
    "partial": partial,
    "skipped": skipped,
    "many": many,
    "hostile": hostile,
    "nothing": nothing,
}
