"""IMAP, against Dovecot: TLS or nothing, messages left as they are or moved, broken connections."""

import socket
import threading
from collections.abc import Iterator
from dataclasses import replace

import pytest

from mailwatch.sources.dmarc.imap import encode_folder
from tests.cli.conftest import Command, Outcome
from tests.sources.dmarc.conftest import counts, finding, state
from tests.sources.dmarc.dovecot import PASSWORD, Dovecot, breaking_wire, running_dovecot
from tests.sources.dmarc.samples import Row, gz, mail, mbox, report


@pytest.fixture(scope="module")
def dovecot() -> Iterator[Dovecot]:
    with running_dovecot() as server:
        yield server


@pytest.fixture(autouse=True)
def _password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAILWATCH_IMAP_PASSWORD", PASSWORD)


def read(mailwatch: Command, url: str, server: Dovecot, *options: str) -> Outcome:
    return mailwatch("dmarc", "--imap", url, "--imap-ca", server.ca, "--format", "json", *options)


def reports(number: int, padding: int = 0) -> list[bytes]:
    return [mail(gz(report(Row(count=10), ident=f"r{n}")) + b"\0" * padding) for n in range(number)]


def test_a_folder_is_read_and_left_as_it_is(mailwatch: Command, dovecot: Dovecot) -> None:
    """Given reports, a duplicate, a newsletter and a broken report, by STARTTLS and by TLS."""
    broken = mail(gz(report(Row()))[:-9])
    folder = dovecot.fill(mbox(*reports(3), reports(1)[0], mail(None), broken))
    tls = dovecot.url(folder, dovecot.implicit).replace("imap:", "imaps:")
    for url in (dovecot.url(folder), tls):
        outcome = read(mailwatch, url, dovecot)
        assert counts(outcome) == {
            "reports": 3, "duplicates": 1, "messages": 30, "dmarc_pass": 30, "failed": 1
        }  # fmt: skip
        assert state(outcome)["note"] == "1 message without a report passed over."
        assert f"{folder} › UID 6 › attachment" in state(outcome)["error"]
        assert PASSWORD not in outcome.out
    assert dovecot.messages(folder) == 6
    assert b"Status: R" not in dovecot.path(folder).read_bytes()


def test_what_was_counted_is_moved_and_counts_once(mailwatch: Command, dovecot: Dovecot) -> None:
    """Given a run that moves, the next one has the same figures; new ones are added to them."""
    broken = mail(gz(report(Row()))[:-9])
    folder = dovecot.fill(mbox(*reports(4), broken))
    options = ("--move-to", "Processed & done")
    first = read(mailwatch, dovecot.url(folder), dovecot, *options)
    assert (dovecot.messages(folder), dovecot.messages("Processed &- done")) == (1, 4)
    second = read(mailwatch, dovecot.url(folder), dovecot, *options)
    assert counts(first) == counts(second)
    assert counts(second)["messages"] == 40
    later = mail(gz(report(Row(count=5), ident="later")))
    dovecot.deliver(folder, mbox(later, reports(1)[0]))
    third = read(mailwatch, dovecot.url(folder), dovecot, *options)
    assert counts(third)["messages"] == 45
    assert counts(third)["duplicates"] == 1
    assert dovecot.messages(folder) == 1, "the broken one stays where somebody sees it"


def test_a_connection_that_breaks_in_the_middle(mailwatch: Command, dovecot: Dovecot) -> None:
    """Given a wire that breaks twice while messages come, nothing is lost or counted twice."""
    folder = dovecot.fill(mbox(*reports(300, padding=1500)))
    with breaking_wire(dovecot.starttls, after=250_000, times=2) as port:
        outcome = read(mailwatch, dovecot.url(folder, port), dovecot)
    assert counts(outcome) == {
        "reports": 300, "duplicates": 0, "messages": 3000, "dmarc_pass": 3000, "failed": 0
    }  # fmt: skip
    assert state(outcome)["state"] == "ok"


def test_a_connection_that_never_holds(mailwatch: Command, dovecot: Dovecot) -> None:
    """What was read before is measured, and that the rest is missing is said."""
    folder = dovecot.fill(mbox(*reports(300, padding=1500)))
    with breaking_wire(dovecot.starttls, after=400_000, times=50) as port:
        outcome = read(mailwatch, dovecot.url(folder, port), dovecot)
    assert 0 < counts(outcome)["reports"] <= 300
    if counts(outcome)["reports"] < 300:
        assert (state(outcome)["state"], outcome.status) == ("partial", 0)


