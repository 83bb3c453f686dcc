"""mailwatch policy: the record, the organizational domain, the policy, and the exit status."""

import subprocess
import sys
from typing import Any

import pytest

from mailwatch.demo import Rcode, Rule
from tests.cli.conftest import ROOT, Command, watched
from tests.cli.look_up import served, texts

MAIN = "v=DMARC1; p=reject; sp=quarantine; np=none"


@pytest.mark.parametrize(
    ("name", "records", "expected"),
    [
        # a record of its own: p, and the walk goes on
        ("example.com", {"example.com": MAIN}, ("reject", "p", "example.com", "example.com")),
        (
            "mail.example.com",
            {"mail.example.com": "v=DMARC1; p=none", "example.com": MAIN},
            ("none", "p", "mail.example.com", "example.com"),
        ),
        # inherited
        (
            "mail.example.com",
            {"example.com": MAIN},
            ("quarantine", "sp", "example.com", "example.com"),
        ),
        ("new.example.com", {"example.com": MAIN}, ("none", "np", "example.com", "example.com")),
        (
            "mail.example.com",
            {"example.com": "v=DMARC1; p=reject"},
            ("reject", "p", "example.com", "example.com"),
        ),
        # psd
        (
            "mail.example.com",
            {"mail.example.com": "v=DMARC1; p=none; psd=n", "example.com": MAIN},
            ("none", "p", "mail.example.com", "mail.example.com"),
        ),
        (
            "mail.example.com",
            {"mail.example.com": "v=DMARC1; p=none", "com": "v=DMARC1; p=reject; psd=y"},
            ("none", "p", "mail.example.com", "example.com"),
        ),
        (
            "mail.example.com",
            {"com": "v=DMARC1; p=reject; psd=y"},
            ("reject", "p", "com", "example.com"),
        ),
        (
            "example.com",
            {"example.com": "v=DMARC1; p=none; psd=y", "com": MAIN},
            ("none", "p", "example.com", "example.com"),
        ),
        # none
        ("mail.example.com", {}, (None, None, None, "mail.example.com")),
        (
            "mail.example.com",
            {"mail.example.com": ["v=DMARC1; p=reject", "v=DMARC1; p=none"]},
            (None, None, None, "mail.example.com"),
        ),
        # §4.10.1: an unsound record
        (
            "example.com",
            {"example.com": "v=DMARC1; p=rejct; rua=mailto:d@example.com"},
            ("none", "p", "example.com", "example.com"),
        ),
        (
            "example.com",
            {"example.com": "v=DMARC1; p=rejct"},
            (None, None, "example.com", "example.com"),
        ),
    ],
)
def test_the_policy_in_force(
    mailwatch: Command,
    name: str,
    records: dict[str, Any],
    expected: tuple[str | None, ...],
) -> None:
    zone = {
        **texts({f"_dmarc.{domain}": value for domain, value in records.items()}),
        ("mail.example.com", "A"): ("192.0.2.1",),
    }
    with served(mailwatch, "policy", zone) as policy:
        status, document = policy.json(name)
        outcome = policy(name)
    keys = ("effective_policy", "tag", "record_domain", "organizational_domain")
    assert tuple(document[key] for key in keys) == expected
    assert status == outcome.status == 0
    assert document["exists"] is (name != "new.example.com")
    word = expected[0]
    assert f"\n{word}  " in outcome.out if word else "there is no DMARC policy" in outcome.out
    assert f"Organizational domain: {expected[3]}" in outcome.out


@pytest.mark.parametrize(
    ("record", "policy_word", "testing"),
    [
        ("v=DMARC1; p=reject; t=y", "reject", True),
        ("v=DMARC1; p=quarantine; t=y", "quarantine", True),
        ("v=DMARC1; p=reject; t=n", "reject", False),
    ],
)
def test_testing_does_not_change_the_word(
    mailwatch: Command, record: str, policy_word: str, testing: bool
) -> None:
    with served(mailwatch, "policy", texts({"_dmarc.example.com": record})) as policy:
        _, document = policy.json("example.com")
        text = policy("example.com").out
    assert (document["effective_policy"], document["testing"]) == (policy_word, testing)
    assert document["record"] == record
    assert ("t=y (testing)" in text) is testing


