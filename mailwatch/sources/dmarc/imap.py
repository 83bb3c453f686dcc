"""A folder of an IMAP server: read with TLS or not at all, and left as it is or tidied afterwards.

Messages are read with BODY.PEEK, so that none becomes seen. With `move_to`, those with reports are
moved there once the run is stored, and that folder is read too: what was moved in an earlier run
still counts, and a run that ends between the two counts nothing twice, since a report counts once.
"""

import base64
import contextlib
import imaplib
import re
import ssl
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from mailwatch.config import ImapConfig
from mailwatch.errors import SecretError
from mailwatch.model import Cause, Phrase, say
from mailwatch.sources.dmarc.bounds import MESSAGE
from mailwatch.sources.dmarc.imap_wire import BATCH_BYTES, ImplicitTls, StartTls
from mailwatch.sources.job import Job
from mailwatch.text.inert import inert

BATCH_MESSAGES = 100
_LISTED = 5000
"""Messages whose sizes are asked for together."""
_TRIES = 3
"""Connections that may be lost, one after the other, without a message between them."""
_SECONDS = 30.0
"""For the next bytes."""
_SIZE = re.compile(rb"UID (\d+).*?RFC822\.SIZE (\d+)|RFC822\.SIZE (\d+).*?UID (\d+)")
_UID = re.compile(rb"UID (\d+)")
_LOST = (imaplib.IMAP4.abort, OSError, EOFError)
"""What imaplib raises when the connection is gone."""


class ImapError(Exception):
    """Why the folder cannot be read."""

    def __init__(self, cause: Cause, what: Phrase) -> None:
        super().__init__(what.code)
        self.cause = cause
        self.what = what


class ImapFolder:
    """One folder of the server, over as many connections as it takes."""

    def __init__(self, settings: ImapConfig, job: Job, folder: str, *, readonly: bool) -> None:
        """`readonly` opens it so that nothing in it can change."""
        self._settings = settings
        self._job = job
        self._folder = folder
        self._readonly = readonly
        self._connection: imaplib.IMAP4 | None = None
        self._validity: bytes | None = None
        self.missing = False
        """True once the server has said that there is no such folder."""

    def __str__(self) -> str:
        """Where it is, harmless to print."""
        return inert(f"{self._settings.host}/{self._folder}", 200)

    def messages(self) -> Iterator[tuple[int, bytes | None]]:
        """Each message with its UID; None for one that is too large to be read.

        A connection that is lost is made again, and goes on after the last message. Raises
        ImapError where that does not help.
        """
        sizes = self._carefully(self._list)
        waiting = list(_batch(sizes))
        for uid, size in sizes.items():
            if size > MESSAGE:
                yield uid, None
        for batch in waiting:
            yield from self._carefully(lambda connection, uids=batch: _fetch(connection, uids))

    def open(self) -> None:
        """The folder is open. Raises ImapError."""
        self._carefully(lambda connection: None)

    def move(self, uids: Sequence[int], target: str) -> None:
        """Moves the messages to the folder `target`, which is made if it is not there: some of
        them at least, and no more once the run's time is over."""
        if uids:
            left = self._job.remaining
            self._carefully(lambda connection: _move(connection, uids, target, left))

    def close(self) -> None:
        """Says goodbye, if there is a connection."""
        connection, self._connection = self._connection, None
        if connection is not None:
            with contextlib.suppress(imaplib.IMAP4.error, *_LOST):
                connection.logout()
            _shut(connection)

    def _carefully(self, work: Any) -> Any:
        """What `work` gives for a connection; over a new one where the last was lost."""
        host = inert(self._settings.host, 100)
        for left in reversed(range(_TRIES)):
            try:
                return work(self._connected())
            except ssl.SSLCertVerificationError:
                raise ImapError(Cause.COULD_NOT_ASK, say("dmarc.imap_tls", host=host)) from None
            except _LOST as error:
                self._drop()
                if not left or not self._job.remaining():
                    raise self._unreachable(error) from None
            except imaplib.IMAP4.error as error:
                words = inert(str(error), 200)
                what = say("dmarc.imap_refused", host=host, why=words)
                raise ImapError(Cause.COULD_NOT_ASK, what) from None
        raise AssertionError("unreachable")  # pragma: no cover

    def _unreachable(self, error: BaseException) -> ImapError:
        host = inert(self._settings.host, 100)
        if isinstance(error, ConnectionRefusedError):
            return ImapError(Cause.COULD_NOT_ASK, say("http.refused", host=host))
        return ImapError(Cause.COULD_NOT_ASK, say("http.broken", host=host))

    def _connected(self) -> imaplib.IMAP4:
        if self._connection is None:
            self._job.called(f"IMAP {self._settings}")
            self._connection = self._connect()
            try:
                self._log_in(self._connection)
                self._select(self._connection)
            except BaseException:
                self._drop()
                raise
        return self._connection

    def _drop(self) -> None:
        """Lets go of a connection that is of no more use."""
        connection, self._connection = self._connection, None
        if connection is not None:
            _shut(connection)

    def _connect(self) -> imaplib.IMAP4:
        settings = self._settings
        seconds = max(0.1, min(_SECONDS, self._job.remaining()))
        cafile = str(settings.ca) if settings.ca else None
        try:
            context = ssl.create_default_context(cafile=cafile)
        except OSError:
            what = say("dmarc.imap_ca", path=inert(str(settings.ca), 200))
            raise ImapError(Cause.COULD_NOT_ASK, what) from None
        where = settings.host, settings.port
        if settings.implicit_tls:
            return ImplicitTls(*where, ssl_context=context, timeout=seconds)
        connection = StartTls(*where, timeout=seconds)
        if "STARTTLS" not in connection.capabilities:
            _shut(connection)
            host = inert(settings.host, 100)
            raise ImapError(Cause.COULD_NOT_ASK, say("dmarc.imap_no_tls", host=host))
        try:
            connection.starttls(context)
        except BaseException:
            _shut(connection)
            raise
        return connection

    def _log_in(self, connection: imaplib.IMAP4) -> None:
        """Only ever over TLS: `_connect` gives nothing else."""
        try:
            connection.login(self._settings.user, self._settings.password.line())
        except SecretError as error:
            raise ImapError(Cause.COULD_NOT_ASK, error.why) from None
        except imaplib.IMAP4.abort:
            raise
        except (imaplib.IMAP4.error, UnicodeEncodeError):
            what = say("dmarc.imap_login", host=inert(self._settings.host, 100))
            raise ImapError(Cause.NOT_ALLOWED, what) from None

    def _select(self, connection: imaplib.IMAP4) -> None:
        status, _ = connection.select(encode_folder(self._folder), readonly=self._readonly)
        if status != "OK":
            self.missing = True
            what = say("dmarc.imap_no_folder", folder=inert(self._folder, 100))
            raise ImapError(Cause.NOT_ALLOWED, what)
        validity = (connection.response("UIDVALIDITY")[1] or [None])[0]
        if self._validity not in (None, validity):
            host = inert(self._settings.host, 100)
            raise ImapError(Cause.COULD_NOT_ASK, say("dmarc.imap_renumbered", host=host))
        self._validity = validity

    def _list(self, connection: imaplib.IMAP4) -> dict[int, int]:
        """The size of each message by its UID."""
        status, exists = connection.select(encode_folder(self._folder), readonly=self._readonly)
        total = int(exists[0] or 0) if status == "OK" else 0
        sizes: dict[int, int] = {}
        for start in range(1, total + 1, _LISTED):
            span = f"{start}:{min(total, start + _LISTED - 1)}"
            for line in connection.fetch(span, "(UID RFC822.SIZE)")[1]:
                match = _SIZE.search(line) if isinstance(line, bytes) else None
                if match:
                    uid, size = (match[1], match[2]) if match[1] else (match[4], match[3])
                    sizes[int(uid)] = int(size)
        return sizes


