"""Mail through SendGrid's own API, to a server that refuses what the real one refuses."""

import base64
import json
import re
from dataclasses import replace
from pathlib import Path

from mailwatch.config import SendGridConfig
from mailwatch.config.secret import SecretRef
from mailwatch.demo import Faults, Redirect, Rule, build, serve
from tests.notify.notify_peer import announcer, problems_of, receiver
from tests.notify.test_mail import OPS, STRANGE
from tests.reports.samples import NOON, everything, hostile


def test_through_sendgrid(tmp_path: Path) -> None:
    # Given an account whose key may send mail
    world = build("healthy", NOON.date())
    world = replace(world, scopes=world.scopes | {"mail.send"})
    (tmp_path / "key").write_text(world.api_key)
    with serve(world) as running:
        account = SendGridConfig(SecretRef("file", "key", tmp_path), running.sendgrid_url)
        # When there is something to say, then SendGrid's API takes it
        sent_by = announcer(tmp_path, OPS, via="sendgrid", sendgrid=account)
        assert problems_of(sent_by, hostile(STRANGE)) == [None]
        assert [r.path for r in running.requests].count("/v3/mail/send") == 1
        # And pictures are attachments that the HTML part shows
        (tmp_path / "notices.json").unlink()
        assert problems_of(sent_by, everything()) == [None]
        sent = json.loads(running.requests[-1].body)
        shown = re.findall(r'src="cid:([^"]+)"', sent["content"][1]["value"])
        assert shown == [one["content_id"] for one in sent["attachments"]]
        assert base64.b64decode(sent["attachments"][0]["content"]).startswith(b"\x89PNG")
        assert (
            b"References" in running.requests[-1].body or b"Message-ID" in running.requests[-1].body
        )
        # And a key that may not send is said
        running.move_to(replace(world, scopes=world.scopes - {"mail.send"}))
        (tmp_path / "notices.json").unlink()
        sent_by = announcer(tmp_path, OPS, via="sendgrid", sendgrid=account)
        (problem,) = problems_of(sent_by, everything())
    assert problem is not None
    assert "answered 403" in problem
    assert "mail.send" in problem
    assert world.api_key not in problem


def test_a_redirect_does_not_carry_the_api_key_elsewhere(tmp_path: Path) -> None:
    world = build("healthy", NOON.date())
    (tmp_path / "key").write_text(world.api_key)
    with receiver() as other:
        away = Rule("sendgrid", Redirect(f"{other.url}/v3/mail/send", 307), match="/v3/mail/send")
        with serve(world, faults=Faults(away)) as running:
            account = SendGridConfig(SecretRef("file", "key", tmp_path), running.sendgrid_url)
            sent_by = announcer(tmp_path, OPS, via="sendgrid", sendgrid=account)
            (problem,) = problems_of(sent_by, everything())
        assert other.requests == []
    assert "redirect" in str(problem)
    assert world.api_key not in str(problem)
