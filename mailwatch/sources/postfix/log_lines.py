r"""The lines of a log that say what became of a recipient, counted as they come.

    Nov 24 12:00:00 mx1 postfix/smtp[81]: 4FxY: to=<a@x.example>, relay=mx.x.example[192.0.2.1]:25,
        delay=1.2, delays=0.1/0/0.5/0.6, dsn=2.0.0, status=sent (250 2.0.0 Ok)
    Nov 24 12:00:00 mx1 postfix/qmgr[80]: 4FxZ: from=<s@y.example>, status=expired, returned to …

What is counted is a recipient whose mail this machine handed to another one, or tried to. A hop
within the machine is not: delivery to a mailbox or a program (local, virtual, pipe, LMTP), and a
content filter, after which the same mail comes back under a new queue id. It is known by its
loopback address, its socket, or amavisd's answer. So each recipient counts once, whichever way the
mail takes through the machine. Postfix's own notices to senders are not counted either.

Lines are found by `status=`, which one in seven has, so most of a log is only passed over.
"""

import json
import re
from datetime import date, datetime, tzinfo

from mailwatch.sources.postfix.daycounts import (
    BOUNCED,
    DEFERRED,
    DELIVERED,
    EXPIRED,
    OTHERS,
    PROCESSED,
    REFUSED_BY_POLICY,
)
from mailwatch.sources.postfix.days import LogDays
from mailwatch.sources.postfix.queue import BounceNotices, Waiting

LONGEST_LINE = 16384
LONGEST_NAME = 255
MOST_RELAYS = 20_000
"""Answers to what a relay is, kept at one time."""
MOST_DELAYS = 20_000

# A quoted local part may hold `>, relay=`: it is read as a whole (RFC 5321 §4.1.2).
_ADDRESS = rb'<((?:"(?:[^"\\\n]|\\.)*+"@)?+[^>"\n]*+)>'
_STAMP = rb"([A-Z][a-z][a-z] [ 123]\d|\d{4}-\d\d-\d\d)[ T]\d\d:\d\d:\d\d\S* \S+ "
_PROGRAM = rb"postfix[^\s/\[]*+/(?:[\w.-]+/)*+(\w++)(?:\[\d+\])?: (?:\[ID \d+ [^\]\n]+\] )?"
_DELIVERY = (
    rb"([0-9A-Za-z]+): to=" + _ADDRESS + rb", (?:orig_to=" + _ADDRESS + rb", )?"
    rb"relay=([^,\n]+), (?:conn_use=\d+, )?delay=([\d.]+), (?:delays=[\d./]+, )?"
    rb"(?:dsn=([\d.]+), )?status=(\w+)"
)
_EXPIRY = rb"([0-9A-Za-z]+): from=" + _ADDRESS + rb", status=(?:force-)?expired"
DELIVERY = re.compile(_STAMP + _PROGRAM + _DELIVERY)
EXPIRY = re.compile(_STAMP + _PROGRAM + _EXPIRY)
OUTCOME = re.compile(_STAMP + _PROGRAM + rb"[0-9A-Za-z]+: to=")
"""The beginning of a delivery, whatever follows."""
JOURNAL_DELIVERY = re.compile(rb"()" + _PROGRAM + _DELIVERY)
JOURNAL_EXPIRY = re.compile(rb"()" + _PROGRAM + _EXPIRY)
STATUS = b", status="
NOTIFICATION = b" notification: "
_NOTICE = rb"[0-9A-Za-z]+: [a-z]+ [a-z -]{1,40} notification: ([0-9A-Za-z]+)"
NOTICE = re.compile(_STAMP + _PROGRAM + _NOTICE)
JOURNAL_NOTICE = re.compile(rb"()" + _PROGRAM + _NOTICE)

_THROUGH_SMTP = frozenset({b"smtp", b"error", b"retry"})
_COULD_NOT_CONNECT = re.compile(rb"connect to ([^\s\[\]]{1,255})(\[[^\]\n]{0,120}\])")
_LOOPBACK = re.compile(rb"\[(?:127\.[\d.]+|::1|IPv6:::1|[^\]]*/[^\]]*)\]|^localhost[\[.]")
_AMAVIS = b" from MTA("
_STATUSES = {b"sent": DELIVERED, b"bounced": BOUNCED, b"expired": EXPIRED, b"deferred": DEFERRED}


