"""The documents do not rot: every command they show runs, every link and picture is there."""

import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

from mailwatch.catalog.catalog import read_catalog
from mailwatch.clock import Clock
from mailwatch.config import load_config
from tests.cli.conftest import Command, empty_home, mailwatch, watched

__all__ = ["empty_home", "mailwatch"]

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
DNS_LOOKUP = (ROOT / "docs" / "dns-lookup.md").read_text(encoding="utf-8")
POSTMASTER = (ROOT / "docs" / "postmaster.md").read_text(encoding="utf-8")
DEMO_FAULTS = (ROOT / "docs" / "demo-faults.md").read_text(encoding="utf-8")
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")


def blocks(text: str, *languages: str) -> list[str]:
    """The fenced blocks in one of these languages."""
    found = re.findall(r"^ *```(\w*)\n(.*?)^ *```", text, re.MULTILINE | re.DOTALL)
    return [body for language, body in found if language in languages]


def commands(text: str) -> list[str]:
    """Every command line the document shows, in blocks and inline."""
    lines = [line.partition(" # ")[0].strip() for b in blocks(text, "sh") for line in b.split("\n")]
    inline = [" ".join(code.split()) for code in re.findall(r"`((?:mailwatch|make) [^`]+)`", text)]
    cron = re.findall(r"\.venv/bin/(mailwatch .*)$", text, re.MULTILINE)
    return list(dict.fromkeys(filter(None, [*lines, *inline, *cron])))


INSTALLING = (
    "python3 -m venv .venv",
    ".venv/bin/pip install .",
    "source .venv/bin/activate",
    "pipx install .",
    "ssh -L 8765:127.0.0.1:8765 HOST",
)
"""Run by the packaging test, with what they install, or of the shell and another program."""
SERVING = "mailwatch demo --serve"
"""Ends with Ctrl-C only; run as a process by the tests of the small commands."""


LOGIN = "mailwatch login google"
"""Waits for a person in a browser; run by the tests of the command."""
PAGES = (README, DNS_LOOKUP, POSTMASTER, DEMO_FAULTS)


@pytest.mark.parametrize("line", dict.fromkeys(line for page in PAGES for line in commands(page)))
def test_every_command_in_the_documents_runs(
    mailwatch: Command, line: str, monkeypatch: pytest.MonkeyPatch, empty_home: Path
) -> None:
    if line in INSTALLING or line.startswith((SERVING, LOGIN)):
        return
    program, *argv = shlex.split(line)
    if program == "make":
        if shutil.which("make") is None:
            pytest.skip("make is not installed here")
        target = [word for word in argv if "=" not in word]
        subprocess.run(["make", "-n", *target], cwd=ROOT, check=True, capture_output=True)
        return
    assert program in ("mailwatch", ".venv/bin/mailwatch")
    argv = ["healthy" if word == "NAME" else word for word in argv]
    with watched() as (running, config):
        if "--checks" in argv:
            write_own_check(Path(config).parent)
        monkeypatch.setenv("MAILWATCH_CONFIG", config)
        monkeypatch.setenv("SENDGRID_API_KEY", running.world.api_key)
        token = Path(config).with_name("postmaster-token.json")
        monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(token))
        # The doctor compares the clock with the servers', which is the real one.
        outcome = mailwatch(*argv, clock=Clock() if argv == ["doctor"] else None)
    assert (outcome.status, outcome.err) == (0, ""), outcome.err


def test_what_the_commands_print_is_as_shown(mailwatch: Command) -> None:
    with watched() as (_, config):
        for block in blocks(DNS_LOOKUP, "console"):
            line, _, shown = block.partition("\n")
            outcome = mailwatch(*shlex.split(line.removeprefix("$ mailwatch ")), "--config", config)
            assert outcome.out == shown


