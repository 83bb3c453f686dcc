"""A zone on loopback, and the commands that look a domain up in it."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from rich.cells import cell_len

import mailwatch as package
from mailwatch.demo import Faults, Rule, Running, build, serve
from tests.cli.conftest import NOON, Command, Outcome

Zone = Mapping[tuple[str, str], Any]
SCHEMAS = Path(package.__file__).parent / "schemas"


def texts(records: Mapping[str, str | list[str]]) -> Zone:
    """A zone of TXT records, long ones in pieces of 255 octets."""
    zone: dict[tuple[str, str], Any] = {}
    for name, values in records.items():
        listed = [values] if isinstance(values, str) else values
        zone[name, "TXT"] = tuple(
            tuple(value[at : at + 255] for at in range(0, len(value), 255)) for value in listed
        )
    return zone


@dataclass(frozen=True)
class Served:
    """A zone that is served, and the command `name`, which asks its server."""

    running: Running
    mailwatch: Command
    name: str

    def __call__(self, *argv: str) -> Outcome:
        """What the command says to people, in both languages: inert, and within 80 columns."""
        japanese = self.mailwatch(*self._argv(argv), "--lang", "ja")
        outcome = self.mailwatch(*self._argv(argv), "--lang", "en")
        assert japanese.status == outcome.status
        assert re.search("[ぁ-ん]", japanese.out)
        for line in (outcome.out + japanese.out).split("\n"):
            assert line.isprintable()
            assert cell_len(line) <= 80
        assert (outcome.err, japanese.err) == ("", "")
        return outcome

    def json(self, *argv: str) -> tuple[int, Any]:
        """The exit status and the document, which is as its schema says."""
        outcome = self.mailwatch(*self._argv(argv), "--format", "json")
        assert outcome.err == ""
        schema = json.loads((SCHEMAS / f"{self.name}.json").read_text("utf-8"))
        Draft202012Validator.check_schema(schema)
        Draft202012Validator(schema).validate(outcome.json)
        assert outcome.json["schema"] == f"mailwatch.{self.name}/1"
        return outcome.status, outcome.json

    def asked(self) -> list[str]:
        """The names that were asked for, in order."""
        return [request.path for request in self.running.requests]

    def _argv(self, argv: Sequence[str]) -> tuple[str, ...]:
        servers = () if "--resolver" in argv else ("--resolver", self.running.nameserver)
        return (self.name, *argv, *servers)


@contextmanager
def served(mailwatch: Command, name: str, zone: Zone, *rules: Rule) -> Iterator[Served]:
    """The command `name` with a server of `zone`, bent by `rules`."""
    world = replace(build("healthy", NOON.date()), zone=zone)
    with serve(world, faults=Faults(*rules)) as running:
        yield Served(running, mailwatch, name)
