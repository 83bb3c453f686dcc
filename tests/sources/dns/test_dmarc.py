"""Which DMARC policy is in effect, and the state of the record behind it (RFC 9989 §4.10)."""

from collections.abc import Mapping

import pytest

from mailwatch.mailauth.dmarc.discovery import names_queried
from mailwatch.model import Cause
from mailwatch.resolver.lookup import RdType
from mailwatch.sources.dns.dmarc import measure_dmarc
from tests.sources.dns.dns_peer import Figures, MemoryLookup, run

RUA = "rua=mailto:r@example.com"
Records = Mapping[str, str | list[str]]


def zone_of(records: Records, *existing: str) -> dict[tuple[str, RdType], list[str]]:
    zone: dict[tuple[str, RdType], list[str]] = {
        (f"_dmarc.{domain}", "TXT"): [text] if isinstance(text, str) else text
        for domain, text in records.items()
    }
    zone.update({(domain, "A"): ["192.0.2.1"] for domain in existing})
    return zone


def measure(domain: str, records: Records, *existing: str, lost: tuple[str, ...] = ()) -> Figures:
    lookup = MemoryLookup(zone_of(records, domain, *existing), lost)
    return run(measure_dmarc(domain, lookup))


def policy_and_record(figures: Figures) -> tuple[object, object]:
    """The two words; None for the record where there is none to judge."""
    has_record = "dns.dmarc_record" in figures.metrics
    record = figures.value("dns.dmarc_record") if has_record else None
    return figures.value("dns.dmarc_policy"), record


@pytest.mark.parametrize(
    ("domain", "walked"),
    [
        ("com", ["com"]),
        ("example.com", ["example.com", "com"]),
        ("a.b.c.d.e.f.g", ["a.b.c.d.e.f.g"] + ["b.c.d.e.f.g"[2 * n :] for n in range(6)]),
        ("a.b.c.d.e.f.g.h", ["a.b.c.d.e.f.g.h"] + ["b.c.d.e.f.g.h"[2 * n :] for n in range(7)]),
        ("a.b.c.d.e.f.g.h.i", ["a.b.c.d.e.f.g.h.i"] + ["c.d.e.f.g.h.i"[2 * n :] for n in range(7)]),
        (
            "a.b.c.d.e.f.g.h.i.j.mail.example.com",
            [
                "a.b.c.d.e.f.g.h.i.j.mail.example.com",
                "g.h.i.j.mail.example.com",
                "h.i.j.mail.example.com",
                "i.j.mail.example.com",
                "j.mail.example.com",
                "mail.example.com",
                "example.com",
                "com",
            ],
        ),
    ],
)
def test_the_walk_is_that_of_the_standard(domain: str, walked: list[str]) -> None:
    assert list(names_queried(domain)) == walked
    assert len(walked) <= 8


@pytest.mark.parametrize(
    ("text", "policy", "record"),
    [
        ("v=DMARC1; p=reject", "reject", "valid"),
        ("v=DMARC1; p=quarantine; sp=none; np=none", "quarantine", "valid"),
        ("v=DMARC1; p=none", "none", "valid"),
        ("v=DMARC1; p=reject; t=y", "quarantine", "valid"),
        ("v=DMARC1; p=quarantine; t=y", "none", "valid"),
        ("v=DMARC1; p=none; t=y", "none", "valid"),
        ("v=DMARC1; p=reject; pct=0; ri=3600; zz=1", "reject", "valid"),
        ("v=DMARC1; p=reject; psd=y", "reject", "valid"),
        ("v=DMARC1; p=reject; adkim=x", "reject", "flawed"),
        (f"v=DMARC1; p=rejct; {RUA}", "none", "flawed"),
        (f"v=DMARC1; {RUA}", "none", "flawed"),
        (f"v=DMARC1; p=reject; sp=x; {RUA}", "none", "flawed"),
        ("v=DMARC1; p=rejct", "missing", "invalid"),
        ("v=DMARC1; p=reject; np=x", "missing", "invalid"),
        ("v=DMARC1; p=rejct; rua=r@example.com", "missing", "invalid"),
        ("v=DMARC1", "missing", "invalid"),
        ("v=DMARC1; p=reject; p=reject", "missing", "invalid"),
        ("v=dmarc1; p=reject", "missing", "invalid"),
        ("v=DMARC1 p=reject", "missing", "invalid"),
        ("v=spf1 -all", "missing", None),
        (["v=DMARC1; p=reject", "v=DMARC1; p=none"], "missing", "multiple"),
        (["v=DMARC1; p=reject", "google-site-verification=x"], "reject", "valid"),
    ],
)
def test_a_record_of_its_own(text: str | list[str], policy: str, record: str | None) -> None:
    figures = measure("example.com", {"example.com": text})
    assert policy_and_record(figures) == (policy, record)
    assert not figures.faults


