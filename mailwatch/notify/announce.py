"""What a run sends: to each channel what is new there, and once a week a summary.

What a channel heard is remembered when it has taken it, and not before: what could not be
delivered is tried again by the next run.
"""

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import timedelta

from mailwatch.config.notify import NotifyChannel
from mailwatch.model import Lang, Report
from mailwatch.notify.deliveries import Delivery, Outbox, all_at_once
from mailwatch.notify.life import Announcement, Kind, after, changes
from mailwatch.notify.mail_message import Conversation, conversation, problem_id
from mailwatch.notify.notice import notice_of, sample_notice, week_notice
from mailwatch.notify.notice_state import KEPT, ChannelMemory, NoticeState, PastNotice
from mailwatch.notify.problem import problems

WEEK = timedelta(days=7)
MAIL_TO = "--mail-to"
"""The name of the channel that the command line adds."""
STATE = "state"


@dataclass(frozen=True, slots=True)
class Announcer:
    """What is sent, where, and what was sent before."""

    outbox: Outbox
    state: NoticeState
    lang: Lang
    mail_to: tuple[str, ...] = ()
    """Who gets each run's report."""
    quiet: bool = False
    """True leaves out the report where all is ok and nothing has ended."""
    weekly: bool = False
    """True adds a summary each week."""

    @property
    def channels(self) -> tuple[NotifyChannel, ...]:
        """All of them, with the one of the command line at the end."""
        own = self.outbox.config.channels
        if not self.mail_to:
            return own
        return (*own, NotifyChannel("mail", MAIL_TO, to=self.mail_to, level="unknown"))

    def announce(self, report: Report) -> list[Delivery]:
        """What came of each channel to which there was something to say."""
        with ExitStack() as turn:
            try:
                turn.enter_context(self.state.turn())
            except OSError as error:
                return [*self._announce(report), _not_stored(error)]
            return self._announce(report)

    def _announce(self, report: Report) -> list[Delivery]:
        rounds = [_Round(self, channel, report) for channel in self.channels]
        due = [one for one in rounds if one.is_due()]
        came = all_at_once((one.channel.name, one.send) for one in due)
        try:
            for one in rounds:
                self.state.keep(one.channel.name, one.heard)
        except OSError as error:
            came.append(_not_stored(error))
        return came

    def test(self) -> list[Delivery]:
        """What came of a test notice to each channel."""
        return all_at_once(
            (channel.name, _sender(self.outbox, channel, self.language(channel)))
            for channel in self.channels
        )

    def language(self, channel: NotifyChannel) -> Lang:
        """The channel's own, else that of the report."""
        return "ja" if (channel.lang or self.lang) == "ja" else "en"


class _Round:
    """What there is to say to one channel in this run."""

    def __init__(self, announcer: Announcer, channel: NotifyChannel, report: Report) -> None:
        self.channel = channel
        self._announcer = announcer
        self._report = report
        self._lang = announcer.language(channel)
        self._before = announcer.state.recall(channel.name)
        self._said = changes(
            problems(report, channel),
            self._before.open,
            report,
            channel,
            timedelta(hours=announcer.outbox.config.remind_hours),
        )
        self.heard = _with_verdict(self._before, report)
        """What the channel has heard so far."""

    def is_due(self) -> bool:
        """True when there is something to say."""
        return self._has_message() or self._has_summary()

    def send(self) -> None:
        """The channel has heard all of it. Raises NotDelivered."""
        outbox = self._announcer.outbox
        if self._has_message():
            notice = notice_of(self._said, self._report, self._lang)
            outbox.send(self.channel, notice, self._ids())
            self.heard = _with_changes(self.heard, self._said, self._report)
        if self._has_summary():
            outbox.send(self.channel, week_notice(self.heard, self._report, self._lang))
            self.heard = replace(self.heard, digested=self._report.generated_at.date())

    def _has_message(self) -> bool:
        if self.channel.name != MAIL_TO or self._said:
            return bool(self._said)
        fine = self._report.verdict.value == "ok" and self._report.exit_code == 0
        return not (self._announcer.quiet and fine)

    def _has_summary(self) -> bool:
        if not self._announcer.weekly:
            return False
        last = self._before.digested
        return last is None or self._report.generated_at.date() - last >= WEEK

    def _ids(self) -> Conversation | None:
        if self.channel.kind != "mail":
            return None
        sender = self._announcer.outbox.sender
        entries = {change.key: change.known for change in self._said}
        if self.channel.name == MAIL_TO:  # the report speaks of all that is open
            entries = {**self._before.open, **entries}
        new = {change.key for change in self._said if change.kind is Kind.NEW}
        ids = {key: problem_id(self._report, key, one, sender) for key, one in entries.items()}
        opening = [ids[key] for key in ids if key in new]
        return conversation(self._report, opening, [ids[k] for k in ids if k not in new], sender)


def _not_stored(error: OSError) -> Delivery:
    why = error.strerror or type(error).__name__
    return Delivery(STATE, f"what was sent could not be stored: {why}")


def _sender(outbox: Outbox, channel: NotifyChannel, lang: Lang) -> Callable[[], None]:
    return lambda: outbox.send(channel, sample_notice(lang))


def _with_verdict(memory: ChannelMemory, report: Report) -> ChannelMemory:
    today = report.generated_at.date()
    recent = {day: level for day, level in memory.verdicts.items() if today - day <= KEPT}
    return replace(memory, verdicts={**recent, today: report.verdict})


def _with_changes(memory: ChannelMemory, said: list[Announcement], report: Report) -> ChannelMemory:
    now = report.generated_at
    recent = [event for event in memory.events if now - event.at <= KEPT]
    events = [PastNotice(now, change.kind.value, change.known.title) for change in said]
    return replace(memory, open=after(memory.open, said), events=(*recent, *events))
