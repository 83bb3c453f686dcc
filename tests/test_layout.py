"""The layout: one name is one thing, what exists is listed, and no file is too long."""

import ast
import inspect
import re
import tokenize
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import pytest

import mailwatch
from mailwatch.config.sections import SECTIONS, Config
from mailwatch.model import Report
from mailwatch.reports import FORMATS, View
from mailwatch.sources import SOURCES

PACKAGE = Path(mailwatch.__file__).parent
ROOT = PACKAGE.parent
FILES = sorted(PACKAGE.rglob("*.py"))
TEST_FILES = sorted((ROOT / "tests").rglob("*.py"))
LONGEST = 300

SAME_MODULES = {
    "backtest": "the replay of past counts, and its command",
    "__main__": "what `python -m` runs, of the program and of the schemas",
    "catalog": "the package's own module",
    "bimi": "as dkim",
    "blocklist": "as dns",
    "check": "the type, and the command of that name",
    "client": "a source's API",
    "collection": "what a source asks for in a run",
    "console": "a format, and its words",
    "demo": "the embedded world, and its command",
    "dkim": "what the RFC defines, and the figures of the DNS source about it",
    "dmarc": "as dkim; and the source of DMARC reports, its section and its words",
    "dns": "a source, its section, its words, and its server in the demo",
    "doctor": "what a source can say about itself, the command that prints it, and its words",
    "history": "the stored past, its section of mailwatch.yaml, its command, and its words",
    "html": "as console",
    "mail": "the mail of the demo's story, and the report for mail clients",
    "message": "a source, its section and its words; and a message of DNS",
    "metrics": "the metrics of a source by name",
    "mta_sts": "as dkim",
    "postfix": "as dns",
    "notify": "where reports are sent, its section, and its command",
    "postmaster": "as dns",
    "requirements": "what mailbox providers ask, as data, and as lines",
    "questions": "what a source asks its API, in their order",
    "record": "the record of a mail authentication method",
    "sendgrid": "as dns",
    "sources": "the sources, and the words that they share",
    "serve": "the pages, their section, their words and their command; and the demo's servers",
    "spf": "as dkim",
    "tls_rpt": "as dkim",
    "warmup": "what is published about warming up, and its commands",
    "statistics": "an API's statistics, measured",
}
"""Modules that may share a name, because they play the same part in sibling packages."""

SAME_CLASSES: dict[str, str] = {}
"""Public classes that may share a name."""

LONG_FILES = {
    "tests/catalog/test_threshold_file.py": "one table of every way to get a threshold wrong",
    "tests/cli/test_spf_command.py": "every verdict of the command, with its exit code",
    "tests/config/test_file.py": "one table of every way to get mailwatch.yaml wrong",
    "tests/config/test_secret.py": "each place of a secret, with all that can be wrong there",
    "tests/judge/test_levels.py": "the rules of judging, side by side",
    "tests/mailauth/spf/test_check_host.py": "the cases of RFC 7208, side by side",
    "tests/reports/console/test_console.py": "what every part of the console report looks like",
    "tests/reports/samples.py": "the reports that all formats are tested with",
    "tests/sources/sendgrid/test_statistics.py": "each figure with its formula",
    "tests/sources/test_http.py": "every way that an exchange can go wrong",
    "tests/test_collect.py": "what becomes of every kind of answer",
}
"""Files of more than `LONGEST` lines, and why they are one."""


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


def test_every_source_is_listed() -> None:
    packages = {path.parent.name for path in (PACKAGE / "sources").glob("*/__init__.py")}
    assert set(SOURCES) == packages


def _contract(report: Report, view: View) -> Iterator[str]:
    raise AssertionError


CONTRACT = inspect.signature(_contract)


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
    # Each is imported by its name when it is used, so that mypy does not compare them.
    for name, module in FORMATS.items():
        assert inspect.signature(module.render) == CONTRACT, name
    assert "xml" not in FORMATS


def test_every_section_is_listed() -> None:
    """A module of `config` with a function `template` is a section, and a field of `Config`."""
    sections = {
        path.stem
        for path in (PACKAGE / "config").glob("*.py")
        if any(
            isinstance(node, ast.FunctionDef) and node.name == "template"
            for node in ast.parse(path.read_text(encoding="utf-8")).body
        )
    }
    assert set(SECTIONS) == sections
    assert [field.name for field in fields(Config)] == list(SECTIONS)


@pytest.mark.parametrize("folder", ["mailwatch", "tests", "bench", "docs"])
def test_a_file_is_only_long_for_a_reason(folder: str) -> None:
    long = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / folder).rglob("*.py")
        if len(path.read_text(encoding="utf-8").splitlines()) > LONGEST
    }
    listed = {path for path in LONG_FILES if path.startswith(f"{folder}/")}
    assert not long - listed, "split it, or say why it is one"
    assert not listed - long, "no longer that long"


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


def test_names_are_the_usual_nouns() -> None:
    found = {
        str(path.relative_to(ROOT)): sorted(strange)
        for path in [*FILES, *TEST_FILES]
        if (strange := set(filter(DIALECT.fullmatch, words_of(path))))
    }
    assert found == {}


def test_classes_are_named_by_the_usual_nouns() -> None:
    names = {name.strip("_") for path in FILES for name in all_classes(path)}
    assert not names & {"Walk", "Reading", "Target"}
