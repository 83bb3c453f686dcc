"""What the program says: in both languages alike, and nothing that nobody says."""

import ast
import importlib
import os
import pkgutil
import re
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from string import Formatter

import pytest

import mailwatch
from mailwatch import words
from mailwatch.model import Lang, Phrase, say, verbatim
from mailwatch.words import PHRASES, day, worded

PACKAGE = Path(mailwatch.__file__).parent
LANGUAGES: tuple[Lang, Lang] = ("en", "ja")
MODULES = [module.name for module in pkgutil.iter_modules(words.__path__)]


def placeholders(template: str) -> dict[str, set[str]]:
    """The names in a wording, each with the formats it is given."""
    found: dict[str, set[str]] = {}
    for _, name, spec, conversion in Formatter().parse(template):
        if name is not None:
            assert conversion is None
            found.setdefault(name, set()).add(spec or "")
    return found


def test_both_languages_use_the_same_values() -> None:
    different = [
        code
        for code, (english, japanese) in PHRASES.items()
        if placeholders(english).keys() != placeholders(japanese).keys()
    ]
    assert different == []


@pytest.mark.parametrize("number", [0, 1, 1234])
def test_every_phrase_is_worded(number: int) -> None:
    for code, wordings in PHRASES.items():
        names: dict[str, set[str]] = {}
        for template in wordings:
            for name, specs in placeholders(template).items():
                names.setdefault(name, set()).update(specs)
        values: dict[str, str | int] = {
            name: number if any(specs) else "{some} text" for name, specs in names.items()
        }
        for lang in LANGUAGES:
            shown = worded(say(code, **values), lang)
            assert shown.strip() or code == "verbatim", code
            assert "{" not in shown.replace("{some} text", ""), code
            assert "\n" not in shown, code


def test_a_code_names_the_part_it_belongs_to() -> None:
    strange = [code for code in PHRASES if not re.fullmatch(r"[a-z]+\.[a-z0-9_]+", code)]
    assert strange == ["verbatim"]


def test_no_module_takes_another_s_code() -> None:
    parts = [importlib.import_module(f"mailwatch.words.{name}").PHRASES for name in MODULES]
    assert sum(map(len, parts)) + 1 == len(PHRASES)
    for name, part in zip(MODULES, parts, strict=True):
        assert part or name == "retired"
        for code, wording in part.items():
            assert PHRASES[code] is wording, name


@pytest.mark.parametrize("name", MODULES)
def test_no_code_stands_twice_in_a_module(name: str) -> None:
    tree = ast.parse((PACKAGE / "words" / f"{name}.py").read_text("utf-8"))
    codes = [
        key.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Dict)
        for key in node.keys
        if isinstance(key, ast.Constant)
    ]
    assert len(codes) == len(set(codes))


# --- what the code says -----------------------------------------------------------------------


def sources() -> Iterator[tuple[str, ast.Module]]:
    for path in sorted(PACKAGE.rglob("*.py")):
        if path.parent.name != "words":
            yield str(path.relative_to(PACKAGE)), ast.parse(path.read_text("utf-8"))


def pattern(joined: ast.JoinedStr) -> str:
    """`f"console.{level}"` as a regular expression."""
    parts = (
        re.escape(str(part.value)) if isinstance(part, ast.Constant) else r"[a-z0-9_]+"
        for part in joined.values
    )
    return "".join(parts)


def is_say(node: ast.AST) -> bool:
    if not isinstance(node, ast.Call):
        return False
    function = node.func
    name = function.id if isinstance(function, ast.Name) else getattr(function, "attr", "")
    return name == "say"


SAID = [
    (f"{path}:{node.lineno}", node)
    for path, tree in sources()
    for node in ast.walk(tree)
    if isinstance(node, ast.Call) and is_say(node)
]


def test_the_package_speaks() -> None:
    assert len(SAID) > 50


def test_what_is_said_has_words_and_gives_all_their_values() -> None:
    for place, call in SAID:
        code, given = call.args[0], {keyword.arg for keyword in call.keywords}
        if isinstance(code, ast.Constant):
            assert code.value in PHRASES, place
            needed = placeholders(PHRASES[code.value][0]).keys()
            assert needed <= given or None in given, (place, needed - given)
        elif isinstance(code, ast.JoinedStr):
            assert any(re.fullmatch(pattern(code), known) for known in PHRASES), place