def test_ten_thousand_messages(mailwatch: Command, dovecot: Dovecot) -> None:
    some = [replace(Row(), count=n) for n in range(1, 5)]
    different = [mail(gz(report(row, ident=str(row.count)))) for row in some]
    folder = dovecot.fill(mbox(*different) * 2500)
    outcome = read(mailwatch, dovecot.url(folder), dovecot)
    assert counts(outcome) == {
        "reports": 4, "duplicates": 9996, "messages": 10, "dmarc_pass": 10, "failed": 0
    }  # fmt: skip


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"ca": ""}, "certificate of 127.0.0.1 is not trusted"),
        ({"password": "env:NOT_THERE"}, "The variable NOT_THERE is not set"),
        ({"user": "\u00fc"}, "does not accept the user name and password"),
        ({"folder": "Nowhere"}, "folder Nowhere cannot be opened"),
        ({"port": "1"}, "refused the connection"),
        ({"ca": "missing.pem"}, "missing.pem is not a file of certificates"),
    ],
)
def test_what_goes_wrong_is_said(
    mailwatch: Command, dovecot: Dovecot, change: dict[str, str], said: str
) -> None:
    folder = dovecot.fill(mbox(*reports(1)))
    url = dovecot.url(change.get("folder", folder), int(change.get("port", dovecot.starttls)))
    argv = ["dmarc", "--imap", url.replace("dmarc%40", change.get("user", "dmarc%40"))]
    ca = change.get("ca", dovecot.ca)
    argv += ["--imap-ca", ca] if ca else []
    argv += ["--imap-password", change.get("password", "env:MAILWATCH_IMAP_PASSWORD")]
    outcome = mailwatch(*argv, "--format", "json")
    assert said in state(outcome)["error"]
    assert (outcome.status, state(outcome)["state"]) == (3, "failed")


def test_no_password_goes_to_a_server_without_tls(mailwatch: Command) -> None:
    """Given a server that offers no STARTTLS, nothing but the question what it can do is sent."""
    heard: list[bytes] = []
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        connection, _ = listener.accept()
        with connection:
            connection.sendall(b"* OK ready\r\n")
            while data := connection.recv(1000):
                heard.append(data)
                tag = data.split()[0]
                connection.sendall(b"* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\n" + tag + b" OK done\r\n")

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    url = f"imap://dmarc@127.0.0.1:{listener.getsockname()[1]}/INBOX"
    outcome = mailwatch("dmarc", "--imap", url, "--format", "json")
    thread.join(10)
    listener.close()
    assert "does not offer STARTTLS" in state(outcome)["error"]
    assert PASSWORD.encode() not in b"".join(heard)


@pytest.mark.parametrize(
    "url",
    [
        "imaps://u:secret@h/INBOX", "https://u@h/", "imap://h/INBOX", "imaps://u@/x",
        "imaps://u@h:x/", "imaps://u@h/a?b", "imaps://u@h/%1b",
    ],
)  # fmt: skip
def test_addresses_that_are_refused(mailwatch: Command, url: str) -> None:
    outcome = mailwatch("dmarc", "--imap", url)
    assert outcome.status == 2
    assert "--imap:" in outcome.err
    assert "secret" not in outcome.err


def test_a_file_that_was_only_found_names_no_server(mailwatch: Command, empty_home: object) -> None:
    with open("mailwatch.yaml", "w") as file:  # noqa: PTH123
        file.write("dmarc: {imap: {url: 'imaps://u@mail.example.com/INBOX'}}\n")
    outcome = mailwatch("dmarc")
    assert outcome.status == 2
    assert "name it with --config" in outcome.err


def test_the_configured_folder_is_in_the_doctor(
    mailwatch: Command, dovecot: Dovecot, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = dovecot.fill(mbox(*reports(1)))
    text = f"dmarc: {{imap: {{url: '{dovecot.url(folder)}', ca: '{dovecot.ca}'}}}}\n"
    with open("mine.yaml", "w") as file:  # noqa: PTH123
        file.write(text)
    outcome = mailwatch("dmarc", "--config", "mine.yaml", "--format", "json")
    assert finding(outcome, "dmarc.pass_rate")["denominator"] == 10
    said = mailwatch("doctor", "--config", "mine.yaml", "--resolver", "127.0.0.1:1").out
    assert "It can be read." in said


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("INBOX", '"INBOX"'),
        ('a"b\\', '"a\\"b\\\\"'),
        ("R&D", '"R&-D"'),
        ("Entw\u00fcrfe", '"Entw&APw-rfe"'),
        ("\u8ff7\u60d1", '"&j,dg0Q-"'),
    ],
)
def test_names_of_folders_in_modified_utf7(name: str, written: str) -> None:
    assert encode_folder(name) == written
