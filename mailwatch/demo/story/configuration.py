"""The files for watching a world: mailwatch.yaml, and the credentials and reports that it names."""

import functools
import gzip
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from mailwatch.demo.mail_log import Traffic, mail_log
from mailwatch.demo.serve import Running
from mailwatch.demo.story.mailbox_of_reports import write_mailbox
from mailwatch.demo.story.sample_message import forwarded_message, sample_message
from mailwatch.demo.story.world import World

DAYS = 7


@contextmanager
def configured(world: World, running: Running) -> Iterator[Path]:
    """A mailwatch.yaml for the world, with the credentials and two messages next to it, for as long
    as it runs."""
    with TemporaryDirectory(prefix="mailwatch-demo-") as name:
        folder = Path(name)
        (folder / "sendgrid-key").write_text(world.api_key + "\n")
        (folder / "postmaster-token.json").write_text(json.dumps(running.credentials()))
        (folder / "client.json").write_text(json.dumps(running.client_file()))
        write_mailbox(world, folder / "dmarc-reports")
        noon = datetime.combine(world.today, time(12), UTC) - timedelta(days=1)
        (folder / "message.eml").write_bytes(sample_message(noon))
        (folder / "forwarded.eml").write_bytes(forwarded_message(noon))
        _write_log(folder, world.today)
        path = folder / "mailwatch.yaml"
        path.write_text(
            f"domains:\n"
            f"  - name: {world.domain}\n"
            f"    dkim_selectors: [{', '.join(world.selectors)}]\n"
            f"    sending_ips: [{', '.join(world.sending_ips)}]\n"
            f"sendgrid:\n"
            f"  api_key: file:sendgrid-key\n"
            f"  base_url: {running.sendgrid_url}\n"
            f"  timezone: {world.timezone}\n"
            f"  subusers: all\n"
            f"  segments: [subuser, provider, category]\n"
            f"postmaster:\n"
            f"  credentials: file:postmaster-token.json\n"
            f"  endpoint: {running.postmaster_url}\n"
            f"postfix:\n"
            f"  logs: [mail.log*]\n"
            f"  timezone: {world.timezone}\n"
            f"dns:\n"
            f'  nameservers: ["{running.nameserver}"]\n'
            f"dmarc:\n"
            f"  maildir: dmarc-reports\n"
            f"message:\n"
            f"  file: message.eml\n"
        )
        yield path


def _write_log(folder: Path, today: date) -> None:
    """The log of the Postfix server that has not moved yet: seven quiet days, until yesterday,
    rotated as logrotate does it."""
    for number, packed in enumerate(_packed_days(today)):
        (folder / f"mail.log.{DAYS - number}.gz").write_bytes(packed)


@functools.cache
def _packed_days(today: date) -> tuple[bytes, ...]:
    """The log of each day, the oldest first."""
    begins = datetime.combine(today - timedelta(days=DAYS), time())
    days = (
        Traffic(begins + timedelta(days=n), 34, bounced=0.008, deferred=0.03, expired=0, seed=n)
        for n in range(DAYS)
    )
    texts = ("\n".join(mail_log(traffic)) + "\n" for traffic in days)
    return tuple(gzip.compress(text.encode(), mtime=0) for text in texts)
