"""SPF figures of trees that have no end, or are too large to be counted in full."""

from dataclasses import replace

from mailwatch.mailauth.spf.tree import COUNTED, QUESTIONS
from mailwatch.model import Cause
from mailwatch.resolver.lookup import LONGEST_CHAIN, Answer, RdType
from mailwatch.sources.dns.spf import measure_spf
from tests.sources.dns.dns_peer import MemoryLookup, run
from tests.sources.dns.test_spf import Key, measure, tree

LOOP = tree(top="include:a.example -all", a="include:top.example")
DEAD: dict[Key, list[str]] = {
    **tree(top="include:loop.example a:x1.example a:x2.example mx:x3.example -all"),
    **tree(loop="include:top.example -all"),
}


def test_a_loop_has_no_number_of_lookups() -> None:
    # Given records that include each other, two terms in all
    figures = measure(LOOP)
    # Then the record says so, and there is no figure beside it
    assert figures.value("dns.spf_record") == "invalid"
    assert figures.metrics == {"dns.spf_record", "dns.spf_record_length", "dns.spf_all"}
    assert not figures.faults


def test_a_loop_belongs_to_its_branch() -> None:
    # Given three void terms beside a loop
    figures = measure(DEAD)
    # Then they are counted, and known to be too many
    assert figures.value("dns.spf_void_lookups") == 3
    assert "at least 3" in figures.said("dns.spf_void_lookups")
    assert "dns.spf_lookups" not in figures.metrics


def test_eleven_terms_beside_a_loop_are_too_many() -> None:
    hosts = " ".join(f"exists:%{{i}}.x{n}.example" for n in range(9))
    figures = measure(tree(top=f"include:a.example {hosts} -all", a="include:top.example"))
    assert figures.value("dns.spf_lookups") == 11
    assert "at least 11" in figures.said("dns.spf_lookups")
    assert "loop" in figures.said("dns.spf_record")


def test_eleven_terms_are_too_many_though_one_could_not_be_asked_for() -> None:
    macros = "exists:%{i}.x.example " * 10
    figures = measure(tree(top=f"include:lost.example {macros} -all"), "lost.example")
    assert figures.value("dns.spf_lookups") == 11
    assert "at least 11" in figures.said("dns.spf_lookups")
    assert figures["dns.spf_void_lookups"].cause is Cause.COULD_NOT_ASK


def test_counting_stops_at_a_hundred() -> None:
    # Given levels that each include the next one twice: 2^12 evaluations if nothing stopped them
    levels = {f"n{n}": f"include:n{n + 1}.example include:n{n + 1}.example" for n in range(12)}
    lookup = MemoryLookup(tree(top="include:n0.example -all", **levels, n12="-all"))
    figures = run(measure_spf("top.example", lookup))
    assert figures.value("dns.spf_lookups") == COUNTED == 100
    assert "at least 100" in figures.said("dns.spf_lookups")
    assert figures.value("dns.spf_record") == "over_limit"
    assert len(lookup.asked) <= 13 + 1


def test_a_record_of_many_terms_is_not_looked_up_in_full() -> None:
    terms = " ".join(f"a:x{n}.example" for n in range(5000))
    lookup = MemoryLookup(tree(top=terms))
    figures = run(measure_spf("top.example", lookup))
    assert figures.value("dns.spf_lookups") == COUNTED
    assert len(lookup.asked) <= 1 + QUESTIONS
    assert "dns.spf_all" in figures.metrics


def test_a_redirect_that_was_not_reached_has_no_all() -> None:
    lookup = MemoryLookup(tree(top="a:x.example " * 200 + "redirect=a.example", a="-all"))
    figures = run(measure_spf("top.example", lookup))
    assert figures.value("dns.spf_lookups") == COUNTED
    assert "dns.spf_all" not in figures.metrics  # the lookups say it all


class Aliased(MemoryLookup):
    """A zone in which every name is found after a chain of eight CNAMEs."""

    async def get(self, name: str, rdtype: RdType) -> Answer:
        chain = tuple(f"c{n}.example" for n in range(LONGEST_CHAIN))
        return replace(await super().get(name, rdtype), chain=chain)


def test_a_few_terms_that_cost_too_many_questions_have_no_figure() -> None:
    # Given ten terms, each with two questions of nine each
    terms = " ".join(f"a:x{n}.example" for n in range(9))
    lookup = Aliased(tree(top=f"{terms} redirect=a.example", a="-all"))
    figures = run(measure_spf("top.example", lookup))
    # Then it is not known whether they are within the limits
    assert len(lookup.asked) * (1 + LONGEST_CHAIN) <= 200
    for metric in ("dns.spf_lookups", "dns.spf_all"):
        assert figures[metric].value is None
        assert figures[metric].cause is Cause.NO_DATA
        assert "too many" in figures.said(metric)
    assert figures.value("dns.spf_record") == "valid"
