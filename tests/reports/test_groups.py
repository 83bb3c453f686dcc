"""What stands together, what tells it apart, and which actions fit it."""

from dataclasses import replace

import pytest

from mailwatch.model import ACCOUNT, Cause, Lang, Level, SourceState, State, Subject, say
from mailwatch.reports.groups import (
    by_check,
    by_reason,
    fitting_actions,
    named,
    shared,
    told_apart,
)
from mailwatch.reports.json import document
from mailwatch.reports.view import View
from tests.reports.samples import (
    catalog,
    findings,
    missing,
    ok,
    outage,
    partial,
    plain,
    rate,
    report,
    requirement,
    selector,
)

LANGUAGES: tuple[Lang, ...] = ("en", "ja")


def test_findings_of_one_check_stand_together_the_worst_first() -> None:
    users = [Subject.of(subuser=name) for name in "abc"]
    judged = findings(
        rate("sendgrid.bounce_rate", (700, 10000), users[0]),
        plain("dns.dkim_key_bits", 900, selector("s1")),
        rate("sendgrid.bounce_rate", (900, 10000), users[1]),
        plain("dns.dkim_key_bits", 512, selector("s2")),
        rate("sendgrid.bounce_rate", (1, 10000), users[2]),
        plain("dns.dkim_key", "revoked", selector("s1")),
        plain("dns.dkim_key", "missing", selector("s2")),
    )
    groups = [[f.measurement.value for f in group] for group in by_check(judged, Level.BREACH)]
    assert groups == [[0.09, 0.07], [512, 900], ["missing", "revoked"]]


def test_a_word_that_the_check_does_not_know_sorts_too() -> None:
    judged = findings(plain("dns.mx", "found"), plain("dns.mx", "found"))
    odd = tuple(
        replace(f, level=Level.WARN, measurement=replace(f.measurement, value=value))
        for f, value in zip(judged, ("odd", None), strict=True)
    )
    assert len(next(by_check(odd, Level.WARN))) == 2


def test_a_source_that_failed_is_one_reason() -> None:
    wrong = say("sendgrid.wrong_key")
    assert [(reason, len(group)) for reason, group in by_reason(outage())] == [(wrong, 5)]


def test_otherwise_each_reason_is_its_own() -> None:
    reasons = [(reason.code, len(group)) for reason, group in by_reason(partial())]
    assert reasons == [("postmaster.not_shared", 2), ("http.timeout", 1)]


def test_the_same_reason_of_two_sources_stays_two() -> None:
    lost = say("http.broken", host="x.example")
    made = report(
        [
            missing("dns.mx", Cause.COULD_NOT_ASK, lost),
            missing("postmaster.spam_rate", Cause.COULD_NOT_ASK, lost),
        ],
        SourceState("dns", State.FAILED, lost),
        ok("postmaster"),
    )
    assert [len(group) for _, group in by_reason(made)] == [1, 1]


def test_subjects() -> None:
    both = findings(
        plain("dns.dkim_key", "valid", selector("s1")),
        plain("dns.dkim_key", "valid", selector("s2")),
    )
    domain = (("domain", "example.com"),)
    assert shared(both) == domain
    assert told_apart(both) == ["s1", "s2"]
    assert shared(both[:1]) == (*domain, ("selector", "s1"))
    assert told_apart(both[:1]) == ["s1 · example.com"]
    assert told_apart(both[:1], domain) == ["s1"]
    assert named(shared(both[:1]), domain) == "s1"
    assert named(ACCOUNT.pairs) == ""
    assert told_apart(findings(plain("sendgrid.reputation", 71, ACCOUNT))) == []


def actions(metric: str, lang: Lang, *subjects_and_words: tuple[Subject, str]) -> tuple[str, ...]:
    """The actions for these findings."""
    return fitting_actions(
        findings(*(plain(metric, word, subject) for subject, word in subjects_and_words)), lang
    )


@pytest.mark.parametrize("lang", LANGUAGES)
def test_actions_for_other_values_are_left_out(lang: Lang) -> None:
    every = catalog().checks["dns.dkim_key"].actions
    for word in ("missing", "invalid", "multiple", "revoked", "testing"):
        (fitting,) = actions("dns.dkim_key", lang, (selector("s1"), word))
        assert [a.cases for a in every if a.text[lang] == fitting] == [(word,)]
    pair = actions("dns.dkim_key", lang, (selector("s1"), "revoked"), (selector("s2"), "missing"))
    assert pair == tuple(
        a.text[lang] for a in every if a.cases in (("missing",), ("revoked",))
    )  # in the order of the check


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", ["SPF", "DMARC_ALIGNMENT", "ENCRYPTION", "HONOR_UNSUBSCRIBE"])
def test_an_action_can_be_for_several_requirements(lang: Lang, name: str) -> None:
    (fitting,) = actions("postmaster.compliance", lang, (requirement(name), "NEEDS_WORK"))
    every = catalog().checks["postmaster.compliance"].actions
    assert [name in a.cases for a in every if a.text[lang] == fitting] == [True]


def test_the_json_report_gives_the_same_actions() -> None:
    (finding,) = findings(plain("dns.dkim_key", "revoked", selector("s1")))
    made = replace(report([]), findings=(finding,))
    (shown,) = document(made, View())["findings"]
    assert tuple(shown["actions"]) == fitting_actions([finding], "en")
    assert len(shown["actions"]) == 1


def test_an_international_domain_is_named_as_people_write_it() -> None:
    pairs = (("domain", "xn--strae-oqa.de"), ("selector", "s1"))
    assert named(pairs) == "s1 · straße.de (xn--strae-oqa.de)"
