"""The shipped checks themselves: their examples run, their texts are whole, their table is true."""

import re
from pathlib import Path

import pytest
import yaml

from mailwatch.catalog import shipped
from mailwatch.catalog.catalog import read_catalog
from mailwatch.catalog.check_file import Example
from mailwatch.config import Config, Domain, PostfixConfig, PostmasterConfig, SendGridConfig
from mailwatch.config.blocklist import BlocklistConfig
from mailwatch.judge import judge
from mailwatch.model import ACCOUNT, Check, Measurement
from mailwatch.sources import SOURCES
from mailwatch.sources.dmarc import metrics as dmarc_metrics
from mailwatch.sources.dns import metrics as dns_metrics
from mailwatch.sources.message import metrics as message_metrics
from mailwatch.sources.postmaster import metrics as postmaster_metrics
from mailwatch.sources.postmaster.compliance import REQUIREMENTS
from mailwatch.sources.postmaster.query import FAILURE_REASONS, REJECT_REASONS
from mailwatch.sources.sendgrid.audit import endpoints as audit

CATALOG = read_catalog()
CHECKS = list(CATALOG.checks.values())
LANGUAGES = ("en", "ja")
EVERYTHING = Config(
    (Domain("example.com", ("s1",)),),
    SendGridConfig(),
    PostmasterConfig(),
    blocklist=BlocklistConfig(),
    postfix=PostfixConfig(),
)
COUNTED_PER_ATTEMPT = ("sendgrid.deferral_rate", "postfix.deferral_rate")
SENDERS = ("sendgrid", "postfix")


def measured(check: Check, example: Example) -> Measurement:
    """What a source would have taken."""
    numerator, denominator = example.numerator, example.denominator
    if numerator is None or denominator is None:
        return Measurement(check.metric, ACCOUNT, example.value)
    proportion = check.metric not in COUNTED_PER_ATTEMPT
    value = numerator / denominator
    return Measurement(
        check.metric, ACCOUNT, value, numerator, denominator, "messages", proportion=proportion
    )


CASES = [(check, example) for check in CHECKS for example in CATALOG.examples[check.id]]


@pytest.mark.parametrize(
    ("check", "example"),
    CASES,
    ids=[f"{check.id}-{e.value or f'{e.numerator} of {e.denominator}'}" for check, e in CASES],
)
def test_every_example_gets_its_level(check: Check, example: Example) -> None:
    finding = judge(measured(check, example), check, CATALOG.threshold(check, ACCOUNT))
    assert finding.level == example.level, finding.reason


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: str(check.id))
def test_the_examples_show_each_level_that_the_numbers_can_give(check: Check) -> None:
    threshold = CATALOG.threshold(check, ACCOUNT)
    shown = {example.level.value for example in CATALOG.examples[check.id]}
    assert "ok" in shown
    assert ("breach" in shown) == (threshold.act is not None)
    if threshold.ideal is not None and threshold.act is None:
        assert "warn" in shown
    if threshold.min_messages and threshold.ideal is not None:
        assert "unknown" in shown


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: str(check.id))
def test_the_words_of_both_languages_are_whole(check: Check) -> None:
    assert len(check.risks["en"]) == len(check.risks["ja"])
    for lang in LANGUAGES:
        actions = tuple(action.text[lang] for action in check.actions)
        assert len(check.title[lang]) <= 40
        for sentence in (check.why[lang], *check.risks[lang], *actions):
            assert 10 < len(sentence) < 400
            assert "\\x" not in sentence
            assert sentence[-1] in ".?)" or lang == "ja", sentence
        for sentences in (check.risks[lang], actions):
            assert len(set(sentences)) == len(sentences)
    assert check.title["en"].isascii()
    for ja in (check.why["ja"], *check.risks["ja"], *(a.text["ja"] for a in check.actions)):
        assert re.search(r"[\u3041-\u30ff]", ja), "is not in Japanese"
    for en in (check.why["en"], *check.risks["en"], *(a.text["en"] for a in check.actions)):
        assert not re.search(r"[\u3041-\u9fff]", en), "is not in English"


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: str(check.id))
def test_no_action_begins_with_what_it_is_for(check: Check) -> None:
    """`missing: …`: that is what `for:` says."""
    for action in check.actions:
        for text in action.text.values():
            assert not re.match(r"[A-Za-z_]+((, |、)[A-Za-z_]+)*: [a-z]", text), text


def cases_of(check_id: str) -> set[str]:
    return {case for action in CATALOG.checks[check_id].actions for case in action.cases}


def test_there_is_an_action_for_every_requirement_and_reason_that_google_names() -> None:
    assert cases_of("postmaster.compliance") == set(REQUIREMENTS)
    assert cases_of("postmaster.rejections_by_reason") == set(REJECT_REASONS)
    assert cases_of("postmaster.temporary_failures_by_reason") == set(FAILURE_REASONS)


JAPANESE = r"[ぁ-ゖァ-ヺー々一-鿿]"
LATIN = r"[A-Za-z0-9%&+\-./:=@_~÷×#*]"
NO_SPACE = re.compile(rf"{JAPANESE}{LATIN}|{LATIN}{JAPANESE}|{JAPANESE}\(|\){JAPANESE}")


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: str(check.id))
def test_a_space_parts_japanese_from_latin(check: Check) -> None:
    texts = [check.title["ja"], check.why["ja"], *check.risks["ja"]]
    texts += [action.text["ja"] for action in check.actions]
    for text in texts:
        assert not NO_SPACE.search(text), text
        assert not re.search(r"\d ?[~～] ?\d", text), text


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_short_title_names_one_check_of_its_source(lang: str) -> None:
    seen = set()
    for check in CHECKS:
        assert check.short is not None
        assert 1 < len(check.short[lang]) <= 18
        assert (check.source, check.short[lang]) not in seen
        seen.add((check.source, check.short[lang]))