class LogReader:
    """Counts the lines of several logs, one after the other."""

    def __init__(self, days: LogDays, zone: tzinfo | None, waiting: Waiting | None = None) -> None:
        self._days = days
        self._zone = zone
        self.waiting = Waiting() if waiting is None else waiting
        self._notices = BounceNotices()
        self._relays: dict[bytes, bytes | None] = {}
        self._delays: dict[bytes, float] = {}
        self.inside = 0
        """Recipients that were passed on within the machine."""
        self.notices = 0
        """Recipients of Postfix's own notices."""
        self.strange = 0
        """Lines of Postfix with a status that could not be read, or with a day that cannot be."""

    def read(self, block: bytes) -> None:
        """Counts a part of a log: whole lines."""
        self._find_notices(block)
        find, match, count = block.find, DELIVERY.match, self._count
        start = 0
        while (at := find(STATUS, start)) >= 0:
            start = max(start, block.rfind(b"\n", start, at) + 1)
            end = find(b"\n", at)
            end = len(block) if end < 0 else end
            found = match(block, start)
            if found is not None and found.end() <= end and end - start <= LONGEST_LINE:
                count(found, block, end)
            else:
                self._read_other(block[start : min(end, start + LONGEST_LINE + 1)])
            start = end

    def _find_notices(self, block: bytes) -> None:
        start = 0
        while (at := block.find(NOTIFICATION, start)) >= 0:
            start = max(start, block.rfind(b"\n", start, at) + 1)
            end = block.find(b"\n", at)
            end = len(block) if end < 0 else end
            if found := NOTICE.match(block, start):
                self._notices.add(found[3])
            elif block.startswith(b"{", start) and end - start <= LONGEST_LINE:
                self._read_entry(block[start:end])
            start = end

    def _read_other(self, line: bytes) -> None:
        """A line that is not a delivery as syslog writes it."""
        if len(line) > LONGEST_LINE:
            self.strange += 1
        elif line.startswith(b"{"):
            self._read_entry(line)
        elif expiry := EXPIRY.match(line):
            self._expire(expiry)
        elif OUTCOME.match(line):
            self.strange += 1

    def _read_entry(self, line: bytes) -> None:
        """An entry of the journal (`journalctl -o json`)."""
        try:
            entry = json.loads(line)
            seconds = int(entry["__REALTIME_TIMESTAMP"]) / 1e6
            day = datetime.fromtimestamp(seconds, self._zone).date()
            text = f"{entry['SYSLOG_IDENTIFIER']}: {entry['MESSAGE']}".encode()
        except (ValueError, TypeError, LookupError, OverflowError, OSError, RecursionError):
            self.strange += 1
            return
        if found := JOURNAL_DELIVERY.match(text):
            self._count(found, text, len(text), day)
        elif expiry := JOURNAL_EXPIRY.match(text):
            self._expire(expiry, day)
        elif notice := JOURNAL_NOTICE.match(text):
            self._notices.add(notice[3])

    def _count(
        self, found: "re.Match[bytes]", text: bytes, end: int, known: date | None = None
    ) -> None:
        stamp, service, queue_id, to, _, raw, delay, dsn, status = found.groups()
        place = _STATUSES.get(status)
        if place is None:  # an address was only verified
            return
        if queue_id in self._notices.ids:
            self.notices += place != DEFERRED
            return
        relay = self._relay(service, raw, text, found.end(), end)
        if relay is None:
            self.inside += place != DEFERRED
            return
        day = self._days.at(stamp) if known is None else self._days.on(known)
        if day is None:
            self.strange += 1
            return
        _, at, domain = to.rpartition(b"@")
        domain = domain.lower()[:LONGEST_NAME] if at else OTHERS
        rows = day.domain(domain), day.relay(relay)
        waiting = self.waiting
        if place == DEFERRED:
            new = waiting.defer(queue_id, to, domain)
        else:
            new = not waiting.end(queue_id, to)
        for row in rows:
            row[place] += 1
            row[PROCESSED] += new
        if place == DELIVERED:
            day.delays[self._seconds(delay)] += 1
        elif place == BOUNCED and dsn is not None and dsn.startswith(REFUSED_BY_POLICY):
            day.policy += 1

    def _expire(self, found: "re.Match[bytes]", known: date | None = None) -> None:
        """Counts what qmgr says of a message for all of its recipients that still wait."""
        stamp, _, queue_id = found.groups()[:3]
        if queue_id in self._notices.ids:
            return
        day = self._days.at(stamp) if known is None else self._days.on(known)
        if day is None:
            self.strange += 1
            return
        for domain in self.waiting.expire(queue_id):
            day.domain(domain)[EXPIRED] += 1

    def _relay(self, service: bytes, raw: bytes, text: bytes, at: int, end: int) -> bytes | None:
        """The name of the other machine; None where the mail stays on this one."""
        if service not in _THROUGH_SMTP:
            return None
        if raw == b"none":  # no connection: the answer says to whom
            tried = _COULD_NOT_CONNECT.search(text, at, end)
            if tried is None:
                return raw
            raw = tried[1] + tried[2]
        elif not raw.endswith(b":25") and text.find(_AMAVIS, at, end) >= 0:
            return None
        try:
            return self._relays[raw]
        except KeyError:
            pass
        name = None if _LOOPBACK.search(raw) else raw.partition(b"[")[0].lower()[:LONGEST_NAME]
        if len(self._relays) >= MOST_RELAYS:
            self._relays.clear()
        self._relays[raw] = name
        return name

    def _seconds(self, delay: bytes) -> float:
        """The delay in two significant digits, so that there are few different ones."""
        try:
            return self._delays[delay]
        except KeyError:
            pass
        try:
            seconds = float(f"{min(float(delay[:20]), 1e8):.2g}")
        except ValueError:  # dots alone
            seconds = 0.0
        if len(self._delays) >= MOST_DELAYS:
            self._delays.clear()
        self._delays[delay] = seconds
        return seconds