def test_every_phrase_is_said() -> None:
    constants: set[str] = set()
    patterns: set[str] = set()
    for _, tree in sources():
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                constants.add(node.value)
            if isinstance(node, ast.JoinedStr) and re.match(r"[a-z]+\\\.", pattern(node)):
                patterns.add(pattern(node))
    silent = [
        code
        for code in PHRASES.keys() - words.retired.PHRASES.keys()
        if code not in constants and not any(re.fullmatch(known, code) for known in patterns)
    ]
    assert silent == []


# --- what was stored --------------------------------------------------------------------------

CODES = Path(__file__).with_name("codes.txt")


def test_a_code_stays_for_ever() -> None:
    # Given every code that may be stored somewhere
    listed = CODES.read_text("utf-8").splitlines()
    assert listed == sorted(set(listed))
    # Then each still has its wording; one that is no longer said moves to words/retired.py
    assert [code for code in listed if code not in PHRASES] == []
    # And each that is new goes into the list: UPDATE_SNAPSHOTS=1 adds it, and removes none
    if os.environ.get("UPDATE_SNAPSHOTS") == "1":
        listed = sorted({*listed, *PHRASES})
        CODES.write_text("\n".join(listed) + "\n", encoding="utf-8")
    assert [code for code in PHRASES if code not in listed] == []


@pytest.mark.parametrize(
    ("phrase", "shown"),
    [
        (say("dns.forgotten"), "dns.forgotten"),
        (say("dns.forgotten", n=12345, name="{x}"), "dns.forgotten: n=12345, name={x}"),
        (say("dns.forgotten", day=date(2026, 11, 3)), "dns.forgotten: day=3 Nov"),
        (say("judge.too_old", age=3), "judge.too_old: age=3"),  # a value that it had not yet
        (say("judge.too_old", age="x", most=7), "judge.too_old: age=x, most=7"),  # another type
        (
            say("run.some_failed", first=say("dns.forgotten", n=1), more=1),
            "dns.forgotten: n=1 (and 1 more problem)",
        ),
    ],
)
def test_a_stored_phrase_without_a_wording_is_shown_as_it_is(phrase: Phrase, shown: str) -> None:
    assert worded(phrase, "en") == shown
    assert worded(phrase, "ja")


# --- wording ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("age", "english"), [(0, "0 days"), (1, "1 day"), (2, "2 days"), (1234, "1,234 days")]
)
def test_a_count_has_its_noun(age: int, english: str) -> None:
    phrase = say("judge.too_old", age=age, most=7)
    assert worded(phrase, "en") == f"the newest figure is {english} old, more than 7"
    assert f"{age} 日前" in worded(phrase, "ja")


def test_values_of_every_kind() -> None:
    inner = say("judge.more_needed", more=1)
    phrase = say("judge.undecided", low="1 %", high="6 %", needed=inner)
    assert worded(phrase, "en").endswith("; about 1 more message would settle it")
    assert worded(phrase, "ja").endswith("。あと約 1 通で判断できます")
    assert worded(say("verbatim", text=date(2026, 11, 3)), "en") == "3 Nov"
    assert worded(say("verbatim", text=date(2026, 11, 3)), "ja") == "11月3日"
    assert worded(say("verbatim", text=1.5), "en") == "1.5"
    assert worded(say("verbatim", text=12345), "en") == "12345"


@pytest.mark.parametrize("text", ["{text}", "{0}", "{", "}}", "{text.__class__}", "%s"])
def test_strangers_braces_are_only_text(text: str) -> None:
    assert worded(verbatim(text), "en") == text
    assert worded(verbatim(text), "ja") == text


@pytest.mark.parametrize("month", range(1, 13))
def test_a_day_is_written_as_people_do(month: int) -> None:
    value = date(2026, month, 9)
    assert day(value, "en") == f"9 {datetime(2026, month, 9).strftime('%b')}"  # noqa: DTZ001
    assert day(value, "ja") == f"{month}月9日"


# --- one rule for spaces ----------------------------------------------------------------------


@pytest.mark.parametrize("part", ["commands", "judging"])
def test_a_space_parts_japanese_from_latin(part: str) -> None:
    japanese, latin = r"[ぁ-ゖァ-ヺー々一-鿿]", r"[A-Za-z0-9%&+\-./=@_~÷×#*{}]"
    close = re.compile(rf"{japanese}{latin}|{latin}{japanese}|{japanese}\(|\){japanese}")
    for _, text in importlib.import_module(f"mailwatch.words.{part}").PHRASES.values():
        assert not close.search(text), text
        assert "~" not in text, text
