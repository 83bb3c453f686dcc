"""thresholds.yaml: what a line may say, and how one file lies over another."""

from pathlib import Path
from typing import Any

import pytest

from mailwatch.catalog import shipped
from mailwatch.catalog.catalog import Catalog, read_catalog
from mailwatch.errors import FileError
from mailwatch.model import ACCOUNT, Limit, Place, Subject, Threshold

SHIPPED = read_catalog()
BOUNCE = SHIPPED.checks["sendgrid.bounce_rate"]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "mine.yaml"


def overlaid(path: Path, text: str) -> Catalog:
    path.write_text(text, encoding="utf-8")
    return read_catalog(path)


def refusal(path: Path, text: str) -> FileError:
    with pytest.raises(FileError) as caught:
        overlaid(path, text)
    error = caught.value
    assert error.line is not None
    assert error.what.isprintable()
    assert error.exit_code == 2
    return error


def bounce(catalog: Catalog, **subject: str) -> Threshold:
    return catalog.threshold(BOUNCE, Subject.of(**subject))


# --- one line ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "limit"),
    [
        ("4%", Limit(0.04, "<=")),
        ("4 %", Limit(0.04, "<=")),
        ("0.3%", Limit(0.003, "<=")),
        ("'<= 0.3%'", Limit(0.003, "<=")),
        ("'< 0.3 %'", Limit(0.003, "<")),
        ("'≤ 0.3%'", Limit(0.003, "<=")),
        ("none", None),
        ("off", None),
        ("'none'", None),
    ],
)
def test_an_ideal(path: Path, written: str, limit: Limit | None) -> None:
    assert bounce(overlaid(path, f"sendgrid.bounce_rate: {{ideal: {written}}}")).ideal == limit


@pytest.mark.parametrize(
    ("check", "line", "words"),
    [
        ("sendgrid.bounce_rate", "ideal: 3", "do you mean 3% or 300%?"),
        ("sendgrid.bounce_rate", "act: 0.3", "do you mean 0.3% or 30%?"),
        ("sendgrid.bounce_rate", "act: '> 0.3'", "do you mean 0.3% or 30%?"),
        ("sendgrid.bounce_rate", "act: 1e-3", "is not a number"),
        ("sendgrid.bounce_rate", "act: 12:30", "is not a number"),
        ("sendgrid.bounce_rate", "act: no", "is not a number"),
        ("sendgrid.bounce_rate", "act: null", "null: is not a number"),
        ("sendgrid.bounce_rate", "act: ", "act: is not a number"),
        ("sendgrid.bounce_rate", "act: None", "None: is not a number"),
        ("sendgrid.bounce_rate", "act: '<= 5%'", "points the wrong way: act holds > or >="),
        ("sendgrid.bounce_rate", "ideal: '>= 1%'", "points the wrong way: ideal holds < or <="),
        ("sendgrid.delivered_rate", "act: '> 5%'", "points the wrong way: act holds < or <="),
        ("sendgrid.delivered_rate", "ideal: '< 99%'", "points the wrong way: ideal holds > or"),
        ("sendgrid.bounce_rate", "act: [5%]", "is not a single value"),
        ("sendgrid.bounce_rate", "act: 9999999999999999%", "is not a number"),
        ("sendgrid.bounce_rate", "act: 500%", "can never be reached: sendgrid.bounce_rate is bet"),
        ("sendgrid.bounce_rate", "act: 100.1%", "between 0% and 100%"),
        ("sendgrid.bounce_rate", "ideal: -1%", "between 0% and 100%"),
        ("postmaster.tls_rate", "ideal: 101%", "between 0% and 100%"),
        ("sendgrid.deferral_rate", "ideal: -1%", "sendgrid.deferral_rate is 0% or more"),
        ("sendgrid.bounce_rate", "actt: 5%", "did you mean act?"),
        ("sendgrid.bounce_rate", "min_messages: -1", "from 0 to 1,000,000,000"),
        ("sendgrid.bounce_rate", "min_messages: 1000000001", "from 0 to 1,000,000,000"),
        ("sendgrid.bounce_rate", "min_messages: 1e3", "from 0 to 1,000,000,000"),
        ("sendgrid.bounce_rate", "min_messages: 010", "from 0 to 1,000,000,000"),
        ("sendgrid.bounce_rate", "min_daily: 1.5", "from 0 to 1,000,000,000"),
        ("sendgrid.bounce_rate", "max_age_days: none", "from 0 to 1,000,000,000"),
        ("dns.spf_lookups", "act: 10%", "is not a percentage, so write it without %"),
        ("dns.spf_lookups", "act: ten", "is not a number"),
        ("postmaster.reputation", "act: Medium", "is not one of HIGH, MEDIUM"),
        ("postmaster.reputation", "act: '>= MEDIUM'", "a word cannot have a comparator"),
        ("dns.dmarc_policy", "act: none", 'write off to switch this side off, or "= none"'),
        ("dns.dmarc_policy", "ideal: none", 'write off to switch this side off, or "= none"'),
        ("dns.dmarc_policy", "act: '= nothing'", "is not one of reject, quarantine, none, missing"),
        ("sendgrid.bounce_rate", '"\\e[31m": 1', "\\x1b[31m: unknown key"),
        ("sendgrid.bounce_rate", 'act: "\\e[31m"', "\\x1b[31m: is not a number"),
    ],
)
def test_what_a_line_refuses(path: Path, check: str, line: str, words: str) -> None:
    error = refusal(path, f"# mine\n{check}:\n  {line}\n")
    assert error.what.startswith(f"{path}, line 3, {check}.")
    assert words in f"{error.what} {error.tip}"
    assert error.tip


