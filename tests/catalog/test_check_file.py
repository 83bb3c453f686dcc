"""A check's file: what it may hold, and what is wrong with it, at its line."""

from pathlib import Path

import pytest

from mailwatch.catalog.check_file import Example, read_check
from mailwatch.errors import FileError
from mailwatch.model import Action, Check, Level
from mailwatch.yamlfile.reader import parse

FILE = Path("some.yaml")
RATE = """\
id: sendgrid.some_rate
title: {en: Some rate, ja: ある率}
unit: percent
worse: higher
why: {en: Because., ja: 理由。}
risks: {en: [One.], ja: [一。]}
actions: {en: [Do.], ja: [する。]}
"""
WORD = RATE.replace("percent", "word").replace("higher", "{order: [good, fair, bad]}")


def read(text: str) -> tuple[Check, tuple[Example, ...]]:
    node = parse(text, FILE)
    assert node is not None
    return read_check(node, FILE)


def refusal(text: str) -> FileError:
    with pytest.raises(FileError) as caught:
        read(text)
    assert caught.value.line is not None
    return caught.value


def test_the_least_that_a_check_needs() -> None:
    check, examples = read(RATE)
    assert check == Check(
        id="sendgrid.some_rate",
        metric="sendgrid.some_rate",
        title={"en": "Some rate", "ja": "ある率"},
        unit="percent",
        worse="higher",
        why={"en": "Because.", "ja": "理由。"},
        risks={"en": ("One.",), "ja": ("一。",)},
        actions=(Action({"en": "Do.", "ja": "する。"}),),
    )
    assert check.source == "sendgrid"
    assert examples == ()


def test_everything_else() -> None:
    check, examples = read(
        RATE
        + "metric: dns.other\nreferences: [https://a.example/x]\nexamples:\n"
        + " - {value: 3%, is: ok}\n - {numerator: 4, denominator: 100, is: unknown}\n"
    )
    assert (check.metric, check.source) == ("dns.other", "dns")
    assert check.references == ("https://a.example/x",)
    assert examples == (
        Example(Level.OK, 0.03),
        Example(Level.UNKNOWN, None, 4, 100),
    )


def test_words_from_best_to_worst() -> None:
    check, examples = read(WORD + "examples: [{value: bad, is: breach}]")
    assert check.worse == ("good", "fair", "bad")
    assert examples == (Example(Level.BREACH, "bad"),)


@pytest.mark.parametrize(
    ("key", "line", "written", "words"),
    [
        ("id", 1, "some_rate", "is not a valid id"),
        ("id", 1, "Sendgrid.some_rate", "is not a valid id"),
        ("id", 1, "sendgrid.some.rate", "is not a valid id"),
        ("id", 1, "sendgrid.some-rate", "is not a valid id"),
        ("id", 1, ".rate", "is not a valid id"),
        ("id", 1, "sendgrid.", "is not a valid id"),
        ("id", 1, '"sendgrid.\\e"', "\\x1b: is not a valid id"),
        ("title", 2, "Some rate", "is not a mapping"),
        ("title", 2, "{en: x}", "the key ja is missing"),
        ("title.de", 2, "{en: x, ja: y, de: z}", "unknown key"),
        ("title.en", 2, f"{{en: {'x' * 81}, ja: y}}", "is longer than 80 characters"),
        ("unit", 3, "percents", "did you mean percent?"),
        ("unit", 3, "Percent", "did you mean percent?"),
        ("worse", 4, "highest", "did you mean higher?"),
        ("worse", 4, "{order: [a, b]}", "does not match the unit"),
        ("worse", 4, "[a, b]", "is not a single value"),
        ("worse.order", 4, "{order: [a]}", "needs at least 2 items"),
        ("worse.order.2", 4, "{order: [a, a]}", "a is listed twice"),
        ("why.en", 5, "{en: '', ja: x}", "is empty"),
        ("why.en", 5, f"{{en: {'x' * 401}, ja: x}}", "is longer than 400 characters"),
        ("risks.en", 6, "{en: [], ja: [x]}", "needs at least 1 item"),
        ("actions.ja", 7, "{en: [x], ja: x}", "is not a list"),
        ("actions", 7, "{en: [x, y], ja: [x]}", "more sentences in one language"),
        ("actions", 7, "[]", "needs at least 1 item"),
        ("actions", 7, "Do.", "is not a list"),
        ("actions.1", 7, "[Do.]", "is not a mapping"),
        ("actions.1", 7, "[{en: x}]", "the key ja is missing"),
        ("actions.1.fro", 7, "[{en: x, ja: y, fro: [a]}]", "did you mean for?"),
        ("actions.1.for", 7, "[{en: x, ja: y, for: []}]", "needs at least 1 item"),
        ("actions.1.for", 7, "[{en: x, ja: y, for: a}]", "is not a list"),
        ("actions.2.for", 7, "[{en: x, ja: y}, {en: v, ja: w, for: [a]}]", "a never occurs in"),
        ("short.ja", 7, "{en: x, ja: 123456789012345678901}", "is longer than 20 characters"),
        ("proportion", 7, "maybe", "is not true or false"),
    ],
)
def test_what_each_key_refuses(key: str, line: int, written: str, words: str) -> None:
    lines = RATE.splitlines()
    lines[line - 1] = f"{key.partition('.')[0]}: {written}"
    error = refusal("\n".join(lines))
    assert (error.line, error.key) == (line, key)
    assert words in error.what


