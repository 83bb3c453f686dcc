"""SPF as lint: what is unwise or odd about a record (RFC 7208 §3.1, §3.3, §3.4, §5.5)."""

from collections.abc import Mapping
from typing import Any

import pytest

from mailwatch.model import Cause
from mailwatch.sources.dns.spf import measure_spf
from mailwatch.sources.dns.spf_lint import measure_spf_lint, measure_spf_type99
from tests.sources.dns.dns_peer import MemoryLookup, run

D = "top.example"
Rows = Mapping[tuple[str, Any], list[str]]


def txt(*values: str, **others: str) -> MemoryLookup:
    """A zone with these TXT records of the domain, and an SPF record for each other name."""
    zone: dict[Any, list[str]] = {(D, "TXT"): list(values)}
    zone |= {(f"{name}.example", "TXT"): [f"v=spf1 {text}"] for name, text in others.items()}
    return MemoryLookup(zone)


@pytest.mark.parametrize(
    ("values", "word", "said"),
    [
        (["v=spf1 include:a.example -all"], "whole", ""),
        (["v=spf1 include:a.example", "include:b.example -all"], "stray", "“include:b.example"),
        (["v=spf1 include:a.exampleinclude:b.example -all"], "glued", "before include:b.example"),
        (["v=spf1 include:a.example-all"], "glued", "before -all"),
        (["v=spf1 ip4:192.0.2.1ip4:192.0.2.2 -all"], "glued", "before ip4:192.0.2.2"),
        (["v=spf1 include:my-all.example -all"], "whole", ""),
        (["v=spf2 a -all"], "unread", "must begin with exactly v=spf1"),
        ([" v=spf1 a -all"], "unread", "must begin with exactly v=spf1"),
        (["v=spf1 a -all", "spf2.0/pra include:a.example -all"], "whole", ""),  # Sender ID
        (['"v=spf1 a -all"'], "quoted", "without quotes"),
        (['v=spf1 a" "b -all'], "quoted", "without quotes"),
    ],
)
def test_text_that_was_cut_or_quoted_on_its_way_is_seen(
    values: list[str], word: str, said: str
) -> None:
    figures = run(measure_spf_lint(D, txt(*values)))
    assert figures.value("dns.spf_strings") == word
    assert said in figures.said("dns.spf_strings")


def test_a_domain_without_any_spf_text_has_no_lint() -> None:
    assert run(measure_spf_lint(D, txt("hello"))).metrics == set()
    assert run(measure_spf_lint(D, MemoryLookup({}, [D]))).metrics == set()


@pytest.mark.parametrize(
    ("record", "others", "n", "said"),
    [
        ("v=spf1 -all", {}, 0, ""),
        ("v=spf1 ptr -all", {}, 1, "ptr: remove it"),
        ("v=spf1 ?PTR:top.example -all", {}, 1, "?PTR:top.example: remove it"),
        ("v=spf1 a:ptr.example -all", {}, 0, ""),
        ("v=spf1 include:a.example -all", {"a": "ptr ptr:b.example ~all"}, 2, "a.example > ptr:"),
    ],
)
def test_each_ptr_of_the_tree_is_named(
    record: str, others: dict[str, str], n: int, said: str
) -> None:
    figures = run(measure_spf_lint(D, txt(record, **others)))
    assert figures.value("dns.spf_ptr") == n
    assert said in figures.said("dns.spf_ptr")


def test_the_answer_is_as_large_as_all_its_txt_records() -> None:
    # Given a record, and a verification text that needs two strings
    values = ("v=spf1 -all", "x" * 600)
    figures = run(measure_spf_lint(D, txt(*values)))
    # Then the size is that of the packet (checked against dnspython's own)
    import dns.message
    import dns.rrset

    message = dns.message.make_response(dns.message.make_query(D, "TXT"))
    parts = [f'"{values[0]}"', " ".join(f'"{"x" * size}"' for size in (255, 255, 90))]
    message.answer.append(dns.rrset.from_text(f"{D}.", 300, "IN", "TXT", *parts))
    assert figures.value("dns.spf_answer_size") == len(message.to_wire(max_size=65535))
    assert "600 bytes: xxx" in figures.said("dns.spf_answer_size")
    assert run(measure_spf_lint(D, txt(values[0]))).value("dns.spf_answer_size") == 53


def test_sendgrid_in_the_record_of_the_domain_is_needless() -> None:
    lookup = txt("v=spf1 +include:sendgrid.net ~all")
    assert run(measure_spf_lint(D, lookup)).value("dns.spf_place") == "needless"
    lookup = txt("v=spf1 include:a.example ~all", a="~all")
    assert run(measure_spf_lint(D, lookup)).value("dns.spf_place") == "fitting"


def test_a_record_of_the_obsolete_type_is_seen() -> None:
    zone: Rows = {(D, "SPF"): ["v=spf1 -all"]}
    assert run(measure_spf_type99(D, MemoryLookup(zone))).value("dns.spf_type99") == "present"
    assert run(measure_spf_type99(D, MemoryLookup({}))).value("dns.spf_type99") == "absent"
    lost = run(measure_spf_type99(D, MemoryLookup(zone, [f"{D} SPF"])))
    assert lost["dns.spf_type99"].cause is Cause.COULD_NOT_ASK


@pytest.mark.parametrize(
    ("record", "said"),
    [
        ("v=spf1 a:h.example +ALL", "+ALL lets everybody send as this domain; publish: v=spf1 a:h"),
        ("v=spf1 all", "publish: v=spf1 ~all"),
        ("v=spf1 redirect=a.example", ""),  # it is in the record of the other domain
        ("v=spf1 ~all", ""),
    ],
)
def test_the_term_that_lets_everybody_send_is_named(record: str, said: str) -> None:
    lookup = txt(record, a="+all")
    assert said in (text := run(measure_spf(D, lookup)).said("dns.spf_all"))
    assert bool(said) is ("publish" in text)


@pytest.mark.parametrize(
    ("records", "one"),
    [
        (["v=spf1 a -all", "v=spf1 mx a ~all"], "v=spf1 a mx ~all"),
        (["v=spf1 a +all", "v=spf1 mx -all"], "v=spf1 a mx ~all"),
        (["v=spf1 ?all", "v=spf1 -all"], "v=spf1 ?all"),
        (["v=spf1 a", "v=spf1 mx"], "v=spf1 a mx"),
        (["v=spf1 redirect=a.example", "v=spf1 redirect=b.example"], None),
        (["v=spf1 a -al", "v=spf1 mx -all"], None),
    ],
)
def test_several_records_are_merged_into_one(records: list[str], one: str | None) -> None:
    said = run(measure_spf(D, txt(*records))).said("dns.spf_record")
    assert ("one instead" in said) is (one is not None)
    if one is not None:
        assert f": {one}\n" in said
