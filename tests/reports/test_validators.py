"""The formats as programs and schemas of others judge them."""

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from lxml import etree

from mailwatch.reports import FORMATS, View
from tests.reports.samples import CASES

VALIDATORS = Path(sys.prefix) / "validators"
SARIF = VALIDATORS / "sarif-2.1.0-rtm.5.json"
JUNIT = VALIDATORS / "junit-10.xsd"


def text_of(name: str, case: str) -> str:
    return "".join(FORMATS[name].render(CASES[case](), View()))


@pytest.mark.skipif(not SARIF.exists(), reason="the SARIF schema is not here: make validators")
def test_sarif_is_as_the_published_schema_says() -> None:
    schema: dict[str, Any] = json.loads(SARIF.read_text(encoding="utf-8"))
    validator = jsonschema.validators.validator_for(schema)(schema)
    for case in CASES:
        validator.validate(json.loads(text_of("sarif", case)))
    broken = json.loads(text_of("sarif", "everything"))
    broken["runs"][0]["results"][0]["level"] = "fatal"
    assert not validator.is_valid(broken)


@pytest.mark.skipif(not JUNIT.exists(), reason="the JUnit schema is not here: make validators")
def test_junit_is_as_jenkins_schema_says() -> None:
    schema = etree.XMLSchema(etree.parse(JUNIT))
    for case in CASES:
        schema.assertValid(etree.fromstring(text_of("junit", case).encode()))
    assert not schema.validate(etree.fromstring("<testsuites><testsuite/></testsuites>"))


@pytest.mark.skipif(shutil.which("promtool") is None, reason="promtool is not installed here")
def test_prometheus_is_as_promtool_wants_it() -> None:
    for case in CASES:
        checked = subprocess.run(
            ["promtool", "check", "metrics"],
            input=text_of("prometheus", case),
            capture_output=True,
            text=True,
            check=False,
        )
        assert (checked.returncode, checked.stderr) == (0, ""), case