@pytest.mark.parametrize(
    ("records", "policy", "record"),
    [
        ({"example.com": "v=DMARC1; p=reject"}, "reject", "valid"),
        ({"example.com": "v=DMARC1; p=reject; sp=none"}, "none", "valid"),
        ({"example.com": "v=DMARC1; p=reject; sp=quarantine; t=y"}, "none", "valid"),
        ({"example.com": "v=DMARC1; p=none; np=reject"}, "none", "valid"),
        ({"example.com": "v=DMARC1; p=none; zz=; adkim=x"}, "none", "flawed"),
        ({"example.com": f"v=DMARC1; p=reject; sp=x; {RUA}"}, "none", "flawed"),
        ({"example.com": "v=DMARC1; sp=reject"}, "missing", "invalid"),
        # the fewest labels win, and the walk goes up to the top-level domain
        (
            {"b.example.com": "v=DMARC1; p=none", "example.com": "v=DMARC1; p=reject"},
            "reject",
            "valid",
        ),
        ({"com": "v=DMARC1; p=reject"}, "reject", "valid"),
        # psd=n: here is the organization
        (
            {"b.example.com": "v=DMARC1; p=none; psd=n", "example.com": "v=DMARC1; p=reject"},
            "none",
            "valid",
        ),
        # psd=y: the organization is one label below, the suffix's own policy the last resort
        (
            {"example.com": "v=DMARC1; p=quarantine", "com": "v=DMARC1; p=reject; psd=y"},
            "quarantine",
            "valid",
        ),
        (
            {
                "b.example.com": "v=DMARC1; p=none",
                "com": "v=DMARC1; p=reject; sp=quarantine; psd=y",
            },
            "quarantine",
            "valid",
        ),
        ({"b.example.com": "v=DMARC1; p=none; sp=reject; psd=y"}, "reject", "valid"),
        # several at one name are dropped, and the walk goes on
        (
            {
                "a.b.example.com": ["v=DMARC1; p=none", "v=DMARC1; p=none"],
                "example.com": "v=DMARC1; p=reject",
            },
            "reject",
            "multiple",
        ),
        (
            {
                "b.example.com": ["v=DMARC1; p=none", "v=DMARC1; p=none; psd=n"],
                "example.com": "v=DMARC1; p=reject",
            },
            "reject",
            "valid",
        ),
        (
            {"a.b.example.com": "v=DMARC1;p=x;p=x", "example.com": "v=DMARC1; p=reject"},
            "reject",
            "invalid",
        ),
        ({"example.com": ["v=DMARC1; p=none", "v=DMARC1; p=none"]}, "missing", "multiple"),
        ({"example.com": "v=dmarc1; p=none"}, "missing", "invalid"),
        ({}, "missing", None),
    ],
)
def test_an_inherited_record(records: Records, policy: str, record: str | None) -> None:
    figures = measure("a.b.example.com", records)
    assert policy_and_record(figures) == (policy, record)


def test_the_walk_jumps_over_deep_labels() -> None:
    deep = "mail.a.b.c.d.e.f.g.example.com"
    cut = {"b.c.d.e.f.g.example.com": "v=DMARC1; p=none; psd=n"}
    assert measure(deep, cut).value("dns.dmarc_policy") == "missing"
    found = {"c.d.e.f.g.example.com": "v=DMARC1; p=reject; psd=y"}
    assert measure(deep, found).value("dns.dmarc_policy") == "reject"


PARENT = "v=DMARC1; p=none; sp=quarantine; np=reject"


def test_np_speaks_of_a_domain_that_does_not_exist() -> None:
    lookup = MemoryLookup(zone_of({"example.com": PARENT}))
    figures = run(measure_dmarc("sub.example.com", lookup))
    assert figures.value("dns.dmarc_policy") == "reject"
    assert "through np= of example.com" in figures.said("dns.dmarc_policy")


