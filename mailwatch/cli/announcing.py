"""What a run sends besides its report on stdout: mails, notices, and the heartbeat."""

import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from mailwatch.cli.at_work import work_shown
from mailwatch.cli.options import ReportOptions
from mailwatch.cli.output import ClosedPipe, choose_language, say_aside
from mailwatch.clock import Clock
from mailwatch.config import Config, load_config
from mailwatch.config.notify import NotifyConfig, SmtpServer, parse_mailbox, parse_smtp
from mailwatch.errors import ConfigError
from mailwatch.model import Report
from mailwatch.notify.announce import Announcer
from mailwatch.notify.deliveries import Delivery, Outbox, Task
from mailwatch.notify.heartbeat import begin_ping, ping
from mailwatch.notify.notice_state import NothingHeard, NoticeFile, notice_file
from mailwatch.reports.glue import unglue
from mailwatch.reports.headline import tally, verdict
from mailwatch.text.inert import inert

UNTRUSTED = "the configuration was only found here; name it with --config or MAILWATCH_CONFIG"


@dataclass
class Notices:
    """The notices of one run."""

    announcer: Announcer
    well: bool = True
    """Whether all that was sent so far arrived."""
    _begun: Task | None = None

    def start(self) -> None:
        """Calls the heartbeat's start. The sources do not wait for it."""
        config = self.announcer.outbox.config
        if config.ping_url is not None:
            self._begun = begin_ping(config.ping_url, "start", "", self.announcer.outbox.clock)

    def send(self, report: Report) -> bool:
        """Tells every channel what is new there; True when all was delivered."""
        state = self.announcer.state
        with work_shown("Sending notices …"):
            try:
                came = self.announcer.announce(report)
            except Exception as error:  # noqa: BLE001  # it must not cost the report
                kind = type(error).__name__
                came = [Delivery("notices", f"a defect of mailwatch itself: {kind}")]
        if isinstance(state, NoticeFile) and state.damage:
            came.append(Delivery("state", f"{state.damage}; every problem is announced anew"))
        return self._note(came)

    def end(self, report: Report | None) -> None:
        """Calls the heartbeat: the run ended well, or (without a report) not."""
        if self._begun is not None:
            self._note([self._begun.outcome()])
            self._begun = None
        well = report is not None and report.exit_code in (0, 1) and self.well
        body = "" if report is None else f"{verdict(report, 'en')}: {tally(report, 'en')}\n"
        self._ping("" if well else "fail", unglue(body))

    def _ping(self, what: str, body: str) -> None:
        address = self.announcer.outbox.config.ping_url
        if address is not None:
            self._note([ping(address, what, body, self.announcer.outbox.clock)])

    def _note(self, came: list[Delivery]) -> bool:
        failed = [one for one in came if one.problem is not None]
        say_aside(*(f"mailwatch: notify: {one.channel}: {one.problem}" for one in failed))
        self.well = self.well and not failed
        return not failed


def with_notices(
    config: Config,
    options: ReportOptions,
    clock: Clock,
    measure: Callable[[], Report],
    deliver: Callable[[Report], int],
) -> int:
    """Measures and delivers, with the notices that are configured; the exit status.

    What could not be sent is exit 3 where nothing else decides the status. Raises ConfigError.
    """
    notices = read_notices(config, options, clock)
    notices.start()
    report: Report | None = None
    try:
        report = measure()
        notices.send(report)
        status = deliver(report)
    except ClosedPipe:
        notices.end(report)
        raise
    except BaseException:
        notices.end(None)
        raise
    notices.end(report)
    return 3 if status == 0 and not notices.well and options.fail_on != "never" else status


def read_notices(config: Config, options: ReportOptions, clock: Clock) -> Notices:
    """What is to be sent, and where. Raises ConfigError."""
    past = options.as_of is not None  # nobody is to be alarmed by a report of the past
    written = config.notify or NotifyConfig()
    given = _with_options(written if written.trusted else NotifyConfig(), options)
    settings = replace(given, channels=(), ping_url=None) if past else given
    announcer = Announcer(
        outbox=Outbox(settings, config.sendgrid, clock),
        state=NothingHeard() if past else NoticeFile(_place(config, options)),
        lang=choose_language(options.lang, os.environ, None),
        mail_to=tuple(dict.fromkeys(map(_mailbox, options.mail_to or ()))),
        quiet=options.quiet_ok,
        weekly="weekly" in (options.digest, settings.digest) and not past,
    )
    _refuse_impossible_mail(announcer)
    if not written.trusted:
        say_aside(f"mailwatch: notify: nothing is sent: {UNTRUSTED}")
    return Notices(announcer, well=written.trusted)


def _place(config: Config, options: ReportOptions) -> Path:
    """Where the notices of this configuration are kept."""
    path = load_config(options.config).path
    return notice_file(os.environ, path, (domain.name for domain in config.domains))


def _with_options(settings: NotifyConfig, options: ReportOptions) -> NotifyConfig:
    if options.mail_sender is not None:
        settings = replace(settings, sender=_mailbox(options.mail_sender))
    if options.mail_via == "sendgrid":
        return replace(settings, via="sendgrid")
    if options.mail_via is not None:
        try:
            server: SmtpServer = parse_smtp(options.mail_via)
        except ValueError as error:
            raise ConfigError(
                f"--mail-via {inert(options.mail_via, 80)}: {error}",
                "Write sendgrid, or the HOST:PORT of a server on this machine. A server elsewhere "
                "needs TLS: name it under notify: smtp: in mailwatch.yaml.",
            ) from None
        return replace(settings, via="smtp", smtp=server)
    return settings


def _mailbox(written: str) -> str:
    try:
        return parse_mailbox(written)
    except ValueError as error:
        raise ConfigError(
            f"{inert(written, 80)} {error}", "Write the bare address, without a name."
        ) from None


def _refuse_impossible_mail(announcer: Announcer) -> None:
    outbox = announcer.outbox
    if outbox.config.via != "sendgrid" or "mail" not in {c.kind for c in announcer.channels}:
        return
    if outbox.sendgrid is None:
        raise ConfigError(
            "Mail goes through SendGrid, and SendGrid is not configured",
            "Set SENDGRID_API_KEY, or send by SMTP.",
        )
    if outbox.config.sender is None:
        raise ConfigError(
            "Mail through SendGrid needs a sender that is verified there",
            "Name it with --mail-sender, or as from: under notify: in mailwatch.yaml.",
        )
