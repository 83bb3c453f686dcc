"""What `mailwatch doctor` says of the Google credentials and each domain."""

from pathlib import Path
from typing import Any

import pytest

from mailwatch.config import Config, Domain
from mailwatch.demo import Faults, HttpReply, Rule, serve
from mailwatch.model import say, verbatim
from mailwatch.sources import postmaster
from mailwatch.sources.diagnosis import Diagnosis

from .postmaster_peer import (
    COMPLIANCE,
    HEALTHY,
    STATISTICS,
    answering,
    configure,
    make_job,
    refusing,
)

DOMAINS = (Domain("example.com"), Domain("other.example"))
CREDENTIALS = say("doctor.google_credentials")
TOKEN = say("doctor.google_token")
GRANTED = Diagnosis(TOKEN, True, say("doctor.google_granted"))


def of_domain(name: str, works: bool, code: str, **values: Any) -> Diagnosis:
    """What is found of a domain."""
    return Diagnosis(say("doctor.google_domain", domain=name), works, say(code, **values))


def diagnosed(folder: Path, *rules: Rule) -> tuple[list[Diagnosis], list[str]]:
    """What is found with these faults, and the paths that were asked."""
    with serve(HEALTHY, faults=Faults(*rules)) as running:
        config = Config(domains=DOMAINS, postmaster=configure(running, folder))
        found = list(postmaster.diagnose(config, make_job()))
        return found, [request.path for request in running.requests]


def test_given_one_domain_shared_then_each_step_is_reported_in_order(tmp_path: Path) -> None:
    found, asked = diagnosed(tmp_path)
    assert found == [
        Diagnosis(CREDENTIALS, True, verbatim(f"file:{tmp_path / 'token.json'}")),
        GRANTED,
        of_domain("example.com", True, "doctor.google_shared"),
        of_domain("other.example", False, "postmaster.not_shared"),
    ]
    assert asked == [
        "/token",
        COMPLIANCE,
        f"{STATISTICS}:query",
        "/v2/domains/other.example/complianceStatus",
    ]


def test_given_a_shared_domain_without_figures_then_it_is_a_note_and_no_failure(
    tmp_path: Path,
) -> None:
    found, _ = diagnosed(tmp_path, answering({}, match=STATISTICS))
    assert (found[2].works, found[2].detail) == (None, say("doctor.google_no_data"))


def test_given_a_service_account_that_may_not_act_for_the_subject_then_that_is_said(
    tmp_path: Path,
) -> None:
    with serve(HEALTHY) as running:
        info = running.service_account()
        for subject, code in (
            (None, "postmaster.no_subject"),
            ("nobody@example.com", "postmaster.not_impersonated"),
        ):
            settings = configure(running, tmp_path, info, subject)
            config = Config(domains=DOMAINS, postmaster=settings)
            assert list(postmaster.diagnose(config, make_job()))[-1].detail.code == code


def test_given_a_dead_token_then_no_domain_is_asked(tmp_path: Path) -> None:
    found, asked = diagnosed(tmp_path, Rule("token", HttpReply(400, '{"error": "invalid_grant"}')))
    assert [found[-1].what, found[-1].works, found[-1].detail.code] == [
        TOKEN,
        False,
        "postmaster.revoked",
    ]
    assert asked == ["/token"]


@pytest.mark.parametrize(
    ("rule", "code"),
    [
        (refusing(403, reason="SERVICE_DISABLED"), "postmaster.disabled"),
        (refusing(403, reason="ACCESS_TOKEN_SCOPE_INSUFFICIENT"), "postmaster.scope"),
        (refusing(401), "postmaster.unauthorized"),
        (Rule("postmaster", HttpReply(200, "<html>")), "http.not_json"),
        (Rule("postmaster", HttpReply(200, "[" * 20_000)), "http.not_json"),
        (Rule("postmaster", HttpReply(503)), "http.server_error"),
    ],
)
def test_given_an_api_that_refuses_then_the_token_works_and_the_domains_do_not(
    tmp_path: Path, rule: Rule, code: str
) -> None:
    found, _ = diagnosed(tmp_path, rule)
    assert found[1] == GRANTED
    assert [one.works for one in found[2:]] == [False, False]
    assert {one.detail.code for one in found[2:]} == {code}


def test_given_no_credentials_then_that_is_all_that_is_reported() -> None:
    config = Config(domains=DOMAINS)
    refused = Diagnosis(CREDENTIALS, False, say("postmaster.not_named"))
    assert list(postmaster.diagnose(config, make_job())) == [refused]
