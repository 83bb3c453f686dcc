"""The files for watching a world: mailwatch.yaml, and the credentials and reports that it names."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from mailwatch.demo.serve import Running
from mailwatch.demo.story.mailbox_of_reports import write_mailbox
from mailwatch.demo.story.sample_message import forwarded_message, sample_message
from mailwatch.demo.story.world import World


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
            f"dns:\n"
            f'  nameservers: ["{running.nameserver}"]\n'
            f"dmarc:\n"
            f"  maildir: dmarc-reports\n"
        )
        yield path
