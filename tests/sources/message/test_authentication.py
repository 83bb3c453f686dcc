"""DKIM, SPF, DMARC and ARC of one message, and what the receiver said beside them."""

from typing import Any

import pytest

from mailwatch.sources.message.message_document import document_of
from tests.sources.message.message_peer import SAMPLE, examined, figures, words_of

BROKEN = SAMPLE.replace(b"what is new", b"what was new")
UNSIGNED = SAMPLE.replace(b"DKIM-Signature:", b"X-Was:")
POLICY = ("_dmarc.example.com", "TXT")
RETURN_PATH = ("em1234.example.com", "TXT")


def document(data: bytes, **more: Any) -> dict[str, Any]:
    return document_of(examined(data, **more), "en")


def test_the_document_of_the_sample() -> None:
    assert document(SAMPLE) == {
        "schema": "mailwatch.message/1",
        "dkim": [{"domain": "example.com", "selector": "m1", "result": "pass", "reason": None}],
        "spf": {"result": "pass", "domain": "em1234.example.com"},
        "dmarc": {
            "result": "pass",
            "domain": "example.com",
            "policy": "quarantine",
            "aligned": {"spf": True, "dkim": True},
        },
        "arc": {"result": "none"},
        "one_click": True,
    }


def test_an_unsigned_message() -> None:
    found = document(UNSIGNED)
    assert (found["dkim"], found["one_click"]) == ([], False)
    assert found["dmarc"]["aligned"] == {"spf": True, "dkim": False}
    assert figures(UNSIGNED)["message.dkim"].value == "missing"


@pytest.mark.parametrize(
    ("envelope", "spf", "domain"),
    [
        ({"ip": "192.0.2.10"}, "pass", "em1234.example.com"),
        ({"ip": "203.0.113.200"}, "fail", "em1234.example.com"),
        ({"mail_from": "x@example.com"}, "pass", "example.com"),
        ({"mail_from": "nobody@nowhere.example"}, "none", "nowhere.example"),
        ({"mail_from": "", "helo": "example.com"}, "pass", "example.com"),
        ({"mail_from": "<>"}, "none", "o1.em1234.example.com"),
        ({"ip": "203.0.113.200", "mail_from": "x@example.com"}, "softfail", "example.com"),
    ],
)
def test_the_envelope_that_is_given_beats_the_message(
    envelope: dict[str, str], spf: str, domain: str
) -> None:
    assert document(SAMPLE, **envelope)["spf"] == {"result": spf, "domain": domain}
    assert figures(SAMPLE, **envelope)["message.spf"].value == spf


@pytest.mark.parametrize(
    ("record", "data", "expected"),
    [
        ("v=DMARC1; p=reject", SAMPLE, ("pass", "reject", True, True)),
        ("v=DMARC1; p=reject; t=y", SAMPLE, ("pass", "quarantine", True, True)),
        ("v=DMARC1; p=reject; aspf=s", BROKEN, ("fail", "reject", False, False)),
        ("v=DMARC1; p=none", BROKEN, ("pass", "none", True, False)),
        ("v=DMARC1; p=reject; adkim=s", SAMPLE, ("pass", "reject", True, True)),
        ("v=spf1 -all", SAMPLE, ("none", None, False, True)),  # no record, no organization
        ("v=DMARC1; p=rejct", SAMPLE, ("permerror", None, True, True)),
    ],
)
def test_alignment_and_policy(
    record: str, data: bytes, expected: tuple[str, str | None, bool, bool]
) -> None:
    found = document(data, changes={POLICY: (record,)})["dmarc"]
    aligned = found["aligned"]
    assert (found["result"], found["policy"], aligned["spf"], aligned["dkim"]) == expected
    assert found["domain"] == (None if found["result"] == "none" else "example.com")


def test_a_subdomain_has_sp_and_np() -> None:
    # Given mail from a subdomain without a record of its own, which exists or not
    record = "v=DMARC1; p=reject; sp=quarantine; np=reject; t=n"
    data = SAMPLE.replace(b"<news@example.com>", b"<news@mail.example.com>")
    exists = {POLICY: (record,), ("mail.example.com", "A"): ("192.0.2.1",)}
    found = document(data, changes=exists)["dmarc"]
    assert (found["result"], found["domain"], found["policy"]) == (
        "pass",
        "example.com",
        "quarantine",
    )
    assert document(data, changes={POLICY: (record,)})["dmarc"]["policy"] == "reject"
    strict = {**exists, POLICY: (record + "; aspf=s; adkim=s",)}
    assert document(data, changes=strict)["dmarc"]["result"] == "fail"


