"""The messages of an IMAP mailbox, read like files, and moved away once the run is stored.

A message that is moved too early could be lost with a run that was killed, and one that is read
again counts once. What a moved message said is kept in the history: where its folder is emptied,
later runs still have it, and a day whose reports came in several runs is their sum.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta

from mailwatch.config import ImapConfig
from mailwatch.model import Fault, Phrase, say
from mailwatch.model.keepsake import KEPT_DAYS, Keepsake
from mailwatch.sources.dmarc.bounds import MESSAGE
from mailwatch.sources.dmarc.container import InputPlace, read_message
from mailwatch.sources.dmarc.contents import (
    AggregateReport,
    Item,
    PassedOver,
    Refusal,
    ReportError,
)
from mailwatch.sources.dmarc.imap import ImapError, ImapFolder
from mailwatch.sources.dmarc.kept_reports import from_body, signed_id, to_keepsake, unsigned_id
from mailwatch.sources.job import Job

MOST_KEPT = 32 * 1024 * 1024
"""Characters that one run adds to the history: the messages after them are moved in later runs."""

TIDYING = 4.0
"""Seconds for moving where a run has used up its time; what is left is moved by the next one."""


class Mailbox:
    """The folder of the reports, and the one that they are moved to."""

    def __init__(self, settings: ImapConfig, job: Job) -> None:
        self._settings = settings
        self._job = job
        self._counted: list[int] = []
        """UIDs of messages whose reports have been counted."""
        self._inbox = ImapFolder(settings, job, settings.folder, readonly=settings.move_to is None)
        self._place = f"dmarc {settings.user}@{settings.host}/{settings.folder}"
        self._known: frozenset[int] = frozenset()
        """Ids of the reports that earlier runs kept."""
        self._kept: dict[int, Keepsake] = {}
        self._size = 0

    def read(self, remaining: Callable[[], float]) -> Iterator[list[Item]]:
        """What is in each message. A fault of the server ends it, and is handed to the job."""
        target = self._settings.move_to
        if target is not None:
            self._known = self._job.kept.ids(self._place)
            moved = ImapFolder(self._settings, self._job, target, readonly=True)
            try:
                yield from self._read(moved, remaining, counted=[])
            finally:
                moved.close()
        yield from self._read(self._inbox, remaining, counted=self._counted)

    def recall(self, knows: Callable[[int], bool]) -> Iterator[Item]:
        """The reports of earlier runs whose messages were not read now, as they were moved on."""
        missing = [number for number in self._known if not knows(unsigned_id(number))]
        for body in self._job.kept.bodies(self._place, sorted(missing)) if missing else ():
            report = from_body(body)
            if report is not None:
                yield report

    def hand_over(self) -> None:
        """Leaves to the end of the run what is to be kept and moved. To be called once everything
        is measured."""
        self._inbox.close()
        if self._settings.move_to is not None and self._counted:
            self._job.afterwards.append(self._tidy)
        self._job.keepsakes += self._kept.values()

    def _tidy(self) -> Phrase | None:
        """Moves what was counted; what went wrong."""
        job = self._job
        job.deadline = max(job.deadline, job.clock.monotonic() + TIDYING)
        try:
            self._inbox.move(self._counted, self._settings.move_to or "")
        except ImapError as error:
            return say("dmarc.not_moved", why=error.what)
        finally:
            self._inbox.close()
        return None

    def _read(
        self, folder: ImapFolder, remaining: Callable[[], float], counted: list[int]
    ) -> Iterator[list[Item]]:
        try:
            for uid, message in folder.messages():
                if not remaining():
                    return
                items = self._items(folder, uid, message)
                whole = items and not any(isinstance(one, Refusal | PassedOver) for one in items)
                if self._keep(items) and whole:
                    counted.append(uid)
                yield items
        except ImapError as error:
            if not (folder.missing and folder is not self._inbox):
                self._job.take(Fault(error.cause, error.what))

    def _keep(self, items: Iterable[Item]) -> bool:
        """Keeps the reports among `items` that are new and not too old; False where there is no
        room for them."""
        if self._settings.move_to is None:
            return True
        today = self._job.now.date()
        first, last = (today - timedelta(days=KEPT_DAYS)).toordinal(), today.toordinal() + 1
        for one in items:
            if not isinstance(one, AggregateReport) or not first <= one.day <= last:
                continue
            number = signed_id(one.key)
            if number in self._known or number in self._kept:
                continue
            keepsake = to_keepsake(one, self._place)
            if self._size + len(keepsake.body) > MOST_KEPT:
                return False
            self._size += len(keepsake.body)
            self._kept[number] = keepsake
        return True

    def _items(self, folder: ImapFolder, uid: int, message: bytes | None) -> list[Item]:
        name = f"{folder} › UID {uid}"
        place = InputPlace(name, mailbox=True)
        if message is None:
            why = ReportError("dmarc.message_too_large", mb=MESSAGE // 1024 // 1024).why
            return [Refusal(name, why, name)]
        return list(read_message(message, place))
