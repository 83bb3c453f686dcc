"""The DNS source as a run uses it: what it skips, expects and hands over."""

import re
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from mailwatch.config import Config, DnsConfig, Domain
from mailwatch.demo import Drop, Rcode, Rule, build, serve
from mailwatch.model import Cause, Measurement, Phrase, say
from mailwatch.sources import SOURCES, dns
from mailwatch.sources.dns import metrics
from mailwatch.words import dns as dns_words
from mailwatch.words import dns_around, dns_policies
from tests.sources.dns.dns_peer import TODAY, figures_of, job

DOMAIN = Domain("example.com", ("s1", "s2"))
CONFIG = Config(domains=(DOMAIN, Domain("em1234.example.com")))
PHRASES = {**dns_words.PHRASES, **dns_around.PHRASES, **dns_policies.PHRASES}
HEALTHY = build("healthy", TODAY).zone


def expected_of(config: Config) -> Counter[Any]:
    return Counter(dns.expected(config))


def test_it_is_one_of_the_sources() -> None:
    assert "dns" in SOURCES


def test_it_is_skipped_without_domains_and_for_the_past() -> None:
    assert dns.skipped(Config(), None) == Phrase("dns.skipped_no_domain")
    assert dns.skipped(CONFIG, TODAY) == Phrase("dns.skipped_no_past")
    assert dns.skipped(CONFIG, None) is None


def test_what_is_always_expected_needs_no_record_to_be_there() -> None:
    names = [(metric, dict(subject.pairs)) for metric, subject in dns.expected(CONFIG)]
    assert len(names) == len(expected_of(CONFIG)) == 4 + 2 + 3 + 4 + 1 + 3
    assert ("dns.dkim_key", {"domain": "example.com", "selector": "s2"}) in names
    assert ("dns.dkim_key", {"domain": "em1234.example.com"}) in names
    assert not {"dns.dkim_key_bits", "dns.spf_lookups", "dns.dmarc_record"} & {n for n, _ in names}


def test_a_healthy_domain_is_measured_in_full() -> None:
    given = job()
    with serve(build("healthy", TODAY)) as running:
        config = Config(domains=CONFIG.domains, dns=DnsConfig((running.nameserver,)))
        dns.collect(config, given)
        asked = [(r.method, r.path) for r in running.requests]
    measured, faults, counts = given.so_far()
    subjects = {(m.metric, *dict(m.subject.pairs).values()) for m in measured}
    assert len(subjects) == len(measured) == 10 + 2 * 2 + 3 + 10 + 1 + 3 + 2 * 10
    assert expected_of(CONFIG) <= Counter((m.metric, m.subject) for m in measured)
    assert faults == ()
    assert counts["calls"] == len(asked) == len(set(asked))
    values = {(m.metric, *dict(m.subject.pairs).values()): m.value for m in measured}
    assert values["dns.spf_record", "example.com"] == "valid"
    assert values["dns.spf_lookups", "example.com"] == 5
    assert values["dns.spf_all", "example.com"] == "softfail"
    assert values["dns.dmarc_policy", "example.com"] == "quarantine"
    assert values["dns.dmarc_policy", "em1234.example.com"] == "quarantine"
    assert values["dns.dkim_key", "example.com", "s1"] == "valid"
    assert values["dns.dkim_key_bits", "example.com", "s2"] == 2048
    assert values["dns.mx", "example.com"] == "found"
    assert values["dns.domain", "example.com"] == "found"
    assert all(m.window is None and m.daily == () for m in measured)


@pytest.mark.parametrize(
    ("records", "word", "said"),
    [
        (("20 b.example.net.", "10 a.example.net."), "found", "10 a.example.net\n20 b.example.net"),
        (("0 .",), "null", "0 ."),
        ((), "missing", ""),
        (tuple(f"10 mx{n}.example.net." for n in range(12)), "found", "and 2 more"),
    ],
)
def test_mx(records: tuple[str, ...], word: str, said: str) -> None:
    zone = {("example.com", "MX"): records, ("example.com", "A"): ("192.0.2.1",)}
    figures = figures_of(zone, Domain("example.com"))
    assert figures.value("dns.mx") == word
    assert said in figures.said("dns.mx")


def test_a_key_whose_cname_leads_nowhere_is_missing() -> None:
    zone = {("s1._domainkey.example.com", "CNAME"): ("s1.domainkey.u1.wl1.sendgrid.net.",)}
    figures = figures_of(zone, Domain("example.com", ("s1",)))
    assert figures.value("dns.dkim_key") == "missing"
    said = figures.said("dns.dkim_key")
    assert "the CNAME leads to s1.domainkey.u1.wl1.sendgrid.net, which does not exist" in said


