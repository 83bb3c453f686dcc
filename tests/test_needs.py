"""docs/needs.md names each check once, and each scope that the program asks with."""

import re
from pathlib import Path

from mailwatch.catalog.catalog import read_catalog
from mailwatch.sources.sendgrid import client, health, ips, recipients, segments
from mailwatch.sources.sendgrid.audit.endpoints import SCOPES
from mailwatch.sources.sendgrid.client import Endpoint

PAGE = (Path(__file__).parents[1] / "docs" / "needs.md").read_text(encoding="utf-8")
ROWS = [line for line in PAGE.splitlines() if line.startswith("| ")]


def test_every_check_stands_in_one_row() -> None:
    firsts = " ".join(row.split("|")[1] for row in ROWS)
    named = re.findall(r"`([a-z]+\.[a-z0-9_]+)`", firsts)
    assert sorted(named) == sorted(read_catalog().checks)


def test_every_scope_of_an_endpoint_is_named() -> None:
    endpoints = [
        value
        for module in (client, health, ips, recipients, segments)
        for value in vars(module).values()
        if isinstance(value, Endpoint)
    ]
    assert len(endpoints) > 8
    for scope in {*SCOPES, *(endpoint.scope for endpoint in endpoints)} - {""}:
        assert f"`{scope}`" in PAGE, scope
