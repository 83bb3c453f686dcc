"""The catalog: the shipped checks and a user's own, each with its numbers."""

from collections.abc import Callable
from pathlib import Path

import pytest

from mailwatch.catalog import shipped
from mailwatch.catalog.catalog import Catalog, read_catalog
from mailwatch.errors import ConfigError, FileError
from mailwatch.judge import judge
from mailwatch.model import Level, Limit, Measurement, Subject, Threshold

GOAL = """\
id: sendgrid.bounce_goal
metric: sendgrid.bounce_rate
title: {en: Bounce goal, ja: バウンス率の目標}
unit: percent
worse: higher
why: {en: Ours., ja: 目標。}
risks: {en: [One.], ja: [一。]}
actions: {en: [Do.], ja: [する。]}
"""
POLICY = (
    GOAL.replace("sendgrid.bounce_goal", "dns.our_policy")
    .replace("sendgrid.bounce_rate", "dns.dmarc_policy")
    .replace("percent", "word")
    .replace("higher", "{order: [reject, quarantine, missing]}")
)
NUMBERS = "sendgrid.bounce_goal: {ideal: 0.5%, act: none}\n"
Own = Callable[..., Catalog]


@pytest.fixture
def own(tmp_path: Path) -> Own:
    """Reads the catalog with these files as one's own checks, and these thresholds."""

    def read(thresholds: str = "", **files: str) -> Catalog:
        folder = tmp_path / "own"
        folder.mkdir()
        for name, text in files.items():
            path = folder / name.replace("__", "/").replace("_yaml", ".yaml").replace(
                "_yml", ".yml"
            )
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
        mine = tmp_path / "mine.yaml"
        mine.write_text(thresholds, encoding="utf-8")
        return read_catalog(mine, folder)

    return read


def refusal(read: Callable[[], object]) -> ConfigError:
    with pytest.raises(ConfigError) as caught:
        read()
    return caught.value


def test_the_shipped_catalog_names_its_checks() -> None:
    catalog = read_catalog()
    assert catalog.check("dns.mx").id == "dns.mx"
    error = refusal(lambda: catalog.check("dns.mxx"))
    assert error.what == "There is no check dns.mxx (did you mean dns.mx?)"
    assert error.tip
    assert "\x1b" not in refusal(lambda: catalog.check("\x1b" * 500)).what


def test_a_check_of_one_s_own_judges_a_metric_beside_the_shipped_one(own: Own) -> None:
    catalog = own(
        NUMBERS + "overrides: [{match: {subuser: a}, sendgrid.bounce_goal: {ideal: 1%}}]",
        goal_yaml=GOAL,
    )
    assert [check.id for check in catalog.judging("sendgrid.bounce_rate")] == [
        "sendgrid.bounce_rate",
        "sendgrid.bounce_goal",
    ]
    goal = catalog.check("sendgrid.bounce_goal")
    assert catalog.threshold(goal, Subject()).ideal == Limit(0.005, "<=")
    threshold = catalog.threshold(goal, Subject.of(subuser="a"))
    assert threshold.ideal == Limit(0.01, "<=")
    at = Measurement("sendgrid.bounce_rate", Subject(), 0.02)
    assert judge(at, goal, threshold).level is Level.WARN


def test_checks_of_one_s_own_lie_in_folders_and_end_in_yaml_or_yml(own: Own) -> None:
    catalog = own(
        NUMBERS + "dns.our_policy: {ideal: reject, act: missing}",
        sub__goal_yml=GOAL,
        policy_yaml=POLICY,
        notes_txt="no check",
    )
    assert {"sendgrid.bounce_goal", "dns.our_policy"} <= catalog.checks.keys()
    assert catalog.check("dns.our_policy").worse == ("reject", "quarantine", "missing")


def test_the_same_id_stands_once(own: Own, tmp_path: Path) -> None:
    error = refusal(lambda: own(NUMBERS, a_yaml=GOAL, b_yaml="# again\n" + GOAL))
    assert error.what == (
        f"{tmp_path}/own/b.yaml, line 2, id: sendgrid.bounce_goal is already defined in "
        f"{tmp_path}/own/a.yaml"
    )


def test_a_shipped_check_is_not_replaced(own: Own) -> None:
    error = refusal(lambda: own("", a_yaml=GOAL.replace("bounce_goal", "bounce_rate")))
    assert "sendgrid.bounce_rate is already defined in" in error.what
    error = refusal(lambda: read_catalog(checks=shipped.CHECKS))
    assert "is already defined in" in error.what


@pytest.mark.parametrize(
    ("text", "line", "key", "words"),
    [
        (GOAL.replace("bounce_rate", "bounce_rat"), 2, "metric", "mean sendgrid.bounce_rate?"),
        (GOAL.replace("metric: sendgrid.bounce_rate\n", ""), 1, "metric", "is not a metric"),
        (GOAL.replace("percent", "count"), 4, "unit", "is measured in another unit: percent"),
        (
            GOAL.replace("percent", "word").replace("higher", "{order: [a, b]}"),
            4, "unit", "is measured in another unit: percent",
        ),
        (POLICY.replace("word", "count").replace("{order: [reject, quarantine, missing]}", "lower"),
         4, "unit", "is measured in another unit: word"),
        (POLICY.replace("quarantine", "quarantin"), 5, "worse.order", "did you mean quarantine?"),
        (GOAL + "proportion: false\n", 9, "proportion", "of sendgrid.bounce_rate is true"),
    ],
)  # fmt: skip
def test_a_check_has_to_fit_what_the_sources_measure(
    own: Own, text: str, line: int, key: str, words: str
) -> None:
    error = refusal(lambda: own(NUMBERS, a_yaml=text))
    assert isinstance(error, FileError)
    assert (error.line, error.key) == (line, key)
    assert words in error.what


