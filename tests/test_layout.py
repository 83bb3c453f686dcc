"""The layout: one name is one thing, what exists is listed, and no file is too long."""

import ast
import re
import tokenize
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

import mailwatch
from mailwatch.cli.source_commands import SOURCE_COMMANDS
from mailwatch.reports import FORMATS
from mailwatch.sources import SOURCES

PACKAGE = Path(mailwatch.__file__).parent
FILES = sorted(PACKAGE.rglob("*.py"))
ROOT = Path(__file__).parent.parent
TEST_FILES = sorted((ROOT / "tests").rglob("*.py"))
LONGEST = 300

SAME_MODULES = {
    "__main__": "what `python -m` runs, of the program and of the schemas",
    "catalog": "the package's own module",
    "check": "the type, and the command of that name",
    "client": "a source's API",
    "collection": "what a source asks for in a run",
    "console": "a format, and its words",
    "demo": "the embedded world, and its command",
    "dkim": "what the RFC defines, and the figures of the DNS source about it",
    "dmarc": "as dkim",
    "dns": "a source, its section, its words, and its server in the demo",
    "doctor": "what a source can say about itself, the command that prints it, and its words",
    "metrics": "the metrics of a source by name",
    "postmaster": "as dns",
    "record": "the record of a mail authentication method",
    "sendgrid": "as dns",
    "sources": "the sources, and the words that they share",
    "spf": "as dkim",
    "statistics": "an API's statistics, measured",
}
"""Modules that may share a name, because they play the same part in sibling packages."""

SAME_CLASSES: dict[str, str] = {}
"""Public classes that may share a name."""

LONG_FILES: dict[str, str] = {
    "tests/catalog/test_threshold_file.py": "a case for each thing that the file refuses",
    "tests/config/test_file.py": "a case for each thing that the file refuses, section by section",
    "tests/config/test_secret.py": "each kind of reference, found and not found",
    "tests/judge/test_levels.py": "the eight rules of judging, and their order",
    "tests/mailauth/spf/test_check_host.py": "the examples of the RFC, one table",
    "tests/reports/console/test_console.py": "one page from its first line to its last",
    "tests/reports/samples.py": "the reports that every format is tested with",
    "tests/sources/sendgrid/test_statistics.py": "a case for each formula and each gap in its data",
    "tests/sources/test_http.py": "each way a server can misbehave",
    "tests/test_collect.py": "each way a source can end",
}
"""Files of more than `LONGEST` lines, and why. Generated data is not in Python files."""


def code_in(folder: str) -> list[Path]:
    return sorted((ROOT / folder).rglob("*.py"))


def module_name(path: Path) -> str:
    return path.parent.name if path.name == "__init__.py" else path.stem


def classes(path: Path) -> Iterator[str]:
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            yield node.name


def all_classes(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ClassDef):
            yield node.name


def shared(places: dict[str, list[str]]) -> dict[str, list[str]]:
    return {name: found for name, found in places.items() if len(found) > 1}


def test_no_two_modules_share_a_name() -> None:
    places: dict[str, list[str]] = defaultdict(list)
    for path in FILES:
        places[module_name(path)].append(str(path.relative_to(PACKAGE)))
    unexpected = {name: at for name, at in shared(places).items() if name not in SAME_MODULES}
    assert not unexpected
    assert not SAME_MODULES.keys() - shared(places).keys(), "no longer shared"


def test_no_two_classes_share_a_name() -> None:
    places: dict[str, list[str]] = defaultdict(list)
    for path in FILES:
        for name in classes(path):
            places[name].append(str(path.relative_to(PACKAGE)))
    unexpected = {name: at for name, at in shared(places).items() if name not in SAME_CLASSES}
    assert not unexpected
    assert not SAME_CLASSES.keys() - shared(places).keys(), "no longer shared"


@pytest.mark.parametrize("table", [SOURCES, SOURCE_COMMANDS])
def test_every_source_is_listed(table: dict[str, object]) -> None:
    packages = {path.parent.name for path in (PACKAGE / "sources").glob("*/__init__.py")}
    assert set(table) == packages


def test_every_format_is_listed() -> None:
    """A module of `reports` with a function `render` is a format."""
    formats = {
        module_name(path)
        for pattern in ("*.py", "*/__init__.py")
        for path in (PACKAGE / "reports").glob(pattern)
        if any(
            isinstance(node, ast.FunctionDef) and node.name == "render"
            for node in ast.parse(path.read_text(encoding="utf-8")).body
        )
    }
    listed = (getattr(module, "__name__", "") for module in FORMATS.values())
    assert {name.rpartition(".")[2] for name in listed} == formats


def test_no_file_is_too_long() -> None:
    places = [
        path for folder in ("mailwatch", "tests", "bench", "docs") for path in code_in(folder)
    ]
    lengths = {
        path.relative_to(ROOT).as_posix(): len(path.read_text(encoding="utf-8").splitlines())
        for path in places
    }
    long = {place: lines for place, lines in lengths.items() if lines > LONGEST}
    assert not {place: lines for place, lines in long.items() if place not in LONG_FILES}
    assert not LONG_FILES.keys() - long.keys(), "no longer long"


DIALECT = re.compile(r"(survey|inquir|harvest|settl)[a-z]*|ow(e|es|ed|ing)|told")
"""Words with a meaning that a reader would have to learn first."""


def words_of(path: Path) -> Iterator[str]:
    """The words in its names; in the program's own code those in comments and texts too."""
    kinds = {tokenize.NAME}
    if PACKAGE in path.parents and path.parent.name != "words":
        kinds |= {tokenize.COMMENT, tokenize.STRING}
    with path.open("rb") as file:
        for token in tokenize.tokenize(file.readline):
            if token.type in kinds:
                yield from re.findall(r"[a-z]+", re.sub(r"([A-Z])", r" \1", token.string).lower())


@pytest.mark.parametrize("path", [*FILES, *TEST_FILES], ids=lambda path: "/".join(path.parts[-3:]))
def test_names_are_the_usual_nouns(path: Path) -> None:
    assert sorted(filter(DIALECT.fullmatch, words_of(path))) == []


def test_classes_are_named_by_the_usual_nouns() -> None:
    names = {name.strip("_") for path in FILES for name in all_classes(path)}
    assert not names & {"Walk", "Reading", "Target"}
