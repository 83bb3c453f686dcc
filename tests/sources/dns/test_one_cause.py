"""One cause is one finding: nothing is reported beside a domain or record that is missing."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import dns.message as dns_message
import pytest
from dns import rdatatype

from mailwatch.catalog.catalog import read_catalog
from mailwatch.config import Config, DnsConfig, Domain
from mailwatch.demo import Faults, Rcode, Rule, build, serve
from mailwatch.demo.story.zone import segments
from mailwatch.demo.wire.faults import Query
from mailwatch.model import Cause, Finding, Level
from mailwatch.run import Options, run
from mailwatch.sources.dns import expected
from tests.sources.dns.dns_peer import TODAY, figures_of
from tests.sources.dns.dns_wire import Bare

DOMAIN = Domain("example.com", ("s1",))
HEALTHY = build("healthy", TODAY).zone


def reported(
    zone: Mapping[tuple[str, str], Any], *domains: Domain, rules: tuple[Rule, ...] = ()
) -> dict[tuple[str, ...], Finding]:
    """The findings of a run over `domains`, by check and subject."""
    world = replace(build("healthy", TODAY), zone=zone)
    with serve(world, faults=Faults(*rules)) as running:
        config = Config(domains=domains, dns=DnsConfig((running.nameserver,)))
        report = run(config, read_catalog(), Options(sources=("dns",)))
    return {
        (finding.check.id, *dict(finding.measurement.subject.pairs).values()): finding
        for finding in report.findings
    }


def test_a_domain_that_does_not_exist_is_one_finding() -> None:
    # Given a domain that does not exist beside one that does
    found = reported(HEALTHY, Domain("exampel.com", ("s1", "s2")), DOMAIN)
    # Then that is all that is said of it
    ((key, finding),) = [(key, f) for key, f in found.items() if "exampel.com" in key]
    assert key == ("dns.domain", "exampel.com")
    assert (finding.level, finding.measurement.value) == (Level.BREACH, "missing")
    assert found["dns.domain", "example.com"].level is Level.OK
    assert found["dns.dkim_key", "example.com", "s1"].level is Level.OK


def test_a_name_without_records_and_one_whose_alias_leads_nowhere_exist() -> None:
    zone = {
        ("x.empty.example", "A"): ("192.0.2.1",),
        ("alias.example", "CNAME"): ("nowhere.example.",),
    }
    found = reported(zone, Domain("empty.example"), Domain("alias.example"))
    for name in ("empty.example", "alias.example"):
        assert found["dns.domain", name].measurement.value == "found"
        assert found["dns.spf_record", name].measurement.value == "missing"


def test_a_domain_that_could_not_be_looked_up_is_not_missing() -> None:
    figures = figures_of(HEALTHY, Domain("nowhere.example"), rules=(Rule("dns", Rcode()),))
    assert figures["dns.domain"].cause is Cause.COULD_NOT_ASK
    assert Counter(expected(Config((Domain("nowhere.example"),)))) <= Counter(
        (m.metric, m.subject) for m in figures.measured
    )


def test_a_domain_that_answers_for_one_type_exists() -> None:
    def lost(query: Query) -> bytes | None:
        asked = dns_message.from_wire(query.wire).question[0]
        return Rcode().reply(query) if rdatatype.to_text(asked.rdtype) == "TXT" else query.honest()

    figures = figures_of(HEALTHY, DOMAIN, rules=(Rule("dns", Bent(lost), match="example.com"),))
    assert figures.value("dns.domain") == "found"
    assert figures["dns.spf_record"].cause is Cause.COULD_NOT_ASK


@pytest.mark.parametrize(
    ("name", "records", "dependent"),
    [
        ("s1._domainkey.example.com", None, "dns.dkim_key_bits"),
        ("s1._domainkey.example.com", "v=DKIM1; p=", "dns.dkim_key_bits"),
        ("s1._domainkey.example.com", "v=DKIM1; p=AAAA", "dns.dkim_key_bits"),
        ("example.com", None, "dns.spf_lookups"),
        ("example.com", "v=spf1 -al", "dns.spf_all"),
        ("_dmarc.example.com", None, "dns.dmarc_report_addresses"),
        ("_dmarc.example.com", None, "dns.dmarc_record"),
    ],
)
def test_what_another_finding_reports_is_no_finding_of_its_own(
    name: str, records: str | None, dependent: str
) -> None:
    # Given a domain of which one record is missing, or cannot be used
    zone = {key: value for key, value in HEALTHY.items() if key[0] != name}
    zone["example.com", "MX"] = ("10 mx1.example.com.",)
    if records is not None:
        zone[name, "TXT"] = ((records,),)
    found = reported(zone, DOMAIN)
    # Then what that record would have is not reported, neither ok nor unknown
    assert dependent not in {key[0] for key in found}
    assert Level.UNKNOWN not in {finding.level for finding in found.values()}


def test_what_could_not_be_asked_for_stays_unknown() -> None:
    rules = (Rule("dns", Rcode(), match="s1._domainkey.example.com"),)
    found = reported(HEALTHY, DOMAIN, rules=rules)
    for check in ("dns.dkim_key", "dns.dkim_key_bits"):
        assert found[check, "example.com", "s1"].cause is Cause.COULD_NOT_ASK


def test_no_domain_costs_more_than_200_questions() -> None:
    # Given a record of many terms, in whose names every answer is an alias to yet another name
    def alias(query: Query) -> bytes | None:
        asked = dns_message.from_wire(query.wire).question[0]
        if asked.name.to_text() == "example.com.":
            return query.honest()
        return Bare(f"x{asked.name}").reply(query)

    terms = " ".join(f"a:n{n}.example.com exists:m{n}.example.com" for n in range(80))
    zone = {("example.com", "TXT"): (segments(f"v=spf1 {terms} -all"),)}
    rules = (Rule("dns", Bent(alias)),)
    figures = figures_of(zone, DOMAIN, rules=rules)
    # Then most of them are not asked about, and the figures say so
    assert 100 < len(figures.asked) <= 200
    assert figures.value("dns.spf_lookups") == 100
    assert "at least 100" in figures.said("dns.spf_lookups")


@dataclass(frozen=True)
class Bent:
    """A server that answers as `bend` says."""

    bend: Callable[[Query], bytes | None]

    def reply(self, query: Query) -> bytes | None:
        return self.bend(query)
