"""The documents do not rot: every command they show runs, every link and picture is there."""

import re
import shlex
import shutil
import subprocess
from contextlib import chdir
from pathlib import Path
from tempfile import mkdtemp

import pytest

from mailwatch.catalog.catalog import read_catalog
from mailwatch.clock import Clock
from mailwatch.config import load_config
from mailwatch.sources.dns import metrics as dns_metrics
from tests.cli.conftest import Command, empty_home, mailwatch, watched

__all__ = ["empty_home", "mailwatch"]

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
DNS = (ROOT / "docs" / "dns.md").read_text(encoding="utf-8")
DNS_LOOKUP = (ROOT / "docs" / "dns-lookup.md").read_text(encoding="utf-8")
POSTMASTER = (ROOT / "docs" / "postmaster.md").read_text(encoding="utf-8")
DEMO_FAULTS = (ROOT / "docs" / "demo-faults.md").read_text(encoding="utf-8")
SENDGRID = (ROOT / "docs" / "sendgrid.md").read_text(encoding="utf-8")
OWN_CHECKS = (ROOT / "docs" / "own-checks.md").read_text(encoding="utf-8")
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")


def blocks(text: str, *languages: str) -> list[str]:
    """The fenced blocks in one of these languages."""
    found = re.findall(r"^ *```(\w*)\n(.*?)^ *```", text, re.MULTILINE | re.DOTALL)
    return [body for language, body in found if language in languages]


def commands(text: str) -> list[str]:
    """Every command line the document shows, in blocks and inline."""
    lines = [line.strip() for block in blocks(text, "sh") for line in block.split("\n")]
    lines = [line for line in lines if not line.startswith("#")]
    inline = [" ".join(code.split()) for code in re.findall(r"`((?:mailwatch|make) [^`]+)`", text)]
    cron = re.findall(r"\.venv/bin/(mailwatch .*)$", text, re.MULTILINE)
    return list(dict.fromkeys(filter(None, [*lines, *inline, *cron])))


UNTIL_CTRL_C = ("mailwatch demo --serve", "mailwatch login google")
"""They wait for a person; the tests of these commands run them."""
NOT_RUN = (
    "python3 -m venv .venv",
    ".venv/bin/pip install .",
    "source .venv/bin/activate",
    "pipx install .",
    "mailwatch demo --serve",
    "ssh -L 8765:127.0.0.1:8765 HOST",
    ".venv/bin/pip install '.[serve]'",
    "mailwatch serve",
    "mailwatch serve --config /etc/mailwatch/mailwatch.yaml",
)
"""Run by the packaging test, with what they install, or of the shell and another program; or they
end with Ctrl-C only, and the tests of the small commands run them as processes."""
OWN_TEST = {
    "dmarc-reports.md": "tests/sources/dmarc/test_page.py",
    "dns-bulk.md": "tests/cli/test_domain_list_docs.py",
    "message.md": "tests/cli/test_message_page.py",
    "notify.md": "tests/notify/test_pages.py",
    "cron.md": "tests/notify/test_pages.py",
}
"""Pages whose commands another test runs."""
NAMED_FILE = re.compile(r"# ([\w./-]+\.(?:ya?ml|csv|txt|json|log))\n")
"""The first line of a block that is a file: its path."""
PAGES = ["README.md", *sorted(f"docs/{path.name}" for path in (ROOT / "docs").glob("*.md"))]


def write_named_files(text: str) -> None:
    """The files that the document shows, in the folder we are in."""
    for block, name in zip(
        blocks(text, "csv"), re.findall(r"(?:import|backtest) (\S+\.csv)", text), strict=False
    ):
        Path(name).write_text(block, encoding="utf-8")
    for block in blocks(text, "yaml", "csv", "text", "json"):
        if (match := NAMED_FILE.match(block)) and not Path(match[1]).is_absolute():
            path = Path(match[1])
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(block, encoding="utf-8")


