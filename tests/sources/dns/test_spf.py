"""SPF figures: the tree below a record counted, and what in it is broken (RFC 7208 §4.6.4)."""

import pytest

from mailwatch.model import Cause
from mailwatch.resolver.lookup import RdType
from mailwatch.sources.dns.spf import measure_spf
from tests.sources.dns.dns_peer import Figures, MemoryLookup, Zone, run

Key = tuple[str, RdType]


def tree(**records: str) -> dict[Key, list[str]]:
    """A zone of SPF records: `a="…"` is that of a.example."""
    return {(f"{name}.example", "TXT"): [f"v=spf1 {text}"] for name, text in records.items()}


def measure(zone: Zone, *lost: str) -> Figures:
    return run(measure_spf("top.example", MemoryLookup(zone, lost)))


def hosts(n: int) -> list[str]:
    return [f"10 mx{number}.example.com" for number in range(n)]


A: dict[Key, list[str]] = {("host.example", "A"): ["192.0.2.1"]}


@pytest.mark.parametrize(
    ("zone", "lookups"),
    [
        (tree(top="ip4:192.0.2.1 ip6:2001:db8::1 exp=x.example.com -all"), 0),
        (tree(top="include:a.example -all", a="-all"), 1),
        (tree(top="include:a.example -all", a="include:b.example -all", b="-all"), 2),
        (
            # a diamond: d is evaluated in both branches
            tree(
                top="include:b.example include:c.example -all",
                b="include:d.example",
                c="include:d.example",
                d="ip4:192.0.2.1",
            ),
            4,
        ),
        (tree(top="redirect=a.example", a="include:b.example -all", b="-all"), 2),
        (tree(top="-all redirect=a.example include:b.example"), 0),
        (tree(top="exists:%{i}.x.example include:%{d}.y.example ptr -all"), 3),
        ({**tree(top="a:host.example exists:host.example ptr -all"), **A}, 3),
        ({**tree(top="mx a -all"), ("top.example", "MX"): hosts(10)}, 2),
    ],
)
def test_every_evaluation_in_the_tree_counts(zone: Zone, lookups: int) -> None:
    figures = measure(zone)
    assert figures.value("dns.spf_lookups") == lookups
    assert figures.value("dns.spf_record") == "valid"
    assert not figures.faults


def test_over_the_limit_the_record_points_to_the_lookups() -> None:
    records = {f"n{number}": f"include:n{number + 1}.example" for number in range(11)}
    figures = measure(tree(top="include:n0.example -all", **records, n11="-all"))
    assert figures.value("dns.spf_lookups") == 12
    assert figures.value("dns.spf_record") == "over_limit"
    first, *_ = figures.said("dns.spf_record").splitlines()
    assert "permerror" in first
    assert "dns.spf_lookups" in first
    assert "include:n0.example costs 12" in figures.said("dns.spf_lookups")


@pytest.mark.parametrize(
    ("zone", "voids"),
    [
        (tree(top="a:nowhere.example mx:nowhere.example exists:nowhere.example -all"), 3),
        ({**tree(top="a:host.example -all"), ("host.example", "AAAA"): ["2001:db8::1"]}, 0),
        ({**tree(top="a:host.example mx:host.example -all"), **A}, 1),
        ({**tree(top="include:txt.example -all"), ("txt.example", "TXT"): ["hello"]}, 0),
        (tree(top="include:nowhere.example -all"), 1),
        (tree(top="redirect=nowhere.example"), 1),
        (tree(top="exists:%{i}.nowhere.example -all"), 0),
        ({**tree(top="include:a.example -all", a="a ip4:192.0.2.1"), **A}, 1),
        (tree(top="a:a..b.example -all"), 1),
    ],
)
def test_terms_that_lead_to_nothing_are_void(zone: Zone, voids: int) -> None:
    figures = measure(zone)
    assert figures.value("dns.spf_void_lookups") == voids


def test_a_timeout_is_no_void_and_makes_the_counts_unknown() -> None:
    zone = tree(top="a:lost.example include:a.example -all", a="-all")
    figures = measure(zone, "lost.example")
    for metric in ("dns.spf_lookups", "dns.spf_void_lookups"):
        assert figures[metric].value is None
        assert figures[metric].cause is Cause.COULD_NOT_ASK
        assert any(fault.covers(metric, figures[metric].subject) for fault in figures.faults)
    assert "at least 2" in figures.said("dns.spf_lookups")
    assert figures.value("dns.spf_record") == "valid"
    assert figures.value("dns.spf_all") == "fail"
    assert len({fault.what for fault in figures.faults}) == 1
    record = figures["dns.spf_record"]
    assert not any(fault.covers(record.metric, record.subject) for fault in figures.faults)


def test_an_address_found_is_enough_where_the_other_kind_is_lost() -> None:
    figures = measure({**tree(top="a:host.example -all"), **A}, "host.example AAAA")
    assert figures.value("dns.spf_void_lookups") == 0
    assert not figures.faults