COMPLIANCE = (
    POLICY.replace("dns.our_policy", "postmaster.ours")
    .replace("dns.dmarc_policy", "postmaster.compliance")
    .replace("reject, quarantine, missing", "COMPLIANT, NEEDS_WORK")
)
SHORT_FORM = "actions: {en: [Do.], ja: [する。]}"


@pytest.mark.parametrize(
    ("text", "word", "right"),
    [
        (POLICY, "rejct", "reject"),
        (COMPLIANCE, "DKMI", "DKIM"),
        (COMPLIANCE, "COMPLAINT", "COMPLIANT"),
        (COMPLIANCE.replace("compliance", "reputation").replace("NEEDS_WORK", "HIGH")
         .replace("COMPLIANT", "LOW"), "HIHG", "HIGH"),
    ],
)  # fmt: skip
def test_an_action_of_one_s_own_is_for_what_can_occur(
    own: Own, text: str, word: str, right: str
) -> None:
    actions = f"actions: [{{for: [{word}], en: Do., ja: する。}}]"
    error = refusal(lambda: own(NUMBERS, a_yaml=text.replace(SHORT_FORM, actions)))
    assert isinstance(error, FileError)
    assert (error.line, error.key) == (8, "actions.1.for")
    assert f"(did you mean {right}?)" in error.what


def test_an_action_of_one_s_own_for_a_requirement(own: Own) -> None:
    actions = "actions: [{for: [DKIM], en: Do., ja: する。}]"
    text = COMPLIANCE.replace(SHORT_FORM, actions)
    catalog = own("postmaster.ours: {ideal: COMPLIANT, act: none}", a_yaml=text)
    assert catalog.check("postmaster.ours").actions[0].cases == ("DKIM",)


def test_a_check_of_one_s_own_can_be_over_100_where_its_metric_can(own: Own) -> None:
    text = GOAL.replace("bounce", "deferral")
    catalog = own("sendgrid.deferral_goal: {ideal: 150%, act: none}", a_yaml=text)
    assert not catalog.check("sendgrid.deferral_goal").proportion


def test_a_check_without_numbers_is_refused_with_the_line_to_add(own: Own) -> None:
    error = refusal(lambda: own("", goal_yaml=GOAL))
    assert "goal.yaml: sendgrid.bounce_goal has no threshold" in error.what
    line = (error.tip or "").partition("thresholds.yaml: ")[2]
    assert line == "sendgrid.bounce_goal: {ideal: none, act: none}"


def test_the_line_to_add_is_taken(own: Own) -> None:
    catalog = own("sendgrid.bounce_goal: {ideal: none, act: none}", goal_yaml=GOAL)
    assert catalog.threshold(catalog.check("sendgrid.bounce_goal"), Subject()) == Threshold()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "contains no check"),
        ("# later\n", "contains no check"),
        ("id: [", "is not YAML"),
        (
            GOAL + "wrose: higher\n",
            "line 9, wrose: unknown key (did you mean worse",
        ),
        (GOAL + "id: x\n", "is defined twice"),
    ],
)
def test_what_is_no_check(own: Own, text: str, words: str) -> None:
    assert words in refusal(lambda: own(NUMBERS, a_yaml=text)).what


def test_a_folder_without_checks_is_refused(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "file.yaml").write_text(GOAL)
    (tmp_path / "bad").mkdir()
    (tmp_path / "bad" / "x.yaml").mkdir()
    for name in ("empty", "none", "file.yaml", "no\x1bne"):
        error = refusal(lambda name=name: read_catalog(checks=tmp_path / name))  # type: ignore[misc]
        assert "is not a folder with checks" in error.what
        assert error.what.isprintable()
    assert "Is a directory" in refusal(lambda: read_catalog(checks=tmp_path / "bad")).what


def test_thresholds_that_are_not_there_are_refused(tmp_path: Path) -> None:
    error = refusal(lambda: read_catalog(tmp_path / "none.yaml"))
    assert "none.yaml: cannot be read: No such file" in error.what


def test_the_checks_of_one_source_are_those_of_the_whole() -> None:
    # Given all checks, and those of one source
    whole, dns = read_catalog(), read_catalog(source="dns")
    # Then these are the same, with the same numbers
    assert dns.checks == {name: one for name, one in whole.checks.items() if one.source == "dns"}
    assert dns.numbers == {name: whole.numbers[name] for name in dns.checks}
    # And no metric of it is judged by a check of another
    assert {one.metric for one in whole.checks.values() if one.source != "dns"}.isdisjoint(
        one.metric for one in dns.checks.values()
    )
