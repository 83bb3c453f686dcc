"""Faults as a user asks for them, in one line each."""

import pytest

from mailwatch.demo import (
    Delay,
    Drop,
    Endless,
    Hang,
    HttpReply,
    Raw,
    Rcode,
    Rule,
    Trickle,
    Truncate,
    Truncated,
)
from mailwatch.demo.wire.fault_plan import GARBAGE, read_fault
from tests.cli.conftest import Command, empty_home, mailwatch

__all__ = ["empty_home", "mailwatch"]


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("sendgrid=delay:2.5", Rule("sendgrid", Delay(2.5))),
        ("sendgrid/v3/stats=truncate*2", Rule("sendgrid", Truncate(), "/v3/stats", times=2)),
        ("google=garbage", Rule("postmaster", HttpReply(200, GARBAGE))),
        ("google/v2=drip:0.1", Rule("postmaster", Trickle(every=0.1), "/v2")),
        ("google=endless", Rule("postmaster", Endless())),
        ("token=hang", Rule("token", Hang())),
        ("token=drop*1", Rule("token", Drop(), times=1)),
        ("dns=servfail", Rule("dns", Rcode("SERVFAIL"))),
        ("dns:example.com=nxdomain*3", Rule("dns", Rcode("NXDOMAIN"), "example.com", times=3)),
        ("dns=truncate", Rule("dns", Truncated())),
        ("dns=garbage", Rule("dns", Raw(GARBAGE))),
        ("dns=delay", Rule("dns", Delay(1.0))),
    ],
)
def test_a_line_is_a_rule(text: str, rule: Rule) -> None:
    assert read_fault(text) == rule


def test_a_status_is_a_refusal_in_the_services_own_shape() -> None:
    rule = read_fault("sendgrid=429:7*5")
    assert isinstance(rule.behaviour, HttpReply)
    assert (rule.behaviour.status, rule.times) == (429, 5)
    assert rule.behaviour.headers == (("Retry-After", "7"),)
    bodies = {
        name: str(read_fault(f"{name}=503").behaviour) for name in ("sendgrid", "google", "token")
    }
    assert '"errors"' in bodies["sendgrid"]
    assert '"code": 503' in bodies["google"]
    assert "server_error" in bodies["token"]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("sendgrid", "the form is SERVICE"),
        ("sendgrid delay=503", "the form is SERVICE"),
        ("twilio=503", "the services are sendgrid, google, token, dns"),
        ("dns/v2=servfail", "dns takes a :NAME"),
        ("google:example.com=503", "dns takes a :NAME"),
        ("google=200", "a status from 400 to 599, delay, hang"),
        ("google=servfail", "a status from 400 to 599"),
        ("dns=503", "the kinds for it are delay, hang"),
        ("google=503*0", "how many times"),
        ("google=503:soon", "a number of seconds"),
        ("google=garbage:5", "garbage takes no seconds"),
    ],
)
def test_what_is_not_a_fault_is_refused_with_what_is(text: str, problem: str) -> None:
    with pytest.raises(ValueError, match=problem.replace("[", r"\[")):
        read_fault(text)


def test_a_demo_with_faults_reports_what_it_could_not_measure(mailwatch: Command) -> None:
    # Given a SendGrid that is down, and a storm of 429 that passes
    outcome = mailwatch("demo", "--fault", "sendgrid=503", "--fault", "google=429:1*3",
                        "--format", "json", "--fail-on", "never")  # fmt: skip
    assert (outcome.state("sendgrid"), outcome.state("postmaster")) == ("failed", "ok")
    assert outcome.levels()["sendgrid.bounce_rate"] == {"unknown"}
    refused = mailwatch("demo", "--fault", "sendgrid=\x1b[31m")
    assert refused.status == 2
    assert r"--fault sendgrid=\x1b[31m: the kinds for it are" in refused.err
    assert "--fault google=delay:2" in refused.err