@pytest.mark.parametrize(
    ("check", "accepted"),
    [
        (
            "sendgrid.bounce_rate",
            "Accepted: a percentage with its sign, such as 3% or '>= 0.3%'; or",
        ),
        ("dns.spf_lookups", "Accepted: a number, such as 8 or '>= 8'; or none."),
        ("dns.mx", "Accepted: one of found, missing, null; or none."),
    ],
)
def test_what_is_accepted_is_reported(path: Path, check: str, accepted: str) -> None:
    assert (refusal(path, f"{check}: {{act: x y}}").tip or "").startswith(accepted)


def test_the_word_none_has_a_way_of_its_own(path: Path) -> None:
    policy = SHIPPED.checks["dns.dmarc_policy"]
    catalog = overlaid(path, "dns.dmarc_policy: {act: '= none', ideal: off}")
    assert catalog.threshold(policy, ACCOUNT) == Threshold(None, Limit("none"))


@pytest.mark.parametrize(
    ("line", "ideal", "act"),
    [
        ("sendgrid.bounce_rate: {ideal: 6%}", "<= 6 %", "> 5 %"),
        ("sendgrid.bounce_rate: {act: 2.5%}", "<= 3 %", "> 2.5 %"),
        ("sendgrid.bounce_rate: {ideal: 5%, act: 3%}", "<= 5 %", "> 3 %"),
        ("sendgrid.delivered_rate: {ideal: 94%}", ">= 94 %", "<= 95 %"),
        ("sendgrid.delivered_rate: {act: 98.5%}", ">= 98 %", "< 98.5 %"),
        ("dns.spf_lookups: {ideal: 11}", "<= 11", "> 10"),
        ("postmaster.reputation: {ideal: LOW}", "LOW", "MEDIUM"),
        ("postmaster.reputation: {act: HIGH, ideal: BAD}", "BAD", "HIGH"),
    ],
)
def test_ideal_is_as_good_as_act_or_better(path: Path, line: str, ideal: str, act: str) -> None:
    error = refusal(path, line)
    assert "the wrong way round: ideal must be as good as act or better" in error.what
    assert (
        error.tip
        == f"Together with the thresholds it overrides, ideal is {ideal} and act is {act}."
    )


@pytest.mark.parametrize(
    "line",
    [
        "sendgrid.bounce_rate: {ideal: 5%}",
        "sendgrid.bounce_rate: {ideal: 6%, act: 7%}",
        "sendgrid.bounce_rate: {ideal: 6%, act: none}",
        "sendgrid.bounce_rate: {ideal: none, act: 1%}",
        "sendgrid.delivered_rate: {ideal: 95%}",
        "postmaster.reputation: {ideal: MEDIUM}",
    ],
)
def test_equal_sides_and_missing_sides_are_in_order(path: Path, line: str) -> None:
    assert overlaid(path, line).numbers != SHIPPED.numbers


# --- a whole file -----------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["", "# nothing\n", "{}", "overrides: []", "overrides:\n"])
def test_a_file_that_changes_nothing(path: Path, text: str) -> None:
    catalog = overlaid(path, text)
    assert (catalog.numbers, catalog.overrides) == (SHIPPED.numbers, SHIPPED.overrides)