def write_own_check(folder: Path) -> None:
    """The check of the README in the folder that it names, and its line of numbers."""
    yaml = next(b for b in blocks(README, "yaml") if "my-checks/" in b)
    path = Path(yaml.split("\n")[0].removeprefix("# "))
    path.parent.mkdir(parents=True)
    path.write_text(yaml)
    line = re.search(r"`(sendgrid\.bounce_goal: \{.*?\})`", README)
    assert line is not None
    (folder / "thresholds.yaml").write_text(line[1] + "\n")


def test_the_readme_s_own_check_judges(mailwatch: Command, empty_home: Path) -> None:
    write_own_check(empty_home)
    outcome = mailwatch("explain", "sendgrid.bounce_goal", "--checks", "my-checks",
                        "--thresholds", "thresholds.yaml")  # fmt: skip
    assert outcome.status == 0
    assert "half a percent" in outcome.out


def test_the_readme_s_thresholds_are_taken(empty_home: Path) -> None:
    yaml = next(b for b in blocks(README, "yaml") if "overrides:" in b)
    Path("mine.yaml").write_text(yaml)
    catalog = read_catalog(Path("mine.yaml"))
    assert catalog.numbers["sendgrid.daily_volume"]["act"].value == 50000
    assert len(catalog.overrides) == 1


@pytest.mark.parametrize(
    "document",
    [
        "README.md",
        "CONTRIBUTING.md",
        "checks/README.md",
        "docs/dns-lookup.md",
        "docs/postmaster.md",
        "docs/demo-faults.md",
    ],
)
def test_every_local_link_leads_somewhere(document: str) -> None:
    path = ROOT / document
    for target in re.findall(r"\]\(([^)#]+)\)", path.read_text(encoding="utf-8")):
        if not target.startswith("http"):
            assert (path.parent / target).exists(), target


def test_the_readme_s_configuration_for_cron_is_taken(empty_home: Path) -> None:
    yaml = next(b for b in blocks(README, "yaml") if "/etc/mailwatch/" in b)
    line = re.compile(r"^  (# )?(api_key: (file|cmd))", re.MULTILINE)
    switched = line.sub(lambda match: f"  {'' if match[1] else '# '}{match[2]}", yaml)
    kinds = []
    for text in (yaml, switched):
        Path("mine.yaml").write_text(text)
        sendgrid = load_config(Path("mine.yaml")).config.sendgrid
        assert sendgrid is not None
        kinds.append(sendgrid.api_key.kind)
    assert kinds == ["file", "cmd"]


@pytest.mark.parametrize("n", range(len(blocks(POSTMASTER, "yaml"))))
def test_the_postmaster_page_s_settings_are_taken(empty_home: Path, n: int) -> None:
    Path("mine.yaml").write_text(blocks(POSTMASTER, "yaml")[n])
    postmaster = load_config(Path("mine.yaml")).config.postmaster
    assert postmaster is not None
    assert (postmaster.days, postmaster.legacy_v1) == ((14, False), (120, True))[n]


def test_the_faults_of_the_demo_page_are_faults() -> None:
    from mailwatch.demo.wire.fault_plan import read_fault

    shown = re.findall(r"--fault (\S+)", DEMO_FAULTS) + re.findall(r"`(\w+=\w\S*)`", DEMO_FAULTS)
    assert len([read_fault(fault) for fault in shown]) == 5


def test_the_readme_is_short() -> None:
    assert len(README.splitlines()) < 250


def test_every_exit_code_is_in_the_readme() -> None:
    for code in ("0", "1", "2", "3", "4", "129, 130, 141, 143"):
        assert f"| {code} |" in README


def test_the_picture_is_of_this_report() -> None:
    from docs.picture import PICTURE, draw

    assert PICTURE.read_text(encoding="utf-8") == draw(), "make picture writes it again"


def test_the_schemas_are_of_these_shapes() -> None:
    from mailwatch.catalog.shipped import SCHEMAS
    from mailwatch.schemas import generate

    for name, text in generate().items():
        assert (SCHEMAS / name).read_text(encoding="utf-8") == text, "make schemas writes it again"
