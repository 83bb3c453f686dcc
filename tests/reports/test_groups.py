"""What stands together, what tells it apart, and which actions fit it."""

from dataclasses import replace
from datetime import date

import pytest

from mailwatch.model import ACCOUNT, Action, Cause, Lang, Level, SourceState, State, Subject, say
from mailwatch.reports.groups import (
    by_check,
    by_reason,
    chosen_actions,
    distinct_names,
    failures,
    named,
    shared,
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
    assert [len(group) for group in by_reason(outage())] == [5]
    assert failures(outage()) == {"sendgrid": say("sendgrid.wrong_key")}


def test_otherwise_each_kind_of_reason_is_its_own() -> None:
    reasons = [(group[0].reason.code, len(group)) for group in by_reason(partial())]
    assert reasons == [("postmaster.not_shared", 2), ("http.timeout", 1)]


def test_one_kind_of_reason_stands_together() -> None:
    lost = [say("http.timeout", host=host) for host in ("a.example", "b.example")]
    made = report(
        [
            missing("dns.mx", Cause.COULD_NOT_ASK, reason, Subject.of(domain=name))
            for reason, name in zip(lost, ("x.example", "y.example"), strict=True)
        ],
        ok("dns"),
    )
    assert [len(group) for group in by_reason(made)] == [2]


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
    assert [len(group) for group in by_reason(made)] == [1, 1]


def test_figures_of_too_little_mail_stand_together_by_check() -> None:
    users = [Subject.of(subuser=name) for name in "ab"]
    made = report(
        [
            *(rate("sendgrid.block_rate", (1, 30 + n), user) for n, user in enumerate(users)),
            *(rate("sendgrid.bounce_rate", (1, 30), user) for user in users),
        ],
        ok("sendgrid"),
    )
    assert [[f.check.id for f in group] for group in by_reason(made)] == [
        ["sendgrid.block_rate"] * 2,
        ["sendgrid.bounce_rate"] * 2,
    ]


def test_subjects() -> None:
    both = findings(
        plain("dns.dkim_key", "valid", selector("s1")),
        plain("dns.dkim_key", "valid", selector("s2")),
    )
    domain = (("domain", "example.com"),)
    assert shared(both) == domain
    assert distinct_names(both) == ["s1", "s2"]
    assert shared(both[:1]) == (*domain, ("selector", "s1"))
    assert distinct_names(both[:1]) == ["s1 · example.com"]
    assert distinct_names(both[:1], domain) == ["s1"]
    assert named(shared(both[:1]), domain) == "s1"
    assert named(ACCOUNT.pairs) == ""
    assert distinct_names(findings(plain("sendgrid.reputation", 71, ACCOUNT))) == []


def actions(metric: str, lang: Lang, *subjects_and_words: tuple[Subject, str]) -> tuple[str, ...]:
    """The actions for these findings."""
    judged = findings(*(plain(metric, word, subject) for subject, word in subjects_and_words))
    return chosen_actions(judged, lang, None)


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
    assert tuple(shown["actions"]) == chosen_actions([finding], "en", None)
    assert len(shown["actions"]) == 1


def test_an_international_domain_is_named_as_people_write_it() -> None:
    pairs = (("domain", "xn--strae-oqa.de"), ("selector", "s1"))
    assert named(pairs) == "s1 · straße.de (xn--strae-oqa.de)"


def test_two_actions_are_chosen_and_one_for_each_case() -> None:
    def chosen(most: int | None, *names: str) -> list[tuple[str, ...]]:
        judged = findings(
            *(plain("postmaster.compliance", "NEEDS_WORK", requirement(name)) for name in names)
        )
        texts = chosen_actions(judged, "en", most)
        return [a.cases for a in judged[0].check.actions if a.text["en"] in texts]

    assert [("SPF" in cases, len(cases)) for cases in chosen(2, "SPF", "DKIM")] == [(True, 4)]
    three = chosen(2, "ENCRYPTION", "SPF", "DMARC_POLICY")
    assert [cases[0] for cases in three] == ["SPF", "DMARC_POLICY", "DNS_RECORDS"]
    assert chosen(None, "ENCRYPTION", "SPF", "DMARC_POLICY") == three
    (many,) = findings(rate("sendgrid.bounce_rate", (700, 10000)))
    every = tuple(action.text["en"] for action in many.check.actions)
    assert chosen_actions([many], "en", 2) == every[:2]
    assert chosen_actions([many], "en", None) == every


def test_a_case_that_only_general_actions_fit_has_one() -> None:
    judged = findings(
        *(plain("dns.dkim_key", word, selector(word)) for word in ("missing", "revoked", "testing"))
    )
    actions = (
        Action({"en": "a"}, ("missing",)),
        Action({"en": "b"}, ("revoked",)),
        Action({"en": "c"}),
    )
    group = [replace(f, check=replace(f.check, actions=actions)) for f in judged]
    assert chosen_actions(group, "en", 2) == ("a", "b", "c")


def test_figures_that_are_all_too_old_stand_together() -> None:
    old = date(2026, 11, 1)
    made = report(
        [
            rate("sendgrid.bounce_rate", (100, 9000), newest=old),
            rate("sendgrid.block_rate", (100, 9000), newest=old),
        ],
        ok("sendgrid"),
    )
    assert [len(group) for group in by_reason(made)] == [2]