def test_a_file_lies_over_the_shipped_one_key_by_key(path: Path) -> None:
    before = bounce(SHIPPED)
    after = bounce(overlaid(path, "sendgrid.bounce_rate: {ideal: 1%, max_age_days: 9}"))
    assert after == Threshold(Limit(0.01, "<="), before.act, before.min_messages, 0, 9)
    assert before.max_age_days == 3


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("sendgrid.bounce_rat: {ideal: 1%}", "is not a check (did you mean sendgrid.bounce_rate?)"),
        ("block_rate: {ideal: 1%}", "is not a check (did you mean sendgrid.block_rate?)"),
        ("override: []", "is not a check (did you mean overrides?)"),
        ("sendgrid.bounce_rate: 3%", "is not a mapping"),
        ("sendgrid.bounce_rate:", "is not a mapping"),
        ("- a", "is not a mapping"),
        ("3%", "is not a mapping"),
        ("sendgrid.bounce_rate: {ideal: 1%}\nsendgrid.bounce_rate: {act: 9%}", "is defined twice"),
        ("<<: {sendgrid.bounce_rate: {ideal: 1%}}", "is not a check"),
        ("overrides: {match: {}}", "is not a list"),
        ("overrides: [x]", "is not a mapping"),
        ("overrides: [{}]", "match is empty"),
        ("overrides: [{match: {}}]", "match is empty"),
        ("overrides: [{sendgrid.bounce_rate: {ideal: 1%}}]", "match is empty"),
        ("overrides: [{match: {subuser: a}}]", "sets no numbers"),
        ("overrides: [{match: {subuser: a}, sendgrid.bounce_rate: {}}]", "sets no numbers"),
        ("overrides: [{mach: {domain: a.example}}]", "did you mean match?"),
        ("overrides: [{match: {domian: a.example}}]", "did you mean domain?"),
        ("overrides: [{match: {domain: x}}]", "x is not a valid domain name"),
        ("overrides: [{match: {subuser: ''}}]", "is empty"),
        ("overrides: [{match: {subuser: a}, sendgrid.bounce_rat: {}}]", "mean sendgrid.bounce_rat"),
        ("overrides: [{match: {subuser: a}, sendgrid.bounce_rate: {act: 1%}}]", "wrong way round"),
        ("overrides: [{match: {subuser: a}, sendgrid.bounce_rate: {act: 7}}]", "7% or 700%"),
    ],
)
def test_what_a_file_refuses(path: Path, text: str, words: str) -> None:
    assert words in refusal(path, text).what


def test_an_override_is_held_against_lines_that_stand_below_it(path: Path) -> None:
    catalog = overlaid(
        path,
        "overrides:\n  - match: {subuser: a}\n    sendgrid.bounce_rate: {ideal: 6%}\n"
        "sendgrid.bounce_rate: {act: 8%}\n",
    )
    assert bounce(catalog, subuser="a").ideal == Limit(0.06, "<=")


@pytest.mark.parametrize(
    ("match", "check", "name"),
    [
        ("domain: a.example", "sendgrid.bounce_rate: {ideal: 1%}", "domain"),
        ("subuser: a, selector: s1", "sendgrid.bounce_rate: {ideal: 1%}", "selector"),
        ("subuser: a", "postmaster.spam_rate: {ideal: 0.05%}", "subuser"),
        ("reason: other", "dns.mx: {ideal: missing}", "reason"),
        ("selector: s1", "postmaster.reputation: {ideal: MEDIUM}", "selector"),
    ],
)
def test_an_override_that_never_applies_is_refused(
    path: Path, match: str, check: str, name: str
) -> None:
    check_id = check.partition(":")[0]
    error = refusal(path, f"overrides:\n  - match: {{{match}}}\n    {check}\n")
    assert (error.line, error.key) == (3, f"overrides.1.{check_id}")
    assert f"never has a {name}, so this override never applies" in error.what
    assert (error.tip or "").startswith(f"Keys that work for {check_id}: ")


def test_deferrals_may_be_held_against_more_than_everything(path: Path) -> None:
    catalog = overlaid(path, "sendgrid.deferral_rate: {ideal: 100%, act: 150%}")
    check = catalog.checks["sendgrid.deferral_rate"]
    assert catalog.threshold(check, ACCOUNT).act == Limit(1.5, ">")


def test_all_and_nothing_are_limits(path: Path) -> None:
    catalog = overlaid(path, "sendgrid.bounce_rate: {ideal: 0%, act: 100%}")
    assert bounce(catalog).act == Limit(1.0, ">")


def test_an_unknown_check_may_be_one_of_a_folder_that_was_not_named(path: Path) -> None:
    tip = refusal(path, "sendgrid.our_goal: {ideal: 1%}").tip or ""
    assert "--checks" in tip
    assert "checks:" in tip


# --- where a number was written ---------------------------------------------------------------


