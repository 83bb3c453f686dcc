"""What each channel gets, in its own format, and that strangers' text in it does nothing."""

import json
import logging
import re
import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker

from mailwatch.catalog import shipped
from mailwatch.config.notify import KINDS, NotifyChannel, WrittenUrl
from mailwatch.config.secret import SecretRef
from mailwatch.demo import Delay, Drop, Hang, HttpReply, Redirect
from mailwatch.demo.wire.faults import HttpFault
from mailwatch.notify.chat_text import BREAK
from mailwatch.notify.deliveries import all_at_once
from mailwatch.notify.json_webhook import signature
from tests.notify.notify_peer import announcer, patient, problems_of, receiver
from tests.reports.samples import everything, fine, hostile, many, outage
from tests.reports.test_contract import controls
from tests.reports.test_hostile import strings_in

NOTICE = json.loads((shipped.SCHEMAS / "notice.json").read_text("utf-8"))
pytestmark = pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")
"""One of the services that apprise knows imports it, and with it all of them."""
STRANGE = (
    "\x1b[31m <!channel> <!here|x> @here @everyone @channel <@U123> <https://evil.example|bank> "
    "https://evil.example www.evil.example mailto:a@evil.example [bank](https://evil.example) "
    "evil.example *b* _i_ `c` \u202e\r\nBcc: all@evil.example"
)
URL_SECRET = "T0000000-B0000000-XXXXXXXXXXXX"


def secret(folder: Path, value: str, name: str = "secret") -> SecretRef:
    (folder / name).write_text(value + "\n")
    return SecretRef("file", name, folder)


def channel(kind: str, url: str, folder: Path, **more: Any) -> NotifyChannel:
    if kind == "pagerduty":
        more["routing_key"] = secret(folder, "R0uting")
    if kind == "apprise":
        url = url.replace("http://", "json://")
    where = secret(folder, url, f"{kind}-url") if kind != "pagerduty" else WrittenUrl(url)
    return NotifyChannel(kind, kind, url=where, level="unknown", **more)


@pytest.mark.parametrize(
    "make", [everything, hostile, many, outage], ids=lambda make: make.__name__
)
def test_the_webhook_s_body_is_valid_and_signed(tmp_path: Path, make: Any) -> None:
    with receiver() as heard:
        hook = channel("webhook", heard.url, tmp_path, secret=secret(tmp_path, "H00k"))
        assert problems_of(announcer(tmp_path, hook), make()) == [None]
    (request,) = heard.requests
    (document,) = heard.documents()
    validator = Draft202012Validator(NOTICE, format_checker=FormatChecker())
    assert list(validator.iter_errors(document)) == []
    seconds = int(patient().now().timestamp())
    assert request.headers["mailwatch-timestamp"] == str(seconds)
    signed = signature("H00k", seconds, request.body)
    assert request.headers["mailwatch-signature"] == f"v1={signed}"
    assert "H00k" not in str(request)
    assert document["verdict"] == make().verdict.value


def test_strangers_text_has_no_control_in_any_channel(tmp_path: Path) -> None:
    # Given every kind of channel but mail, which has tests of its own
    kinds = sorted(set(KINDS) - {"mail"})
    with receiver() as heard:
        channels = [channel(kind, heard.url, tmp_path) for kind in kinds]
        for text in (STRANGE, "[bold red]x[/]"):
            assert problems_of(announcer(tmp_path, *channels), hostile(text)) == [None] * len(kinds)
    # Then no string that a reader gets has one, and no byte could be read as one
    said = ["".join(strings_in(document)) for document in heard.documents()]
    assert not controls("".join(said)) - {BREAK}
    assert all(request.body.isascii() for request in heard.requests)
    # And square brackets stay as text
    assert sum("[bold red]x[/]" in one.replace(BREAK, "") for one in said) >= len(kinds)


