"""explain: one check in full, or those that a word fits."""

import re
from pathlib import Path

import pytest

from mailwatch.catalog import shipped
from mailwatch.catalog.catalog import read_catalog
from mailwatch.cli.explain import explanation
from tests.cli.conftest import Command


def listed(text: str) -> list[str]:
    """The ids in a table of checks."""
    return [line.split()[0] for line in text.splitlines()[1:]]


@pytest.mark.parametrize(
    ("word", "check_id"),
    [
        ("block rate", "sendgrid.block_rate"),
        ("BLOCK RATE", "sendgrid.block_rate"),
        ("void", "dns.spf_void_lookups"),
        ("ブロック率", "sendgrid.block_rate"),
        ("TLS 暗号化", "postmaster.tls_rate"),
    ],
)
def test_a_word_that_fits_one_check_explains_it(
    mailwatch: Command, word: str, check_id: str
) -> None:
    outcome = mailwatch("explain", word)
    assert outcome.status == 0
    assert outcome.out == mailwatch("explain", check_id).out


def test_a_word_that_fits_several_lists_them(mailwatch: Command) -> None:
    outcome = mailwatch("explain", "spam")
    assert outcome.status == 0
    both = {"postmaster.spam_rate", "sendgrid.spam_report_rate"}
    assert both < set(listed(outcome.out))
    rows = mailwatch("explain", "迷惑", "--format", "json").json["checks"]
    assert both < {row["check"] for row in rows}


def test_an_id_is_that_check_though_others_begin_with_it(mailwatch: Command) -> None:
    assert "(dns.spf_record)" in mailwatch("explain", "dns.spf_record").out
    assert len(listed(mailwatch("explain", "spf_record").out)) == 2
    ids = [f"dns.spf_{name}" for name in ("all", "lookups", "record")]
    assert set(ids) < set(listed(mailwatch("explain", "dns.spf").out))
    assert len(listed(mailwatch("explain", "dns.spf").out)) == 11


@pytest.mark.parametrize(
    ("word", "right"),
    [
        ("bounse", "bounce"),
        ("reputaton", "reputation"),
        ("sendgrid.bounce_rat", "sendgrid.bounce_rate"),
        ("dns.mxx", "dns.mx"),
        ("zzzzzz", None),
        ("", None),
        ("  ", None),
    ],
)
def test_a_word_that_fits_nothing_names_the_nearest(
    mailwatch: Command, word: str, right: str | None
) -> None:
    outcome = mailwatch("explain", word)
    assert (outcome.status, outcome.out) == (2, "")
    assert "There is no check" in outcome.err
    if right:
        assert f"did you mean {right}?" in outcome.err.lower()


def test_each_side_says_where_it_was_written(mailwatch: Command) -> None:
    # Given a file of one's own that sets one side
    Path("mine.yaml").write_text("\nsendgrid.bounce_rate: {ideal: 1%}\n")
    # When the check is explained
    argv = ("explain", "sendgrid.bounce_rate", "--thresholds", "mine.yaml")
    out = mailwatch(*argv).out
    # Then that side is of this file, and the other of the shipped one
    lines = shipped.THRESHOLDS.read_text("utf-8").splitlines()
    line = next(n for n, text in enumerate(lines, 1) if text.startswith("sendgrid.bounce_rate:"))
    assert "Ideal  ≤ 1 %  (mine.yaml, line 2)" in out
    assert f"Act  > 5 %  (mailwatch's own thresholds.yaml, line {line})" in out
    document = mailwatch(*argv, "--format", "json").json
    assert document["ideal_at"] == {"file": "mine.yaml", "line": 2}
    assert document["act_at"] == {"file": str(shipped.THRESHOLDS), "line": line}


def test_an_override_says_where_its_sides_were_written(mailwatch: Command) -> None:
    Path("mine.yaml").write_text(
        "overrides:\n  - match: {domain: a.example}\n    dns.dmarc_policy: {ideal: reject}\n"
    )
    argv = ("explain", "dns.dmarc_policy", "--thresholds", "mine.yaml")
    flat = " ".join(mailwatch(*argv).out.split())
    assert "For domain a.example: Ideal reject (mine.yaml, line 3), Act missing (" in flat
    (override,) = mailwatch(*argv, "--format", "json").json["overrides"]
    assert override["ideal_at"] == {"file": "mine.yaml", "line": 3}


def test_an_action_says_what_it_is_for(mailwatch: Command) -> None:
    assert "testing: Remove t=y once signing works." in mailwatch("explain", "dns.dkim_key").out
    actions = mailwatch("explain", "dns.dkim_key", "--format", "json").json["actions"]
    assert {"text": "Remove t=y once signing works.", "for": ["testing"]} in actions


def test_every_check_can_be_explained() -> None:
    # Given what the command prints of each check, in both languages
    catalog = read_catalog()
    for check in catalog.checks.values():
        pages = {lang: "".join(explanation(check, catalog, lang, 80)) for lang in ("en", "ja")}
        # Then it names the check and says why it matters
        for lang, page in pages.items():
            assert f"({check.id})" in page
            assert "".join(check.why[lang].split()) in "".join(page.split())


def test_only_rates_from_counts_say_what_the_interval_assumes() -> None:
    catalog = read_catalog()
    said = {
        check.id
        for check in catalog.checks.values()
        if "assumes that messages are independent"
        in " ".join("".join(explanation(check, catalog, "en", 80)).split())
    }
    assert said == {
        "postfix.bounce_rate",
        "postfix.delivered_rate",
        "postfix.expired_rate",
        "sendgrid.block_rate",
        "sendgrid.bounce_rate",
        "sendgrid.bounce_rate_without_groups",
        "sendgrid.delivered_rate",
        "sendgrid.drop_rate",
        "sendgrid.invalid_rate",
        "sendgrid.spam_report_rate",
    }


@pytest.mark.parametrize("width", [40, 61, 80])
def test_japanese_is_wrapped_as_in_a_report(width: int) -> None:
    catalog = read_catalog()
    for check in catalog.checks.values():
        out = "".join(explanation(check, catalog, "ja", width))
        texts = (check.why["ja"], *check.risks["ja"], *(a.text["ja"] for a in check.actions))
        words = {word for text in texts for word in re.findall(r"[A-Za-z]{2,}", text)}
        for line in out.splitlines():
            assert line.strip()[:1] not in tuple("。、」）)・ー"), line
        shown = set(re.findall(r"[A-Za-z]{2,}", out))
        assert words <= shown, "no word is split"
