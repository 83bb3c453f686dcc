"""The messages of an IMAP mailbox, read like files, and moved away once they are counted."""

from collections.abc import Callable, Iterator

from mailwatch.config import ImapConfig
from mailwatch.model import Fault, say
from mailwatch.sources.dmarc.bounds import MESSAGE
from mailwatch.sources.dmarc.container import InputPlace, read_message
from mailwatch.sources.dmarc.contents import Item, PassedOver, Refusal, ReportError
from mailwatch.sources.dmarc.imap import ImapError, ImapFolder
from mailwatch.sources.job import Job


class Mailbox:
    """The folder of the reports, and the one that they are moved to."""

    def __init__(self, settings: ImapConfig, job: Job) -> None:
        self._settings = settings
        self._job = job
        self._counted: list[int] = []
        """UIDs of messages whose reports have been counted."""
        self._inbox = ImapFolder(settings, job, settings.folder, readonly=settings.move_to is None)

    def read(self, remaining: Callable[[], float]) -> Iterator[list[Item]]:
        """What is in each message. A fault of the server ends it, and is handed to the job."""
        target = self._settings.move_to
        if target is not None:
            moved = ImapFolder(self._settings, self._job, target, readonly=True)
            try:
                yield from self._read(moved, remaining, counted=[])
            finally:
                moved.close()
        yield from self._read(self._inbox, remaining, counted=self._counted)

    def tidy(self) -> None:
        """Moves what was counted. To be called once the figures are kept: a message that is still
        there is read again, and counts once; one that was moved too early could be lost."""
        target = self._settings.move_to
        try:
            if target is not None:
                self._inbox.move(self._counted, target)
        except ImapError as error:
            self._job.take(Fault(error.cause, say("dmarc.not_moved", why=error.what)))
        finally:
            self._inbox.close()

    def _read(
        self, folder: ImapFolder, remaining: Callable[[], float], counted: list[int]
    ) -> Iterator[list[Item]]:
        try:
            for uid, message in folder.messages():
                if not remaining():
                    return
                items = self._items(folder, uid, message)
                if items and not any(isinstance(one, Refusal | PassedOver) for one in items):
                    counted.append(uid)
                yield items
        except ImapError as error:
            if not (folder.missing and folder is not self._inbox):
                self._job.take(Fault(error.cause, error.what))

    def _items(self, folder: ImapFolder, uid: int, message: bytes | None) -> list[Item]:
        name = f"{folder} › UID {uid}"
        place = InputPlace(name, mailbox=True)
        if message is None:
            why = ReportError("dmarc.message_too_large", mb=MESSAGE // 1024 // 1024).why
            return [Refusal(name, why, name)]
        return list(read_message(message, place))