def test_slack_and_its_like_are_not_set_off(tmp_path: Path) -> None:
    with receiver() as heard:
        to = channel("slack", f"{heard.url}/services/{URL_SECRET}", tmp_path)
        assert problems_of(announcer(tmp_path, to), hostile(STRANGE)) == [None]
    (document,) = heard.documents()
    text = document["text"]
    assert "evil" in text
    assert "<" not in text
    assert ">" not in text
    assert not re.search(r"@\w|://|www\.|evil\.example|\]\(|mailto:|\x1b|\u202e|\r", text)
    assert (document["parse"], document["link_names"]) == ("none", False)
    assert (document["unfurl_links"], document["unfurl_media"]) == (False, False)


def test_teams_gets_a_card(tmp_path: Path) -> None:
    with receiver() as heard:
        to = channel("teams", f"{heard.url}/workflows/x?sig={URL_SECRET}", tmp_path)
        assert problems_of(announcer(tmp_path, to), hostile(STRANGE)) == [None]
    (document,) = heard.documents()
    assert dict(heard.requests[0].query) == {"sig": URL_SECRET}
    (attachment,) = document["attachments"]
    assert attachment["contentType"] == "application/vnd.microsoft.card.adaptive"
    card = attachment["content"]
    assert (card["type"], card["version"]) == ("AdaptiveCard", "1.4")
    assert {block["type"] for block in card["body"]} == {"TextBlock"}
    text = "\n".join(block["text"] for block in card["body"])
    assert "evil" in text
    assert not re.search(r"@\w|://|www\.|evil\.example|\]\(|\x1b|\u202e|\r|<at>", text)
    assert "entities" not in json.dumps(document)
    assert len(heard.requests[0].body) < 28_000


def test_pagerduty_opens_and_closes_one_incident_a_problem(tmp_path: Path) -> None:
    with receiver() as heard:
        to = replace(channel("pagerduty", heard.url, tmp_path), level="breach")
        assert problems_of(announcer(tmp_path, to), everything()) == [None]
        opened = heard.documents()
        del heard.requests[:]
        assert problems_of(announcer(tmp_path, to), fine()) == [None]
        closed = heard.documents()
    assert {request.path for request in heard.requests} == {"/v2/enqueue"}
    assert {event["event_action"] for event in opened} == {"trigger"}
    assert {event["payload"]["severity"] for event in opened} == {"critical"}
    assert all(len(event["payload"]["summary"]) <= 1024 for event in opened)
    assert all(event["routing_key"] == "R0uting" for event in opened + closed)
    assert {event["event_action"] for event in closed} == {"resolve"}
    assert {event["dedup_key"] for event in closed} <= {event["dedup_key"] for event in opened}
    assert len({event["dedup_key"] for event in opened}) == len(opened)


def test_apprise_passes_it_on(tmp_path: Path) -> None:
    with receiver() as heard:
        to = channel("apprise", heard.url, tmp_path)
        assert problems_of(announcer(tmp_path, to), hostile(STRANGE)) == [None]
    (document,) = heard.documents()
    assert document["type"] == "failure"
    text = document["title"] + document["message"]
    assert "BREACH" in text
    assert not re.search(r"@\w|://|www\.|evil\.example|\x1b|\u202e|\r", text)


def test_what_apprise_does_not_know_is_said(tmp_path: Path) -> None:
    to = NotifyChannel("apprise", "a", url=secret(tmp_path, "unheardof://t0ken"))
    (problem,) = problems_of(announcer(tmp_path, to), everything())
    assert problem is not None
    assert "does not know" in problem, problem
    assert "t0ken" not in problem


