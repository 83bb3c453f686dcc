"""The Maildir that the reports of the story's domain arrive in: one message a day and receiver.

Where the story is one of trouble, somebody begins to send in the domain's name, and the CRM, a
source of the domain's own, loses its DKIM key.
"""

import base64
import functools
import gzip
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from mailwatch.demo.story.world import World

DAYS = 21
_RECEIVERS = (("mail.example", 6), ("inbox.example", 3), ("post.example", 1))
"""Who sends reports, and how much of the mail it gets."""
_WAVE_DAYS, _BROKEN_DAYS = 3, 6


@dataclass(frozen=True, slots=True)
class _Stream:
    """Mail of one source on one day, at a receiver that gets one part of ten."""

    ip: str
    messages: int
    passed: bool
    selector: str
    return_path: str


@dataclass(frozen=True, slots=True)
class _Reported:
    """What the reports depend on."""

    domain: str
    today: date
    abused: bool
    policy: str


def write_mailbox(world: World, folder: Path) -> None:
    """The messages are in `folder`, which is a Maildir."""
    for name in ("cur", "new", "tmp"):
        (folder / name).mkdir(parents=True)
    for name, content in _messages(
        _Reported(world.domain, world.today, world.abused, _policy(world))
    ):
        (folder / "new" / name).write_bytes(content)


@functools.cache
def _messages(story: _Reported) -> tuple[tuple[str, bytes], ...]:
    """The messages by the name of their file."""
    return tuple(
        (
            f"{day}.{receiver}",
            _message(receiver, story.domain, day, _report(story, receiver, share, age)),
        )
        for age in range(1, DAYS + 1)
        for day in (story.today - timedelta(days=age),)
        for receiver, share in _RECEIVERS
    )


def _streams(story: _Reported, age: int) -> list[_Stream]:
    """What was sent `age` days ago."""
    domain, troubled = story.domain, story.abused
    broken = troubled and age <= _BROKEN_DAYS
    streams = [
        _Stream("149.72.10.20", 1840, True, "s1", f"em1234.{domain}"),
        _Stream("149.72.10.20", 4, False, "", f"em1234.{domain}"),
        _Stream("192.0.2.25", 210, True, "office", domain),
        _Stream("192.0.2.80", 95, not broken, "crm", "bounce.crm.example"),
    ]
    if troubled and age <= _WAVE_DAYS:
        streams += [
            _Stream(f"198.51.100.{number}", 130 - 20 * age, False, "", "elsewhere.example")
            for number in (7, 8, 9)
        ]
    return streams


def _report(story: _Reported, receiver: str, share: int, age: int) -> str:
    begin = datetime.combine(story.today - timedelta(days=age), datetime.min.time(), UTC)
    start = int(begin.timestamp())
    records = "".join(_record(stream, share, story.domain) for stream in _streams(story, age))
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<feedback xmlns="urn:ietf:params:xml:ns:dmarc-2.0">
  <report_metadata>
    <org_name>{receiver}</org_name>
    <email>dmarc@{receiver}</email>
    <report_id>{start}</report_id>
    <date_range><begin>{start}</begin><end>{start + 86399}</end></date_range>
  </report_metadata>
  <policy_published>
    <domain>{story.domain}</domain>
    <p>{story.policy}</p>
  </policy_published>{records}
</feedback>
"""


def _policy(world: World) -> str:
    """The policy that the story's DNS has."""
    for value in world.zone.get((f"_dmarc.{world.domain}", "TXT"), ()):
        text = value if isinstance(value, str) else "".join(map(str, value))
        if "p=none" in text:
            return "none"
    return "quarantine"


def _record(stream: _Stream, share: int, domain: str) -> str:
    result = "pass" if stream.passed else "fail"
    aligned = stream.passed and stream.return_path.endswith(domain)
    # The CRM's own return path passes SPF, for its own domain.
    path = "fail" if stream.return_path == "elsewhere.example" or not stream.selector else "pass"
    return f"""
  <record>
    <row>
      <source_ip>{stream.ip}</source_ip>
      <count>{max(1, stream.messages * share // 10)}</count>
      <policy_evaluated>
        <disposition>none</disposition>
        <dkim>{result}</dkim>
        <spf>{"pass" if aligned else "fail"}</spf>
      </policy_evaluated>
    </row>
    <identifiers><header_from>{domain}</header_from></identifiers>
    <auth_results>
      <dkim>
        <domain>{domain}</domain><selector>{stream.selector}</selector><result>{result}</result>
      </dkim>
      <spf><domain>{stream.return_path}</domain><result>{path}</result></spf>
    </auth_results>
  </record>"""


def _message(receiver: str, domain: str, day: date, report: str) -> bytes:
    attached = base64.encodebytes(gzip.compress(report.encode(), mtime=0)).decode()
    return f"""From: dmarc@{receiver}
To: dmarc-reports@{domain}
Subject: Report domain: {domain} Submitter: {receiver}
MIME-Version: 1.0
Content-Type: application/gzip; name="{receiver}!{domain}!{day}.xml.gz"
Content-Transfer-Encoding: base64

{attached}""".encode()
