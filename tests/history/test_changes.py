"""What changed between two runs, and what could have caused it."""

from dataclasses import replace
from pathlib import Path

import pytest

from mailwatch.history.changes import compare_runs, last_runs, run_before
from mailwatch.history.opened import open_store
from mailwatch.history.place import HistoryPlace
from mailwatch.history.store import Store
from mailwatch.model import ACCOUNT, Cause, Measurement, Subject
from tests.history.reports import report_of, word


@pytest.fixture
def store(tmp_path: Path) -> Store:
    opened = open_store(HistoryPlace(path=tmp_path / "history.sqlite"))
    assert opened is not None
    return opened


def bounces(number: int, **subject: str) -> Measurement:
    """A figure that is ok up to 1, and a breach past 2, with as many events as tens of it."""
    return Measurement("sendgrid.a", Subject.of(**subject), number / 10, number, 10)


def test_a_rise_is_traced_to_the_part_that_most_of_it_is_in(store: Store) -> None:
    # Given bounces by recipient domain and by category
    store.add_run(
        report_of(
            bounces(9),
            bounces(4, provider="yahoo.example"),
            bounces(5, provider="gmail.example"),
            bounces(9, category="news"),
        ),
        {"a": "1", "b": "1"},
        None,
    )
    # When they rise, nearly all of it at one recipient domain, with a category that is new
    store.add_run(
        report_of(
            bounces(49),
            bounces(42, provider="yahoo.example"),
            bounces(7, provider="gmail.example"),
            bounces(27, category="news"),
            bounces(1, category="sale"),
        ),
        {"a": "1", "b": "2", "c": "3"},
        None,
    )
    newest, before = last_runs(store.runs())
    found = compare_runs(store, before, newest)
    # Then that domain is named with its share, and the new category, and the settings
    assert [(part.check, part.key, part.value, part.share) for part in found.parts] == [
        ("sendgrid.a", "provider", "yahoo.example", 38 / 40)
    ]
    assert [(new.key, new.value) for new in found.subjects] == [("category", "sale")]
    settings = [(setting.name, setting.before, setting.after) for setting in found.settings]
    assert settings == [("b", "1", "2"), ("c", None, "3")]
    assert not found.empty


@pytest.mark.parametrize(
    ("before", "after", "kind"),
    [
        (1, 3, "worse"),
        (2, 3, "worse"),
        (3, 2, "better"),
        (3, 1, "recovered"),
        (None, 3, "new"),
        (3, None, "unknown"),
        (None, 1, None),
        (3, 3, None),
    ],
)
def test_what_became_of_a_finding(
    store: Store, before: float | None, after: float | None, kind: str | None
) -> None:
    for value in (before, after):
        store.add_run(report_of(word(value)), {}, None)
    newest, older = last_runs(store.runs())
    assert [change.kind for change in compare_runs(store, older, newest).findings] == (
        [kind] if kind else []
    )


def test_findings_that_only_one_run_has(store: Store) -> None:
    gone, new = (word(3, subject=Subject.of(domain=name)) for name in ("a.example", "b.example"))
    fine = word(1, subject=Subject.of(domain="c.example"))
    store.add_run(report_of(gone), {}, None)
    store.add_run(report_of(new, fine), {}, None)
    newest, older = last_runs(store.runs())
    changes = compare_runs(store, older, newest).findings
    assert {change.kind: change.either.subject.get("domain") for change in changes} == {
        "new": "b.example",
        "gone": "a.example",
    }


def test_too_little_mail_is_no_news(store: Store) -> None:
    few = Measurement("dns.a", ACCOUNT, cause=Cause.TOO_LITTLE_MAIL)
    for measurement in (word(1), few):
        store.add_run(report_of(measurement), {}, None)
    newest, older = last_runs(store.runs())
    assert compare_runs(store, older, newest).empty


def test_a_run_of_one_source_is_compared_with_one_that_asked_it(store: Store) -> None:
    # Given a run of both sources, one of DNS alone, one of SendGrid alone
    store.add_run(report_of(word(1), bounces(1)), {}, None)
    store.add_run(report_of(bounces(1)), {}, None)
    store.add_run(report_of(word(3)), {}, None)
    newest, *older = last_runs(store.runs())
    # Then the last is compared with the first, and only what both asked
    before = run_before(newest, older)
    assert before is not None
    assert set(before.states) == {"dns", "sendgrid"}
    assert [change.kind for change in compare_runs(store, before, newest).findings] == ["worse"]


def test_a_threshold_that_a_run_had_no_use_for_did_not_change(store: Store) -> None:
    # Given a run of two sources, and one of SendGrid alone, which stores no threshold of the other
    sendgrid = {"thresholds.sendgrid.a.act": "> 1 %", "thresholds.sendgrid.b.act": "> 1 %"}
    store.add_run(report_of(bounces(1)), {**sendgrid, "thresholds.dns.mx.act": "missing"}, None)
    store.add_run(report_of(bounces(1)), {"thresholds.sendgrid.a.act": "> 2 %"}, None)
    newest, before = last_runs(store.runs())
    # Then only what both used, or one of them should have, is a change
    found = compare_runs(store, before, newest)
    assert [(setting.name, setting.after) for setting in found.settings] == [
        ("thresholds.sendgrid.a.act", "> 2 %"),
        ("thresholds.sendgrid.b.act", None),
    ]


@pytest.mark.parametrize(
    ("before", "after", "named"),
    [
        ((("a.example", 4), ("b.example", 5)), (("a.example", 36), ("b.example", 7)), "a.example"),
        ((("a.example", 4),), (("b.example", 40), ("a.example", 4)), "b.example"),
        ((("a.example", 4),), (("a.example", 20), ("b.example", 19)), None),
        ((), (("a.example", 40),), None),  # the run before did not see where
        ((("a.example", 4),), (), None),
    ],
)
def test_a_rise_is_traced_to_the_recipient_domain_that_most_of_it_is_at(
    store: Store,
    before: tuple[tuple[str, int], ...],
    after: tuple[tuple[str, int], ...],
    named: str | None,
) -> None:
    for number, recipients in ((9, before), (49, after)):
        store.add_run(report_of(replace(bounces(number), recipients=recipients)), {}, None)
    newest, older = last_runs(store.runs())
    found = [(part.key, part.value) for part in compare_runs(store, older, newest).parts]
    assert found == ([("recipient_domain", named)] if named else [])