def _shut(connection: imaplib.IMAP4) -> None:
    """Closes the connection, whatever state it is in."""
    with contextlib.suppress(OSError, ValueError):
        connection.shutdown()


def _batch(sizes: dict[int, int]) -> Iterator[tuple[int, ...]]:
    """The messages that are small enough, some at a time."""
    batch: list[int] = []
    held = 0
    for uid in sorted(sizes):
        size = sizes[uid]
        if size > MESSAGE:
            continue
        if batch and (held + size > BATCH_BYTES or len(batch) >= BATCH_MESSAGES):
            yield tuple(batch)
            batch, held = [], 0
        batch.append(uid)
        held += size
    if batch:
        yield tuple(batch)


def _fetch(connection: imaplib.IMAP4, uids: Sequence[int]) -> list[tuple[int, bytes]]:
    wanted = ",".join(map(str, uids))
    answer = connection.uid("FETCH", wanted, "(UID BODY.PEEK[])")
    _must(answer)
    found = []
    for part in answer[1]:
        if isinstance(part, tuple):
            match = _UID.search(part[0])
            if match:
                found.append((int(match[1]), part[1]))
    return found


def _move(
    connection: imaplib.IMAP4, uids: Sequence[int], target: str, remaining: Callable[[], float]
) -> None:
    folder = encode_folder(target)
    # imaplib keeps those from before the login, which leave out most.
    able = b" ".join(filter(None, connection.capability()[1])).upper().split()
    connection.create(folder)  # refused where it is there already, which is as well
    for start in range(0, len(uids), BATCH_MESSAGES):
        if start and not remaining():
            return
        some = ",".join(map(str, uids[start : start + BATCH_MESSAGES]))
        if b"MOVE" in able:
            _must(connection.uid("MOVE", some, folder))
            continue
        _must(connection.uid("COPY", some, folder))
        _must(connection.uid("STORE", some, "+FLAGS.SILENT", r"(\Deleted)"))
        if b"UIDPLUS" in able:
            # A plain EXPUNGE would also remove what the user has marked.
            _must(connection.uid("EXPUNGE", some))


def _must(answer: tuple[str, Any]) -> None:
    if answer[0] != "OK":
        raise imaplib.IMAP4.error(str(answer[1])[:200])


def encode_folder(name: str) -> str:
    """The folder as IMAP writes it: quoted, and in modified UTF-7 (RFC 3501 §5.1.3)."""
    encoded, run = [], ""
    for char in f"{name}\0":
        if char != "\0" and not " " <= char <= "~":
            run += char
            continue
        if run:
            packed = base64.b64encode(run.encode("utf-16-be")).rstrip(b"=").replace(b"/", b",")
            encoded.append(f"&{packed.decode()}-")
            run = ""
        encoded.append("&-" if char == "&" else char)
    text = "".join(encoded).removesuffix("\0").replace("\\", "\\\\").replace('"', '\\"')
    return f'"{text}"'
