"""The wheel: built from the sdist, installed alone, and run from somewhere else."""

import json
import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel built from an sdist of this checkout."""
    out = tmp_path_factory.mktemp("dist")
    subprocess.run(
        [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(out), str(ROOT)],
        check=True,
        capture_output=True,
    )
    return next(out.glob("*.whl"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The `mailwatch` command in an environment of its own: the wheel, and its dependencies."""
    home = tmp_path_factory.mktemp("environment")
    venv.create(home, with_pip=True, symlinks=True)
    python = home / "bin" / "python"
    subprocess.run(
        [python, "-m", "pip", "install", "--no-index", "--no-deps", "-q", str(wheel)],
        check=True,
        capture_output=True,
    )
    # The dependencies are those of this environment, without its own editable mailwatch: a path in
    # a .pth file is searched, but the .pth files in it are not read.
    site = subprocess.run(
        [python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"],
        check=True,
        capture_output=True,
        text=True,
    ).stdout.strip()
    (Path(site) / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return home / "bin" / "mailwatch"


def run(command: Path, *argv: str) -> "subprocess.CompletedProcess[str]":
    """The command, run from / with nothing of this checkout in sight."""
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}
    return subprocess.run(
        [command, *argv], cwd="/", capture_output=True, text=True, check=False, env=environment
    )


@pytest.mark.wheel
def test_the_wheel_carries_its_data_inside_the_package(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert "mailwatch/_shipped/thresholds.yaml" in names
    assert "mailwatch/_shipped/checks/sendgrid/bounce_rate.yaml" in names
    assert "mailwatch/py.typed" in names
    assert "mailwatch/schemas/report.json" in names
    tops = {name.split("/")[0] for name in names}
    assert len(tops) == 2
    assert "mailwatch" in tops


@pytest.mark.wheel
def test_the_installed_command_works_from_elsewhere(installed: Path) -> None:
    checks = run(installed, "checks")
    assert (checks.returncode, checks.stderr) == (0, "")
    assert "sendgrid.bounce_rate" in checks.stdout
    demo = run(installed, "demo", "--format", "json")
    assert (demo.returncode, demo.stderr) == (1, "")
    assert json.loads(demo.stdout)["verdict"] == "breach"