@pytest.mark.parametrize(
    ("lost", "metric", "result"),
    [
        ("m1._domainkey.example.com", "message.dkim", ("dkim", 0)),
        ("em1234.example.com TXT", "message.spf", ("spf",)),
        ("_dmarc.example.com", "message.dmarc", ("dmarc",)),
    ],
)
def test_what_could_not_be_asked_is_not_known(
    lost: str, metric: str, result: tuple[Any, ...]
) -> None:
    found: Any = document(SAMPLE, lost=[lost])
    for key in result:
        found = found[key]
    assert found["result"] == "temperror"
    measured = figures(SAMPLE, lost=[lost])
    assert measured[metric].value is None
    assert metric in [name for fault in measured.faults for name in fault.metrics]


def test_a_doubt_about_dkim_leaves_dmarc_open() -> None:
    lost = ["m1._domainkey.example.com"]
    aligned = document(SAMPLE, lost=lost)["dmarc"]
    assert aligned["result"] == "pass"  # by SPF
    elsewhere = document(SAMPLE, lost=lost, ip="203.0.113.200")["dmarc"]
    assert elsewhere["result"] == "temperror"


def test_a_policy_that_rests_on_an_unanswered_question() -> None:
    # Given np=, which is about whether the subdomain exists
    record = {POLICY: ("v=DMARC1; p=reject; np=none",)}
    data = SAMPLE.replace(b"<news@example.com>", b"<news@mail.example.com>")
    found = document(data, changes=record, lost=["mail.example.com"])["dmarc"]
    assert (found["result"], found["policy"]) == ("pass", None)  # SPF is aligned
    elsewhere = document(data, changes=record, lost=["mail.example.com"], ip="203.0.113.9")["dmarc"]
    assert elsewhere["result"] == "temperror"


@pytest.mark.parametrize("path", [b"X-Path: <>", b"Return-Path: nobody"])
def test_without_a_return_path_spf_is_not_known(path: bytes) -> None:
    at = SAMPLE.index(b"Return-Path:")
    data = SAMPLE[:at] + path + SAMPLE[SAMPLE.index(b"\r\n", at) :]
    assert document(data)["spf"]["domain"] == "em1234.example.com"  # from the receiver's results
    silent = data.replace(b"Authentication-Results:", b"X-Results:")
    assert document(silent)["spf"] == {"result": "none", "domain": None}
    assert "--mail-from" in words_of(figures(silent)["message.spf"])


def test_without_an_address_it_is_not_known_whether_dmarc_fails() -> None:
    data = UNSIGNED[UNSIGNED.index(b"X-Was:") :]
    assert document(data)["dmarc"]["result"] == "fail"
    found = figures(data)["message.dmarc"]
    assert found.value is None
    assert "--ip" in words_of(found)


def test_what_the_receiver_said_stands_beside() -> None:
    found = figures(BROKEN)
    assert "mx.google.com said: dkim=pass header.i=@example.com" in words_of(found["message.dkim"])
    assert "mx.google.com said: spf=pass" in words_of(found["message.spf"])
    assert found["message.receiver"].value == "differs"
    assert "dkim: the receiver found pass, we find fail" in words_of(found["message.receiver"])
    silent = figures(SAMPLE.replace(b"Authentication-Results:", b"X-Results:"))
    assert "message.receiver" not in silent.metrics


def test_a_reason_is_given_for_each_signature() -> None:
    changed = SAMPLE + b"-- \r\nThe list\r\n"
    assert "footer" in document(changed)["dkim"][0]["reason"]
    assert figures(changed)["message.dkim"].value == "fail"
    assert figures(changed)["message.dkim_signature"].value == "fail"
    broken = SAMPLE.replace(b"d=example.com; s=m1", b"d=; s=m1")
    assert document(broken)["dkim"][0]["domain"] is None
    assert "message.dkim_signature" not in figures(broken).metrics
