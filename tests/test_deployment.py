"""The files for GitHub Actions, GitLab and Docker, as far as they can be tried without them."""

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[1]
ACTION = ROOT / ".github" / "actions" / "mailwatch" / "action.yml"


def loaded(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def test_the_action_is_composite_and_every_step_says_its_shell() -> None:
    action = loaded(ACTION)
    assert action["runs"]["using"] == "composite"
    for step in action["runs"]["steps"]:
        assert "uses" in step or step["shell"] == "bash"
    # No input is put into a script as text: it could be a command.
    assert not any("${{" in step.get("run", "") for step in action["runs"]["steps"])


def test_the_last_step_of_the_action_runs_mailwatch(tmp_path: Path) -> None:
    # Given the folder where the step before it installs mailwatch
    program = tmp_path / "mailwatch" / "bin" / "mailwatch"
    program.parent.mkdir(parents=True)
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m mailwatch "$@"\n')
    program.chmod(0o755)
    step = loaded(ACTION)["runs"]["steps"][-1]
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "RUNNER_TEMP": str(tmp_path),
        "GITHUB_ACTIONS": "true",
        "GITHUB_STEP_SUMMARY": str(tmp_path / "summary"),
        "GITHUB_OUTPUT": str(tmp_path / "output"),
        "ARGUMENTS": "demo --scenario breach --fail-on breach",
        "SARIF": "out.sarif",
    }
    # When the runner runs it, as it does, with bash that stops at an error
    command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]]
    done = subprocess.run(
        command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    # Then the step fails with the report, the annotations, the summary and the output
    assert done.returncode == 1, done.stderr
    assert "BREACH" in done.stdout
    assert "::error title=" in done.stderr
    assert (tmp_path / "output").read_text() == "verdict=breach\n"
    assert (tmp_path / "out.sarif").exists()


def test_what_the_image_copies_is_there_and_is_all_it_needs(tmp_path: Path) -> None:
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    lines = re.sub(r"\\\n\s*", "", text).splitlines()
    known = {"FROM", "WORKDIR", "COPY", "RUN", "ENV", "USER", "ENTRYPOINT", "CMD"}
    assert {line.split()[0] for line in lines if line and line[0] != "#"} <= known
    assert [line.split()[1] for line in lines if line.startswith("USER")] == ["10001"]
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    kept = {line[1:] for line in ignored if line.startswith("!")}
    # Then everything that the build of the package needs is let through
    assert kept == {"mailwatch", "checks", "thresholds.yaml", "pyproject.toml", "constraints.txt",
                    "README.md", "LICENSE"}  # fmt: skip
    assert all((ROOT / name).exists() for name in kept)


def test_the_examples_of_the_page_are_valid() -> None:
    page = (ROOT / "docs" / "ci.md").read_text(encoding="utf-8")
    examples = [yaml.safe_load(b) for b in re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)]
    workflow, gitlab, accepted = examples
    (job,) = workflow["jobs"].values()
    (step,) = [step for step in job["steps"] if "mailwatch" in step.get("uses", "")]
    assert step["with"].keys() <= loaded(ACTION)["inputs"].keys()
    assert gitlab["mail"]["artifacts"]["reports"]["junit"] == "mailwatch.xml"
    assert accepted["ignore"][0]["check"] == "dns.dmarc_policy"
