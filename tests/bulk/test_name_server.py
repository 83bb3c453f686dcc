"""A list on a real name server, NSD from Debian."""

import importlib.util
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from tests.cli.conftest import ROOT, Command, empty_home, mailwatch

__all__ = ["empty_home", "mailwatch"]


@pytest.fixture(scope="module")
def world() -> Iterator[ModuleType]:
    """The generated world of the benchmark."""
    path = ROOT / "bench" / "dns_world.py"
    spec = importlib.util.spec_from_file_location("dns_world", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["dns_world"] = module
    spec.loader.exec_module(module)
    yield module
    del sys.modules["dns_world"]


def test_a_list_and_single_domains_agree_on_a_real_name_server(
    world: ModuleType, mailwatch: Command
) -> None:
    if not Path(world.NSD).exists():
        pytest.skip(f"{world.NSD} is not installed")
    # Given forty generated domains on NSD
    text, names = world.zone(40)
    Path("list").write_text("\n".join(names), encoding="utf-8")
    with world.nsd(text) as port:
        options = ["--selector", "s1", "--selector", "s2", "--resolver", f"127.0.0.1:{port}"]
        # When the list is measured, and a domain by itself, which dnspython asks for
        outcome = mailwatch("dns", "--from", "list", *options)
        alone = mailwatch("dns", names[0], "--format", "json", *options).json
    found = {one["domain"]: one for one in map(json.loads, outcome.out.splitlines())}
    # Then nothing is unknown, and both agree
    assert set(found) == set(names)
    assert outcome.status == 0
    assert "unknown" not in {one["verdict"] for one in found.values()}
    values = {(one["check"], str(one["subject"])): one["value"] for one in alone["findings"]}
    listed = {
        (one["check"], str(one["subject"])): one["value"] for one in found[names[0]]["findings"]
    }
    # (a domain by itself is also measured around its records)
    assert listed
    assert listed.items() <= values.items()
    # And the number of terms and the bits of a key are values
    assert values["dns.spf_lookups", str({"domain": names[0]})] >= 2
    assert 2048 in values.values()