def test_each_side_knows_the_file_and_line_it_came_from(path: Path) -> None:
    # Given a file that changes one side, and an override that switches the other off
    text = (
        "# mine\nsendgrid.bounce_rate:\n  ideal: 1%\noverrides:\n"
        "  - match: {subuser: a}\n    sendgrid.bounce_rate:\n      min_messages: 5\n"
        "      act: none\n"
    )
    # When the thresholds in force are asked for
    catalog = overlaid(path, text)
    # Then each side is where it was last set
    account, user = bounce(catalog), bounce(catalog, subuser="a")
    assert account.ideal_at == user.ideal_at == Place(path, 3)
    assert user.act_at == Place(path, 8)
    assert account.act_at == bounce(SHIPPED).act_at
    shipped_line = account.act_at.line if account.act_at else 0
    written = shipped.THRESHOLDS.read_text("utf-8").splitlines()[shipped_line - 1]
    assert written.startswith("sendgrid.bounce_rate: ")


# --- precedence -------------------------------------------------------------------------------

OVERRIDES = """
overrides:
  - match: {subuser: news}
    sendgrid.bounce_rate: {ideal: 1%, act: 4%}
  - match: {subuser: news, category: weekly}
    sendgrid.bounce_rate: {act: 2%, min_messages: 7}
  - match: {category: weekly}
    sendgrid.bounce_rate: {act: 3%}
    sendgrid.block_rate: {ideal: 0%}
"""


def numbers(threshold: Threshold) -> dict[str, Any]:
    def value(limit: Limit | None) -> float | str | None:
        return limit.value if limit else None

    return {
        "ideal": value(threshold.ideal),
        "act": value(threshold.act),
        "min_messages": threshold.min_messages,
    }


@pytest.mark.parametrize(
    ("subject", "expected"),
    [
        ({}, (0.03, 0.05, 100)),
        ({"subuser": "other"}, (0.03, 0.05, 100)),
        ({"subuser": "NEWS"}, (0.03, 0.05, 100)),
        ({"category": "news"}, (0.03, 0.05, 100)),
        ({"subuser": "news"}, (0.01, 0.04, 100)),
        ({"subuser": "news", "category": "daily"}, (0.01, 0.04, 100)),
        ({"category": "weekly"}, (0.03, 0.03, 100)),
        ({"category": "weekly", "subuser": "news"}, (0.01, 0.03, 7)),
    ],
)
def test_later_overrides_win_key_by_key(
    path: Path, subject: dict[str, str], expected: tuple[float, float, int]
) -> None:
    threshold = bounce(overlaid(path, OVERRIDES), **subject)
    assert tuple(numbers(threshold).values()) == expected


def test_an_override_changes_no_other_check(path: Path) -> None:
    catalog = overlaid(path, OVERRIDES)
    block = catalog.checks["sendgrid.block_rate"]
    before = SHIPPED.threshold(block, ACCOUNT)
    assert catalog.threshold(block, Subject.of(subuser="news")) == before
    assert catalog.threshold(block, Subject.of(category="weekly")).ideal == Limit(0.0, "<=")


def test_a_domain_matches_however_it_is_written(path: Path) -> None:
    catalog = overlaid(
        path,
        "overrides:\n"
        "  - match: {domain: Example.COM.}\n    dns.dkim_key_bits: {ideal: 1025}\n"
        "  - match: {domain: 例え.jp, selector: S1}\n    dns.dkim_key_bits: {ideal: 1026}\n",
    )
    size = catalog.checks["dns.dkim_key_bits"]
    subject = Subject.of(domain="example.com", selector="s9")
    assert numbers(catalog.threshold(size, subject))["ideal"] == 1025
    subject = Subject.of(domain="xn--r8jz45g.jp", selector="s1")
    assert numbers(catalog.threshold(size, subject))["ideal"] == 1026


def test_an_override_is_held_against_the_earlier_ones_that_it_lies_over(path: Path) -> None:
    narrow = (
        "  - match: {subuser: news, category: weekly}\n    sendgrid.bounce_rate: {ideal: 4.5%}\n"
    )
    assert len(overlaid(path, f"overrides:\n{narrow}").overrides) == 1
    wide = "  - match: {subuser: news}\n    sendgrid.bounce_rate: {act: 4%}\n"
    error = refusal(path, f"overrides:\n{wide}{narrow}")
    assert (error.line, error.key) == (5, "overrides.2.sendgrid.bounce_rate")
    assert (
        error.tip
        == "Together with the thresholds it overrides, ideal is <= 4.5 % and act is > 4 %."
    )


def test_an_override_may_switch_a_side_off(path: Path) -> None:
    catalog = overlaid(
        path, "overrides: [{match: {subuser: a}, sendgrid.bounce_rate: {ideal: none, act: none}}]"
    )
    assert bounce(catalog, subuser="a") == Threshold(None, None, 100, max_age_days=3)
    assert bounce(catalog, subuser="b") == bounce(SHIPPED)