@pytest.mark.parametrize(
    ("zone", "said"),
    [
        (tree(top="include:none.example -all"), "leads to a name that does not exist"),
        (tree(top="redirect=none.example"), "leads to a name that does not exist"),
        (
            {**tree(top="include:txt.example -all"), ("txt.example", "TXT"): ["hello"]},
            "include:txt.example leads to a domain without an SPF record",
        ),
        (
            {
                **tree(top="include:two.example -all"),
                ("two.example", "TXT"): ["v=spf1 a", "v=spf1 mx"],
            },
            "leads to 2 SPF records",
        ),
        (tree(top="include:bad.example -all", bad="ip4:x"), "leads to an invalid record"),
        (tree(top="include:a.example", a="include:none.example"), "include:none.example leads"),
        ({**tree(top="mx -all"), ("top.example", "MX"): hosts(11)}, "11 hosts, over the 10"),
        (tree(top="include:top.example -all"), "include:top.example in the record of top.example"),
        (
            tree(top="include:a.example -all", a="include:b.example", b="include:A.example."),
            "include:A.example. in the record of b.example",
        ),
        (tree(top="redirect=a.example", a="redirect=top.example"), "a loop"),
    ],
)
def test_what_breaks_receivers_off_is_named(zone: Zone, said: str) -> None:
    figures = measure(zone)
    assert figures.value("dns.spf_record") == "invalid"
    assert said in figures.said("dns.spf_record")


@pytest.mark.parametrize(
    ("zone", "word"),
    [
        (tree(top="-all"), "fail"),
        (tree(top="~all"), "softfail"),
        (tree(top="?all"), "neutral"),
        (tree(top="all"), "pass"),
        (tree(top="+all"), "pass"),
        (tree(top="ip4:192.0.2.1"), "absent"),
        (tree(top="include:a.example", a="-all"), "absent"),
        (tree(top="redirect=a.example", a="redirect=b.example", b="~all"), "softfail"),
        (tree(top="redirect=a.example", a="mx"), "absent"),
    ],
)
def test_all_is_that_of_the_record_or_of_its_redirect(zone: Zone, word: str) -> None:
    assert measure(zone).value("dns.spf_all") == word


@pytest.mark.parametrize(
    ("zone", "lost", "cause"),
    [
        (tree(top="redirect=%{d}.example.com"), "", Cause.NO_DATA),
        (tree(top="redirect=a.example"), "a.example", Cause.COULD_NOT_ASK),
    ],
)
def test_all_is_unknown_where_the_redirect_is(zone: Zone, lost: str, cause: Cause) -> None:
    figure = measure(zone, lost)["dns.spf_all"]
    assert figure.value is None
    assert figure.cause is cause
    assert figure.note is not None


def test_where_the_redirect_leads_to_nothing_the_record_says_so() -> None:
    figures = measure(tree(top="redirect=nowhere.example"))
    assert figures.value("dns.spf_record") == "invalid"
    assert "dns.spf_all" not in figures.metrics


OTHERS = ("dns.spf_lookups", "dns.spf_void_lookups", "dns.spf_record_length", "dns.spf_all")


@pytest.mark.parametrize(
    ("values", "word"),
    [
        (None, "missing"),
        (["hello"], "missing"),
        (["v=spf1 -all", "v=spf1 ~all"], "multiple"),
        (["v=spf1 -al"], "invalid"),
        (["v=spf1 \x1b[31m\xff -all"], "invalid"),
    ],
)
def test_without_one_sound_record_only_its_state_is_known(
    values: list[str] | None, word: str
) -> None:
    figures = measure({("top.example", "TXT"): values} if values else {})
    assert figures.value("dns.spf_record") == word
    assert "\x1b" not in figures.said("dns.spf_record")
    assert figures.metrics == {"dns.spf_record"}
    assert not figures.faults


def test_nothing_is_known_where_the_domain_could_not_be_asked_for() -> None:
    figures = measure({}, "top.example")
    for metric in ("dns.spf_record", *OTHERS):
        assert figures[metric].cause is Cause.COULD_NOT_ASK
        assert figures.faults[0].covers(metric, figures[metric].subject)


def test_the_length_is_that_of_the_joined_record() -> None:
    text = "v=spf1 " + "ip4:192.0.2.1 " * 40 + "-all"
    assert measure({("top.example", "TXT"): [text]}).value("dns.spf_record_length") == len(text)


def test_a_typing_error_that_receivers_ignore_is_shown() -> None:
    figures = measure(tree(top="ip4=192.0.2.1 -all"))
    assert figures.value("dns.spf_record") == "valid"
    assert "receivers ignore “ip4=192.0.2.1”" in figures.said("dns.spf_record")


def test_a_macro_counts_and_is_named() -> None:
    figures = measure(tree(top="exists:%{i}.x.example -all"))
    assert "depends on the message (a macro)" in figures.said("dns.spf_lookups")