def test_only_deferrals_can_be_more_than_everything() -> None:
    uncounted = {check.id for check in CHECKS if not check.proportion}
    assert uncounted == {*COUNTED_PER_ATTEMPT, "sendgrid.plan_use"}


OLDEST = {
    "sendgrid.reputation": None,
    "sendgrid.plan_use": None,
    "sendgrid.engagement_quality": 7,
    "sendgrid.warmup_volume": 7,
    "sendgrid.warmup_shortfall": 7,
    "sendgrid.warmup_step": 7,
}
"""Figures that are of now, or that have a day only when something was sent or computed."""


def test_what_a_sender_counted_is_not_older_than_three_days() -> None:
    for check in CHECKS:
        if check.source in SENDERS:
            age = None if check.metric in audit.METRICS else OLDEST.get(check.id, 3)
            assert CATALOG.threshold(check, ACCOUNT).max_age_days == age, check.id


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: str(check.id))
def test_every_check_has_references_of_its_own(check: Check) -> None:
    assert check.references
    assert len(set(check.references)) == len(check.references)


def test_an_id_is_the_path_of_its_file() -> None:
    paths = {
        str(path.relative_to(shipped.CHECKS).with_suffix("")).replace("/", ".")
        for path in shipped.CHECKS.rglob("*.yaml")
    }
    assert paths == CATALOG.checks.keys()
    for path in shipped.CHECKS.rglob("*.yaml"):
        check_id = f"{path.parent.name}.{path.stem}"
        assert re.search(rf"^id: {re.escape(check_id)}$", path.read_text("utf-8"), re.MULTILINE)


def test_the_checks_that_others_rely_on_are_there() -> None:
    assert len(CHECKS) >= 25
    assert {
        "sendgrid.bounce_rate",
        "sendgrid.daily_volume",
        "postmaster.spam_rate",
        "postmaster.reputation",
        "dns.dmarc_policy",
    } <= CATALOG.checks.keys()
    dns = [check.id for check in CHECKS if check.source == "dns"]
    topics: tuple[str, ...] = ("dns.spf_", "dns.dkim_", "dns.dmarc_", "dns.mx", "dns.domain")
    topics += ("dns.caa", "dns.dnssec", "dns.reverse_dns", "dns.sender_requirements")
    topics += ("dns.mta_sts", "dns.tls_rpt", "dns.bimi")
    assert [name for name in dns if not name.startswith(topics)] == []


@pytest.mark.parametrize("name", SOURCES)
def test_every_metric_of_a_source_has_a_check_and_every_check_a_metric(name: str) -> None:
    metrics = {metric for metric, _ in SOURCES[name].expected(EVERYTHING)}
    if name == "sendgrid":  # what only the key's scopes and the answers show
        metrics |= set(audit.METRICS)
    # What a record has is measured only where there is one, and what reports show likewise.
    known = {
        "dns": dns_metrics.ALL,
        "dmarc": dmarc_metrics.ALL,
        "message": message_metrics.ALL,  # its author, whom they are about, shows in the file
        "postmaster": postmaster_metrics.ALL,  # where Google has something to say
    }
    if name in known:
        assert metrics < set(known[name])
        metrics = set(known[name])
    judged = {check.metric for check in CHECKS if check.source == name}
    assert metrics == judged
    assert metrics


@pytest.mark.parametrize("rate", ["bounce_rate", "delivered_rate", "deferral_rate"])
def test_postfix_is_held_to_the_numbers_of_sendgrid(rate: str) -> None:
    lines = yaml.safe_load(shipped.THRESHOLDS.read_text("utf-8"))
    assert lines[f"postfix.{rate}"] == lines[f"sendgrid.{rate}"]


def test_checks_of_one_metric_agree_on_its_unit() -> None:
    for check in CHECKS:
        assert {other.unit for other in CATALOG.judging(check.metric)} == {check.unit}


def test_rates_that_a_sender_counts_need_a_hundred_messages() -> None:
    for check in CHECKS:
        counted = check.source in SENDERS and check.unit == "percent"
        counted = counted and check.id != "sendgrid.plan_use"
        threshold = CATALOG.threshold(check, ACCOUNT)
        assert threshold.min_messages == (100 if counted else 0), check.id


def test_the_order_of_the_shipped_numbers_is_that_of_the_sources() -> None:
    lines = yaml.safe_load(shipped.THRESHOLDS.read_text("utf-8"))
    assert set(lines) == CATALOG.checks.keys()
    sources = list(dict.fromkeys(name.partition(".")[0] for name in lines))
    assert sources == list(SOURCES)


def written(check: Check) -> list[str]:
    """The limits of a check as the file has them."""
    lines = yaml.safe_load(shipped.THRESHOLDS.read_text("utf-8"))
    return [str(lines[check.id].get(side, "none")) for side in ("ideal", "act")]


def test_the_table_of_checks_is_true() -> None:
    readme = Path(shipped.CHECKS, "README.md").read_text("utf-8")
    table = readme.partition("<!-- checks -->\n")[2].partition("<!-- /checks -->")[0]
    rows = ["| id | title | unit | ideal | act |", "| --- | --- | --- | --- | --- |"]
    for check in sorted(CHECKS, key=lambda check: check.id):
        sides = ("-" if side == "none" else side for side in written(check))
        rows.append("| " + " | ".join((check.id, check.title["en"], check.unit, *sides)) + " |")
    assert table == "\n".join(rows) + "\n"