def test_one_name_that_fails_leaves_the_rest_measured() -> None:
    rules = (Rule("dns", Rcode("SERVFAIL"), match="_dmarc.example.com"),)
    figures = figures_of(HEALTHY, DOMAIN, rules=rules)
    assert figures["dns.dmarc_policy"].cause is Cause.COULD_NOT_ASK
    assert "answered SERVFAIL" in figures.said("dns.dmarc_policy")
    assert figures.value("dns.spf_record") == "valid"
    (fault,) = figures.faults
    assert fault.cause is Cause.COULD_NOT_ASK
    assert fault.what == figures["dns.dmarc_policy"].note


def test_a_dead_resolver_leaves_everything_unknown_and_nothing_missing() -> None:
    began = time.monotonic()
    domains = tuple(Domain(f"d{n}.example", ("s1",)) for n in range(60))
    rules = (Rule("dns", Drop()),)
    figures = figures_of({}, *domains, rules=rules, tries=(0.1, 0.1, 0.1))
    assert time.monotonic() - began < 5
    assert expected_of(Config(domains)) <= Counter((m.metric, m.subject) for m in figures.measured)
    for measurement in figures.measured:
        assert measurement.value is None
        assert measurement.cause is Cause.COULD_NOT_ASK
        covering = [f for f in figures.faults if f.covers(measurement.metric, measurement.subject)]
        assert covering


def test_strangers_text_is_bounded_and_inert() -> None:
    evil = "\x1b]0;x\x07\u202e[red]" + "z" * 200
    zone = {
        ("example.com", "TXT"): ((b"v=spf1 include:\x1b[31m.example -all",),),
        ("_dmarc.example.com", "TXT"): ((f"v=DMARC1; p=none; x={evil}",),),
        ("s1._domainkey.example.com", "TXT"): ((evil,) * 12,),
        ("example.com", "MX"): (r"10 \027[31m.example.",),
    }
    figures = figures_of(zone, Domain("example.com", ("s1",)))
    for text in map(str, _texts(figures.measured)):
        assert text.isprintable()
        assert len(text) <= 400


def _texts(measured: tuple[Measurement, ...]) -> list[Any]:
    todo: list[Any] = [phrase for m in measured for phrase in (*m.evidence, m.note or say(""))]
    texts: list[Any] = []
    while todo:
        phrase = todo.pop()
        for _, value in phrase.values:
            (todo if isinstance(value, Phrase) else texts).append(value)
    return texts


def test_the_doctor_asks_each_name_server() -> None:
    with serve(build("healthy", TODAY)) as running:
        config = Config(
            domains=CONFIG.domains, dns=DnsConfig((running.nameserver, "127.0.0.1:1", "1:2:3"))
        )
        diagnoses = list(dns.diagnose(config, job()))
    assert [diagnosis.works for diagnosis in diagnoses] == [True, False, False, None]
    assert [diagnosis.detail.code for diagnosis in diagnoses] == [
        "dns.doctor_answers",
        "dns.unreachable",
        "dns.bad_nameserver",
        "dns.dkim_no_selector",
    ]


def test_the_doctor_needs_no_domain() -> None:
    with serve(build("healthy", TODAY)) as running:
        diagnoses = list(dns.diagnose(Config(dns=DnsConfig((running.nameserver,))), job()))
    assert [diagnosis.works for diagnosis in diagnoses] == [True]


def test_importing_the_source_imports_no_client_library() -> None:
    script = (
        "import sys, mailwatch.sources.dns\n"
        "print(sorted(m for m in sys.modules if m in ('asyncio', 'dns', 'cryptography')))"
    )
    root = Path(__file__).parents[3]
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=root
    )
    assert done.stdout.strip() == "[]"


def test_everything_said_is_worded_in_both_languages() -> None:
    package = Path(dns.__file__).parents[2]
    folders = (package / "sources" / "dns", package / "mailauth", package / "resolver")
    paths = [path for folder in folders for path in folder.rglob("*.py")]
    source = "".join(path.read_text(encoding="utf-8") for path in paths)
    codes = set(re.findall(r'"(dns\.[a-z0-9_]+)"', source))
    assert codes - set(metrics.ALL) == set(PHRASES)
    for english, japanese in PHRASES.values():
        assert _fields(english) == _fields(japanese)


def _fields(wording: str) -> set[str]:
    return set(re.findall(r"\{(\w+)", wording))
