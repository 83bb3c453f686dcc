"""A message to a channel, in the channel's own way; and all channels at once."""

import re
import socket
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from mailwatch.clock import Clock
from mailwatch.config import SendGridConfig
from mailwatch.config.notify import NotifyChannel, NotifyConfig
from mailwatch.notify.apprise_services import send_with_apprise
from mailwatch.notify.json_webhook import webhook_post
from mailwatch.notify.mail_api import mail_post
from mailwatch.notify.mail_message import Conversation, letter
from mailwatch.notify.notice import Notice
from mailwatch.notify.pagerduty import pagerduty_posts, sample_posts
from mailwatch.notify.posting import (
    SECONDS,
    NotDelivered,
    Post,
    deliver_post,
    new_job,
    resolved,
    resolved_secret,
    resolved_words,
)
from mailwatch.notify.slack import slack_post
from mailwatch.notify.smtp import send_by_smtp
from mailwatch.notify.teams import teams_post

_HOST = re.compile(r"[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63})*")
GRACE = 2.0
"""Seconds after which a channel that keeps no time of its own is not waited for."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """What came of one message, or of one ping."""

    channel: str
    problem: str | None = None
    """Why it was not delivered; None when it was."""


@dataclass(frozen=True, slots=True)
class Outbox:
    """The ways that there are to send."""

    config: NotifyConfig
    sendgrid: SendGridConfig | None
    clock: Clock

    @property
    def sender(self) -> str:
        """The address that mails are from."""
        host = socket.gethostname()
        return self.config.sender or f"mailwatch@{host if _HOST.fullmatch(host) else 'localhost'}"

    def send(self, channel: NotifyChannel, notice: Notice, ids: Conversation | None = None) -> None:
        """The channel has taken the notice. Raises NotDelivered."""
        if channel.kind == "mail":
            self._mail(channel, notice, ids)
        elif channel.kind == "apprise":
            send_with_apprise(resolved_words(channel.url), notice)
        else:
            job = new_job(self.clock)
            for post in self._posts(channel, notice):
                deliver_post(post, job)

    def _posts(self, channel: NotifyChannel, notice: Notice) -> Iterator[Post]:
        url = resolved(channel.url)
        if channel.kind == "pagerduty":
            key = resolved_secret(channel.routing_key)
            yield from (pagerduty_posts if notice.report else sample_posts)(url, notice, key)
        elif channel.kind == "slack":
            yield slack_post(url, notice)
        elif channel.kind == "teams":
            yield teams_post(url, notice)
        else:
            seconds = int(self.clock.now().timestamp())
            yield webhook_post(url, notice, resolved_secret(channel.secret), seconds)

    def _mail(self, channel: NotifyChannel, notice: Notice, ids: Conversation | None) -> None:
        job = new_job(self.clock)
        mail = letter(notice, self.sender, channel.to, ids, self.clock.now())
        if self.config.via == "smtp":
            send_by_smtp(self.config.smtp, mail, job)
            return
        if self.sendgrid is None:
            raise NotDelivered("SendGrid is not configured")
        deliver_post(mail_post(self.sendgrid, mail, resolved_secret(self.sendgrid.api_key)), job)


def all_at_once(tasks: Iterable[tuple[str, Callable[[], None]]]) -> list[Delivery]:
    """What came of each task, by its channel's name, in their order. Takes as long as the slowest,
    and never longer than the time that a channel has."""
    running = [Task(name, work) for name, work in tasks]
    for task in running:
        task.start()
    return [task.outcome() for task in running]


class Task(threading.Thread):
    """One delivery, in a thread that the end of the process does not wait for."""

    def __init__(self, name: str, work: Callable[[], None]) -> None:
        super().__init__(name=f"notify-{name}", daemon=True)
        self._channel = name
        self._work = work
        self._problem: str | None = None

    def run(self) -> None:
        """Does the work."""
        try:
            self._work()
        except NotDelivered as error:
            self._problem = str(error)
        except Exception as error:  # noqa: BLE001  # one channel must not cost another, nor the report
            self._problem = f"a defect of mailwatch itself: {type(error).__name__}"

    def outcome(self) -> Delivery:
        """What came of it, once it is done or out of time."""
        self.join(SECONDS + GRACE)
        late = f"it took longer than {SECONDS:g} s" if self.is_alive() else None
        return Delivery(self._channel, late or self._problem)