@pytest.mark.parametrize("page", [page for page in PAGES if Path(page).name not in OWN_TEST])
def test_every_command_in_the_documents_runs(
    mailwatch: Command, page: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given the files that the page shows, and a world
    text = (ROOT / page).read_text(encoding="utf-8")
    write_named_files(text)
    with watched() as (running, config):
        monkeypatch.setenv("MAILWATCH_CONFIG", config)
        monkeypatch.setenv("SENDGRID_API_KEY", running.world.api_key)
        token = Path(config).with_name("postmaster-token.json")
        monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(token))
        # When its commands are run one after the other
        for line in commands(text):
            if "--checks" in line:
                write_own_check(Path(config).parent)
            run_as_shown(mailwatch, line)
            Path(config).with_name("thresholds.yaml").unlink(missing_ok=True)


def run_as_shown(mailwatch: Command, line: str) -> None:
    """Then each ends with the status that the page says (`# exit status 1`), else with 0."""
    shown, _, comment = line.partition(" # ")
    if shown.strip() in NOT_RUN or shown.startswith(UNTIL_CTRL_C):
        return
    expected = re.search(r"exit status (\d+)", comment)
    program, *argv = shlex.split(shown)
    if program == "make":
        if shutil.which("make") is not None:
            target = [word for word in argv if "=" not in word]
            subprocess.run(["make", "-n", *target], cwd=ROOT, check=True, capture_output=True)
        return
    assert program in ("mailwatch", ".venv/bin/mailwatch"), line
    argv = ["healthy" if word == "NAME" else word for word in argv]
    # The doctor compares the clock with the servers', which is the real one.
    folder = Path(mkdtemp(dir=".")) if "init" in argv else Path()  # it never overwrites
    with chdir(folder):
        outcome = mailwatch(*argv, clock=Clock() if argv == ["doctor"] else None)
    # The story called breach has one.
    status = int(expected[1]) if expected else int("breach" in argv)
    assert outcome.status == status, f"{line}: {outcome.err}"
    assert expected or outcome.err == "", f"{line}: {outcome.err}"


def test_what_the_commands_print_is_as_shown(mailwatch: Command) -> None:
    with watched() as (_, config):
        for block in blocks(DNS_LOOKUP, "console"):
            line, _, shown = block.partition("\n")
            outcome = mailwatch(*shlex.split(line.removeprefix("$ mailwatch ")), "--config", config)
            assert outcome.out == shown


def write_own_check(folder: Path) -> None:
    """The check of the page in the folder that it names, and its line of numbers."""
    yaml = next(b for b in blocks(OWN_CHECKS, "yaml") if "my-checks/" in b)
    path = Path(yaml.split("\n")[0].removeprefix("# "))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(yaml)
    line = re.search(r"`(sendgrid\.bounce_goal: \{.*?\})`", OWN_CHECKS)
    assert line is not None
    (folder / "thresholds.yaml").write_text(line[1] + "\n")


def test_a_check_of_one_s_own_judges(mailwatch: Command, empty_home: Path) -> None:
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


def test_the_configurations_of_the_page_on_sendgrid_are_taken(empty_home: Path) -> None:
    shown = [b for b in blocks(SENDGRID, "yaml") if b.startswith("sendgrid:")]
    assert len(shown) == 4
    for text in shown:
        Path("mine.yaml").write_text(text)
        settings = load_config(Path("mine.yaml")).config.sendgrid
        assert settings is not None
    assert "Rakuten" in SENDGRID


@pytest.mark.parametrize("document", [*PAGES, "CONTRIBUTING.md", "checks/README.md"])
def test_every_local_link_leads_somewhere(document: str) -> None:
    path = ROOT / document
    for target in re.findall(r"\]\(([^)#]+)\)", path.read_text(encoding="utf-8")):
        if not target.startswith("http"):
            assert (path.parent / target).exists(), target


def test_the_page_on_dns_is_whole_and_its_configuration_is_taken(
    empty_home: Path,
) -> None:
    assert set(re.findall(r"dns\.[a-z0-9_]+", DNS)) >= {*dns_metrics.ALWAYS, *dns_metrics.AROUND}
    Path("mine.yaml").write_text(blocks(DNS, "yaml")[0])
    first, _ = load_config(Path("mine.yaml")).config.domains
    assert first.sending_ips == ("192.0.2.10",)


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