@pytest.mark.parametrize("line", range(7))
def test_each_of_the_seven_keys_is_needed(line: int) -> None:
    lines = RATE.splitlines()
    key = lines.pop(line).split(":")[0]
    assert refusal("\n".join(lines)).what == f"some.yaml, line 1: the key {key} is missing"


@pytest.mark.parametrize(
    ("unit", "worse"),
    [("word", "higher"), ("word", "lower"), ("count", "{order: [a, b]}"),
     ("ratio", "{order: [a, b]}"), ("days", "{order: [a, b]}"), ("bits", "{order: [a, b]}")],
)  # fmt: skip
def test_worse_has_to_fit_the_unit(unit: str, worse: str) -> None:
    error = refusal(RATE.replace("percent", unit).replace("higher", worse))
    assert error.what == "some.yaml, line 4, worse: does not match the unit"
    assert error.tip


@pytest.mark.parametrize(
    ("text", "example", "words"),
    [
        (RATE, "{value: 3%, numerator: 1, denominator: 2, is: ok}", "a value, or a numerator and"),
        (RATE, "{value: 3%, numerator: 1, is: ok}", "a value, or a numerator and a denominator"),
        (RATE, "{value: 3%, denominator: 1, is: ok}", "a value, or a numerator and a denominator"),
        (RATE, "{numerator: 1, is: ok}", "a value, or a numerator and a denominator"),
        (RATE, "{is: ok}", "a value, or a numerator and a denominator"),
        (WORD, "{numerator: 1, denominator: 2, is: ok}", "a value, or a numerator and"),
        (RATE, "{value: 3, is: ok}", "do you mean 3% or 300%?"),
        (WORD, "{value: BAD, is: ok}", "is not one of good, fair, bad"),
        (RATE, "{numerator: 1, denominator: 0, is: ok}", "from 1 to"),
        (RATE, "{numerator: -1, denominator: 2, is: ok}", "from 0 to"),
        (RATE, "{value: 3%}", "the key is is missing"),
        (RATE, "{value: 3%, is: fine}", "ok, warn, breach, unknown"),
    ],
)
def test_what_is_no_example(text: str, example: str, words: str) -> None:
    first = "{value: 1%, is: ok}" if text is RATE else "{value: good, is: ok}"
    error = refusal(f"{text}examples:\n  - {first}\n  - {example}\n")
    assert error.line == 10
    assert (error.key or "").startswith("examples.2")
    assert words in f"{error.what} {error.tip}"


@pytest.mark.parametrize(
    "url", ["http://a.example", "a.example", "ftp://a", "'https://a b'", '"https://\\u202e"', "''"]
)
def test_references_are_https(url: str) -> None:
    error = refusal(f"{RATE}references:\n  - {url}\n")
    assert (error.line, error.key) == (9, "references.1")
    assert "is not an https address" in error.what


def test_controls_in_a_text_are_shown() -> None:
    check, _ = read(RATE.replace("Because.", '"Be\\e[31mcause"'))
    assert check.why["en"] == "Be\\x1b[31mcause"


@pytest.mark.parametrize("text", ["[]", "some", "- id: x"])
def test_a_check_is_a_mapping(text: str) -> None:
    assert refusal(text).what == "some.yaml, line 1: is not a mapping"


# --- actions for some cases only --------------------------------------------------------------

SHORT_FORM = "actions: {en: [Do.], ja: [する。]}\n"


def with_actions(check: str, actions: str) -> str:
    assert SHORT_FORM in check
    return check.replace(SHORT_FORM, f"actions:\n{actions}\n")


def test_an_action_says_what_it_is_for() -> None:
    check, _ = read(
        with_actions(
            WORD, "  - {for: [bad, fair], en: Mend., ja: 直す。}\n  - {en: 'DNS: ask.', ja: 聞く。}"
        )
    )
    assert check.actions == (
        Action({"en": "Mend.", "ja": "直す。"}, ("bad", "fair")),
        Action({"en": "DNS: ask.", "ja": "聞く。"}),
    )


def test_an_action_is_for_a_word_of_the_check() -> None:
    error = refusal(with_actions(WORD, "  - {for: [good, bda], en: Mend., ja: 直す。}"))
    assert error.line == 8
    assert error.key == "actions.1.for"
    assert "bda never occurs in sendgrid.some_rate (did you mean bad?)" in error.what
    assert error.tip == "Its words are good, fair, bad."


def test_an_action_may_be_for_a_requirement_or_reason_where_there_are_some() -> None:
    text = WORD.replace("sendgrid.", "postmaster.")
    check, _ = read(with_actions(text, "  - {for: [DKIM], en: Mend., ja: 直す。}"))
    assert check.actions[0].cases == ("DKIM",)


def test_what_else_a_check_may_say() -> None:
    check, _ = read(f"{RATE}short: {{en: some, ja: ある}}\nproportion: false\n")
    assert (check.short, check.proportion) == ({"en": "some", "ja": "ある"}, False)
    assert read(RATE)[0].short is None
    assert read(RATE)[0].proportion
