"""What the key may not see, what the plan does not have, and what was not answered."""

import json
from dataclasses import replace

import pytest

from mailwatch.demo import HttpReply, Rule
from mailwatch.model import Cause, State
from mailwatch.sources.sendgrid.audit.endpoints import ENDPOINTS, METRICS, SCOPES
from tests.sources.sendgrid.audit.account_peer import HEALTHY, account, audit
from tests.sources.sendgrid.sendgrid_peer import NEWEST, on

STATISTICS_ONLY = replace(HEALTHY, scopes=frozenset({"stats.read", "user.account.read"}))
PURGE = "/v3/mail_settings/bounce_purge"


def test_a_key_for_statistics_alone_gives_no_noise() -> None:
    # Given a key that reads statistics and nothing else
    audited = audit(STATISTICS_ONLY)
    # Then the run is whole, with one finding more: the key has no scope too many
    settings = [f.check.id for f in audited.report.findings if f.check.metric in METRICS]
    assert settings == ["sendgrid.api_key_scopes"]
    assert (audited.state.state, audited.state.error) == (State.OK, None)
    assert str(audited.report.verdict) == "ok"
    # And one note says which scopes would show more, and nothing was asked in vain
    assert "Some settings were not looked at" in audited.note
    assert all(scope in audited.note for scope in SCOPES)
    assert [path for _, path in audited.asked][2:] == ["/v3/scopes"]


def test_a_missing_scope_costs_its_own_settings_only() -> None:
    audited = audit(replace(HEALTHY, scopes=HEALTHY.scopes - {"whitelabel.read"}))
    assert audited.finding("domain_authentication") is None
    assert audited.finding("reverse_dns") is None
    assert audited.value("ip_access") == "restricted"
    assert audited.note.endswith("add: whitelabel.read.")
    assert audited.state.state is State.OK


def test_what_the_plan_does_not_have_is_unknown_and_the_source_is_whole() -> None:
    # Given a plan without several features, refused in both of SendGrid's ways
    world = account(not_on_plan=frozenset({"/v3/ips", "/v3/subusers"}))
    gone = on("/v3/user/settings/enforced_tls", HttpReply(404, '{"errors":[]}'))
    audited = audit(world, gone)
    # Then each is one unknown finding with its reason, and there is nothing else to tell
    unknown = {f.check.id: f.cause for f in audited.report.findings if f.cause}
    assert unknown == {
        "sendgrid.sending_ips": Cause.NOT_ALLOWED,
        "sendgrid.enforced_tls": Cause.NOT_ALLOWED,
    }
    assert "although the API key has the scope ips.read" in audited.words()
    assert "(404, /v3/user/settings/enforced_tls)" in audited.words()
    assert (audited.state.state, audited.note) == (State.OK, "")
    assert str(audited.report.verdict) == "ok"


@pytest.mark.parametrize(
    "reply",
    [
        HttpReply(500, "no"),
        HttpReply(200, "<html>"),
        HttpReply(200, "[]"),
        HttpReply(200, '{"enabled": "yes"}'),
        HttpReply(200, '{"enabled": true, "hard_bounces": "5"}'),
        HttpReply(200, "null"),
    ],
)
def test_what_is_not_answered_makes_the_source_partial(reply: HttpReply) -> None:
    audited = audit(HEALTHY, on(PURGE, reply))
    finding = audited.finding("bounce_purge")
    assert finding is not None
    assert finding.cause is Cause.COULD_NOT_ASK
    assert audited.state.state is State.PARTIAL
    assert [f.check.id for f in audited.report.findings if f.cause] == ["sendgrid.bounce_purge"]


@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=lambda endpoint: str(endpoint.path))
@pytest.mark.parametrize("body", ["{}", "[{}]", "[[1]]", '{"result": [{"ip": 5}]}'])
def test_an_answer_of_another_shape_costs_its_own_figures_only(endpoint, body: str) -> None:  # type: ignore[no-untyped-def]
    audited = audit(HEALTHY, on(endpoint.path, HttpReply(200, body)))
    lost = {f.check.id for f in audited.report.findings if f.cause}
    assert lost <= {*endpoint.metrics, "sendgrid.address_allow_list", "sendgrid.reverse_dns"}
    assert audited.value("api_key_scopes") == 0
    assert audited.value("delivered_rate") is not None


def test_a_domain_is_not_called_foreign_before_the_own_ones_are_known() -> None:
    # Given an allow list with a domain that only SendGrid's list of domains could explain
    world = account(allow_list=("other.example.net",))
    without = replace(world, scopes=world.scopes - {"whitelabel.read"})
    finding = audit(without).finding("address_allow_list")
    # Then it cannot be told whose it is; a free-mail provider still can
    assert finding is not None
    assert finding.cause is Cause.NO_DATA
    free = account(without, allow_list=("gmail.com",))
    assert audit(free).value("address_allow_list") == "free_mail"


def test_without_the_scopes_everything_is_asked_and_what_is_refused_is_noted() -> None:
    world = replace(HEALTHY, scopes=HEALTHY.scopes - {"ips.read"})
    audited = audit(world, on("/v3/scopes", HttpReply(500, "no")))
    finding = audited.finding("api_key_scopes")
    assert finding is not None
    assert finding.cause is Cause.COULD_NOT_ASK
    assert audited.value("ip_access") == "restricted"
    assert audited.finding("sending_ips") is None
    assert audited.note.endswith("add: ips.read.")


def test_a_refused_address_is_one_problem() -> None:
    message = "Your IP address is not whitelisted. See http://send.gd/1PemvHz"
    refused = HttpReply(403, json.dumps({"errors": [{"message": message}]}))
    audited = audit(HEALTHY, on("/v3/scopes", refused))
    assert audited.state.state is State.PARTIAL
    assert len(audited.asked) == 3
    assert audited.value("delivered_rate") is not None


def test_a_wrong_key_adds_nothing_about_settings() -> None:
    wrong = Rule("sendgrid", HttpReply(401, '{"errors":[]}'))
    audited = audit(HEALTHY, wrong)
    assert not [f for f in audited.report.findings if f.check.metric in METRICS]


def test_a_past_day_has_no_settings() -> None:
    audited = audit(as_of=NEWEST)
    assert not [f for f in audited.report.findings if f.check.metric in METRICS]
    assert "Settings are of this moment" in audited.note
    assert len(audited.asked) == 1


def test_the_audit_can_be_switched_off() -> None:
    audited = audit(given={"audit": False})
    assert len(audited.asked) == 2
    assert audited.note == ""