def test_the_names_asked_are_given_in_order(mailwatch: Command) -> None:
    # Given a name of many labels, which has a record of its own
    name = "a.b.c.d.e.f.g.h.i.j.mail.example.com"
    with served(mailwatch, "policy", texts({f"_dmarc.{name}": MAIN})) as policy:
        _, document = policy.json(name)
        asked = [path for path in policy.asked() if path.startswith("_dmarc.")]
    # Then the walk goes on, in eight questions
    assert document["queries"] == asked
    assert len(asked) == 8
    assert (asked[0], asked[1], asked[-1]) == (
        f"_dmarc.{name}",
        "_dmarc.g.h.i.j.mail.example.com",
        "_dmarc.com",
    )


@pytest.mark.parametrize(
    ("lost", "exists"),
    [
        ("mail.example.com", None),
        ("_dmarc.mail.example.com", True),
        ("_dmarc.example.com", True),
        ("_dmarc.com", True),
    ],
)
def test_a_question_that_failed(mailwatch: Command, lost: str, exists: bool | None) -> None:
    zone = {
        **texts({"_dmarc.mail.example.com": MAIN}),
        ("mail.example.com", "A"): ("192.0.2.1",),
    }
    rule = Rule("dns", Rcode("SERVFAIL"), match=lost)
    with served(mailwatch, "policy", zone, rule) as policy:
        status, document = policy.json("mail.example.com")
        outcome = policy("mail.example.com")
    # Then it is not known, and never "missing"
    assert (status, outcome.status) == (3, 3)
    assert (document["effective_policy"], document["exists"]) == (None, exists)
    assert "there is no DMARC policy" not in outcome.out
    assert "SERVFAIL" in outcome.out


def test_records_that_are_ignored_are_named(mailwatch: Command) -> None:
    record = "v=dmarc1; p=none; x=\x1b[2J"
    with served(mailwatch, "policy", texts({"_dmarc.example.com": record})) as policy:
        text = " ".join(policy("example.com").out.split())
    assert "receivers ignore this record at _dmarc.example.com" in text
    assert "\\x1b[2J" in text


def test_strangers_text_is_inert_in_json_too(mailwatch: Command) -> None:
    record = "v=DMARC1; p=none; x=\x1b[2J\u202e"
    with served(mailwatch, "policy", texts({"_dmarc.example.com": record})) as policy:
        _, document = policy.json("example.com")
    assert document["record"].isprintable()


@pytest.mark.parametrize("name", ["com", "a..b", "https://example.com", "[192.0.2.1]"])
def test_a_slip(mailwatch: Command, name: str) -> None:
    outcome = mailwatch("policy", name)
    assert (outcome.status, outcome.out) == (2, "")
    assert "not a valid domain name" in outcome.err


def test_the_configured_servers_are_asked(mailwatch: Command) -> None:
    with watched() as (_, config):
        outcome = mailwatch("policy", "example.com", "--config", config, "--format", "json")
    assert (outcome.status, outcome.json["effective_policy"]) == (0, "quarantine")


@pytest.mark.parametrize("name", ["spf", "policy"])
def test_help_imports_no_client_library(name: str) -> None:
    script = (
        f"import sys; from mailwatch.cli import main; main([{name!r}, '--help']); "
        "print({'google', 'sendgrid', 'dns', 'yaml'} & set(sys.modules))"
    )
    run = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False, cwd=ROOT
    )
    assert "--resolver" in run.stdout
    assert run.stdout.endswith("set()\n")
    assert max(map(len, run.stdout.splitlines())) <= 80
