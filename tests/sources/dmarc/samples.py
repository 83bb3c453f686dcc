"""Reports as reporters write them, made here: no report of anybody else is copied."""

import gzip
import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from email.message import EmailMessage
from xml.sax.saxutils import escape

NEWEST = date(2026, 11, 23)
V2 = "urn:ietf:params:xml:ns:dmarc-2.0"


@dataclass(frozen=True)
class Row:
    """One record."""

    ip: str = "192.0.2.1"
    count: str | int = 10
    dkim: str = "pass"
    spf: str = "pass"
    disposition: str = "none"
    reason: str = ""
    header_from: str = "example.com"
    signed: str = "example.com"
    selector: str = "k1"
    signature: str = "pass"
    return_path: str = "bounce.example.com"
    path_result: str = "pass"

    def xml(self) -> str:
        """As an element."""
        reason = f"<reason><type>{self.reason}</type></reason>" if self.reason else ""
        return f"""
  <record>
    <row>
      <source_ip>{self.ip}</source_ip>
      <count>{self.count}</count>
      <policy_evaluated>
        <disposition>{self.disposition}</disposition>
        <dkim>{self.dkim}</dkim><spf>{self.spf}</spf>{reason}
      </policy_evaluated>
    </row>
    <identifiers><header_from>{self.header_from}</header_from></identifiers>
    <auth_results>
      <dkim><domain>{self.signed}</domain><selector>{self.selector}</selector>
        <result>{self.signature}</result></dkim>
      <spf><domain>{self.return_path}</domain><result>{self.path_result}</result></spf>
    </auth_results>
  </record>"""


SPOOF = Row(
    ip="198.51.100.66", dkim="fail", spf="fail", signature="fail", path_result="fail",
    signed="evil.example", return_path="evil.example",
)  # fmt: skip
SENDGRID = Row(
    ip="149.72.1.1", dkim="fail", spf="fail", signed="sendgrid.net", selector="smtpapi",
    return_path="u1.wl.sendgrid.net",
)  # fmt: skip


def report(
    *rows: Row,
    org: str = "receiver.example",
    ident: str = "r1",
    domain: str = "example.com",
    day: date = NEWEST,
    p: str = "none",
    begin: str = "",
    root: str = "feedback",
    declaration: str = '<?xml version="1.0" encoding="UTF-8"?>\n',
) -> str:
    """An aggregate report."""
    start = int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp())
    return f"""{declaration}<{root}>
  <report_metadata>
    <org_name>{escape(org)}</org_name>
    <email>noreply@{escape(org)}</email>
    <report_id>{ident}</report_id>
    <date_range><begin>{begin or start}</begin><end>{start + 86399}</end></date_range>
  </report_metadata>
  <policy_published>
    <domain>{domain}</domain><adkim>r</adkim><aspf>r</aspf><p>{p}</p>
  </policy_published>{"".join(row.xml() for row in rows)}
</{root}>
"""


def gz(text: str | bytes) -> bytes:
    """As gzip."""
    return gzip.compress(text.encode() if isinstance(text, str) else text, mtime=0)


class _Member(zipfile.ZipInfo):
    """A member whose name may be empty, which zipfile itself does not expect."""

    def is_dir(self) -> bool:
        return self.filename.endswith("/")


def zipped(members: Sequence[tuple[str, str | bytes]]) -> bytes:
    """As a zip archive."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in members:
            archive.writestr(_Member(name), content, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def mail(attachment: bytes | None, name: str = "report.xml.gz", kind: str = "gzip") -> bytes:
    """A message with a report attached; None: without any."""
    message = EmailMessage()
    message["From"] = "noreply@receiver.example"
    message["To"] = "dmarc@example.com"
    message["Subject"] = "Report domain: example.com"
    message.set_content("This is an aggregate report.\n")
    if attachment is not None:
        message.add_attachment(attachment, maintype="application", subtype=kind, filename=name)
    return message.as_bytes()


def mbox(*messages: bytes) -> bytes:
    """As an mbox."""
    return b"".join(b"From noreply Mon Nov 23 00:00:00 2026\n" + m + b"\n" for m in messages)


def series(days: int, *rows: Row, **more: str) -> list[str]:
    """A report a day, up to the newest one."""
    return [
        report(*rows, day=date.fromordinal(NEWEST.toordinal() - n), ident=f"d{n}", **more)
        for n in range(days)
    ]