@pytest.mark.parametrize("kind", ["webhook", "slack", "teams", "pagerduty"])
@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (HttpReply(500, "sorry"), "answered 500"),
        (HttpReply(403, URL_SECRET), "answered 403 Forbidden"),
        (Drop(), "connection"),
        (Redirect(f"https://evil.example/{URL_SECRET}"), "redirect"),
    ],
    ids=["500", "403", "closed", "redirected"],
)
def test_a_failure_is_said_without_a_secret(
    tmp_path: Path, kind: str, fault: HttpFault, said: str, caplog: pytest.LogCaptureFixture
) -> None:
    # Given a channel whose address is a secret, at a server that fails
    caplog.set_level(logging.DEBUG)
    with receiver(fault) as heard:
        address = heard.url if kind == "pagerduty" else f"{heard.url}/{URL_SECRET}"
        (problem,) = problems_of(
            announcer(tmp_path, channel(kind, address, tmp_path)), everything()
        )
        host = heard.url.removeprefix("http://")
    # Then what happened is said with the host, and the secret is nowhere
    assert problem is not None
    assert said in problem
    assert host in problem
    assert kind == "pagerduty" or URL_SECRET not in problem + caplog.text
    assert "R0uting" not in problem + caplog.text
    # And what may pass was tried again, the rest was not
    assert (len(heard.requests) > 1) == (said in ("answered 500", "connection"))


def test_a_redirect_does_not_carry_the_message_elsewhere(tmp_path: Path) -> None:
    with receiver() as other, receiver(Redirect(f"{other.url}/", 307)) as heard:
        to = channel("slack", heard.url, tmp_path)
        assert problems_of(announcer(tmp_path, to), everything()) != [None]
        assert other.requests == []


def test_a_failure_that_passes_is_tried_again(tmp_path: Path) -> None:
    busy = HttpReply(429, "", (("Retry-After", "2"),))
    with receiver(busy, HttpReply(502), Delay(0.05), times=1) as heard:
        to = channel("slack", heard.url, tmp_path)
        assert problems_of(announcer(tmp_path, to), everything()) == [None]
    assert len(heard.requests) == 3


def test_a_server_that_does_not_answer_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mailwatch.notify.posting.SECONDS", 0.3)
    with receiver(Hang()) as silent, receiver() as heard:
        to = channel("slack", silent.url, tmp_path), channel("webhook", heard.url, tmp_path)
        first, second = problems_of(announcer(tmp_path, *to), everything())
    assert "did not answer" in str(first)
    assert second is None


def test_a_program_that_does_not_come_back_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mailwatch.notify.deliveries.SECONDS", 0.1)
    monkeypatch.setattr("mailwatch.notify.deliveries.GRACE", 0.0)
    end = threading.Event()

    def wait() -> None:
        end.wait(30)

    (delivery,) = all_at_once([("slow", wait)])
    end.set()
    assert delivery.problem == "it took longer than 0.1 s"


def test_one_channel_does_not_cost_another(tmp_path: Path) -> None:
    with receiver() as heard:
        gone = NotifyChannel("slack", "gone", url=SecretRef("env", "NOT_THERE_AT_ALL"))
        here = channel("slack", heard.url, tmp_path)
        first, second = problems_of(announcer(tmp_path, gone, here), everything())
    assert second is None
    assert first is not None
    assert "NOT_THERE_AT_ALL" in first
    assert len(heard.requests) == 1


def test_an_address_that_is_not_https_is_refused_when_it_is_read(tmp_path: Path) -> None:
    to = NotifyChannel("slack", "plain", url=secret(tmp_path, "http://hooks.example/T0ken"))
    (problem,) = problems_of(announcer(tmp_path, to), everything())
    assert problem is not None
    assert "is not https" in problem
    assert "T0ken" not in problem


@pytest.mark.parametrize("kind", ["webhook", "slack", "teams", "pagerduty", "apprise"])
def test_a_test_reaches_every_channel(tmp_path: Path, kind: str) -> None:
    with receiver() as heard:
        to = channel(kind, heard.url, tmp_path, lang="ja")
        (delivery,) = announcer(tmp_path, to).test()
    assert delivery.problem is None
    assert "mailwatch" in json.dumps(heard.documents())
    assert "テスト" in json.dumps(heard.documents(), ensure_ascii=False)


def test_a_long_report_is_cut_where_the_chat_would_refuse_it(tmp_path: Path) -> None:
    with receiver() as heard:
        for kind in ("slack", "teams"):
            to = channel(kind, heard.url, tmp_path)
            assert problems_of(announcer(tmp_path, to), hostile("@x " * 3000)) == [None]
    assert all(len(request.body) < 100_000 for request in heard.requests)