def test_a_domain_without_data_exists() -> None:
    assert measure("s.example.com", {"example.com": PARENT}).value("dns.dmarc_policy") == (
        "quarantine"
    )
    below = MemoryLookup(zone_of({"example.com": PARENT}, "x.s.example.com"))
    assert run(measure_dmarc("s.example.com", below)).value("dns.dmarc_policy") == "quarantine"


def test_where_it_depends_on_whether_the_domain_exists_a_failure_makes_it_unknown() -> None:
    figures = measure("s.example.com", {"example.com": PARENT}, lost=("s.example.com",))
    assert figures["dns.dmarc_policy"].cause is Cause.COULD_NOT_ASK
    assert figures.value("dns.dmarc_record") == "valid"
    assert figures.value("dns.dmarc_report_addresses") == 0
    (fault,) = figures.faults
    assert fault.metrics == ("dns.dmarc_policy",)


def test_the_walk_stops_at_the_first_name_that_could_not_be_asked_for() -> None:
    zone = zone_of({"example.com": "v=DMARC1; p=reject"})
    lookup = MemoryLookup(zone, ["_dmarc.b.example.com"])
    figures = run(measure_dmarc("a.b.example.com", lookup))
    assert lookup.asked == ["_dmarc.a.b.example.com", "_dmarc.b.example.com"]
    for metric in ("dns.dmarc_policy", "dns.dmarc_record", "dns.dmarc_report_addresses"):
        assert figures[metric].cause is Cause.COULD_NOT_ASK
        assert figures.faults[0].covers(metric, figures[metric].subject)


def test_the_walk_needs_no_step_above_a_record_of_its_own() -> None:
    lookup = MemoryLookup(zone_of({"example.com": "v=DMARC1; p=reject"}))
    run(measure_dmarc("example.com", lookup))
    assert lookup.asked == ["_dmarc.example.com"]


@pytest.mark.parametrize(
    ("text", "count"),
    [
        (f"v=DMARC1; p=none; {RUA}", 1),
        ("v=DMARC1; p=none; rua=mailto:a@b.example,https://c.example/x,d@e.example", 2),
        ("v=DMARC1; p=none", 0),
        ("v=DMARC1; p=none; rua=ftp://c.example", 0),
        ("v=DMARC1; p=x", 0),
        ("v=dmarc1; p=none", None),
    ],
)
def test_report_addresses_are_counted(text: str, count: int | None) -> None:
    figures = measure("example.com", {"example.com": text})
    if count is None:
        assert "dns.dmarc_report_addresses" not in figures.metrics
    else:
        assert figures.value("dns.dmarc_report_addresses") == count


@pytest.mark.parametrize(
    ("text", "metric", "said"),
    [
        ("v=DMARC1; p=none", "dns.dmarc_policy", "record at _dmarc.example.com"),
        ("v=DMARC1; p=none; pct=5", "dns.dmarc_record", "pct= has no effect since RFC 9989"),
        ("v=DMARC1; p=none; zz=5", "dns.dmarc_record", "zz= is not a DMARC tag"),
        ("v=DMARC1; p=none; t=x", "dns.dmarc_record", "receivers ignore “t=x”"),
        ("v=DMARC1; p=reject; t=y", "dns.dmarc_policy", "one level lower"),
        (f"v=DMARC1; {RUA}", "dns.dmarc_record", "no valid p="),
        (f"v=DMARC1; {RUA}", "dns.dmarc_policy", "treat it as p=none"),
        ("v=DMARC1; p=x", "dns.dmarc_policy", "no rua="),
        ("v=dmarc1; p=none", "dns.dmarc_record", "begin with exactly v=DMARC1;"),
        ("v=DMARC1; p=none; p=none", "dns.dmarc_record", "p= is defined twice"),
        (["v=DMARC1; p=none"] * 2, "dns.dmarc_record", "2 records at _dmarc.example.com"),
    ],
)
def test_what_is_said_beside_a_figure(text: str | list[str], metric: str, said: str) -> None:
    assert said in measure("example.com", {"example.com": text}).said(metric)


def test_strangers_text_is_inert() -> None:
    text = "v=DMARC1; p=none; x=\x1b[2J; \xc2\x9b31m; rua=\xe2\x80\xaemailto:a"
    said = measure("example.com", {"example.com": text}).said("dns.dmarc_record")
    assert said.isprintable() or all(c.isprintable() or c == "\n" for c in said)
    assert "\\x1b[2J" in said
