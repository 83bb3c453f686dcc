"""Names and addresses: what people write, and what strangers try."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailwatch.config.addresses import (
    is_loopback,
    parse_domain,
    parse_nameserver,
    parse_selector,
    parse_url,
    parse_zone,
)

LONGEST_DOMAIN = ".".join(["a" * 62] * 4) + ".a"


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("example.com", "example.com"),
        ("Example.COM.", "example.com"),
        ("例え.jp", "xn--r8jz45g.jp"),
        ("ＥＸＡＭＰＬＥ．com", "example.com"),
        ("bücher.example", "xn--bcher-kva.example"),
        ("straße.de", "xn--strae-oqa.de"),
        ("STRASSE.DE", "strasse.de"),
        ("Σίγμας.example", "xn--kxaef0b5ab.example"),
        ("XN--STRAE-OQA.DE", "xn--strae-oqa.de"),
        ("_dmarc.straße.de", "_dmarc.xn--strae-oqa.de"),
        ("例え。jp。", "xn--r8jz45g.jp"),
        ("_dmarc.example.com", "_dmarc.example.com"),
        ("a.b.c.d.example", "a.b.c.d.example"),
        (f"{'a' * 63}.example", f"{'a' * 63}.example"),
        (LONGEST_DOMAIN, LONGEST_DOMAIN),
    ],
)
def test_domains(written: str, name: str) -> None:
    assert parse_domain(written) == name


@pytest.mark.parametrize(
    "written",
    [
        "", ".", "com", "example", "example..com", ".example.com", "-a.example", "a-.example",
        "https://example.com", "user@example.com", "example.com:25", "example.com/x", "a b.example",
        "127.0.0.1", "[::1]", "*.example.com", "exam\nple.com", "exa\x1bmple.com",
        "\u202eexample.com", "a\u200db.example", "i❤.example", "\u0300a.example", "exam⒈ple.com",
        f"{'a' * 64}.example", f"a{LONGEST_DOMAIN}",
        ".".join(["a" * 60] * 5), "x" * 300_000, "é" * 300_000,
    ],
)  # fmt: skip
def test_what_is_no_domain(written: str) -> None:
    begun = time.monotonic()
    with pytest.raises(ValueError, match="is not a valid domain name") as caught:
        parse_domain(written)
    assert str(caught.value).isprintable()
    assert len(str(caught.value)) < 200
    assert time.monotonic() - begun < 1


@given(st.text() | st.from_regex(r"[a-z0-9_.-]{1,80}", fullmatch=True))
def test_a_domain_is_a_domain_or_a_value_error(written: str) -> None:
    try:
        name = parse_domain(written)
    except ValueError:
        return
    assert parse_domain(name) == name
    assert name.isascii()
    assert name == name.lower()
    assert len(name) <= 253


LONGEST_SELECTOR = "a." * 94 + "aa"


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("s1", "s1"),
        (" S1 ", "s1"),
        ("a.b", "a.b"),
        ("20230601", "20230601"),
        (LONGEST_SELECTOR, LONGEST_SELECTOR),
    ],
)
def test_selectors(written: str, name: str) -> None:
    assert parse_selector(written) == name


@pytest.mark.parametrize(
    "written", ["", "s 1", "s1.", ".s1", "s1/", "é", "s" * 64, f"{LONGEST_SELECTOR}a"]
)
def test_what_is_no_selector(written: str) -> None:
    with pytest.raises(ValueError, match="is not a valid DKIM selector"):
        parse_selector(written)


def test_a_selector_s_whole_name_is_too_much() -> None:
    with pytest.raises(ValueError, match="is more than the selector: write only the part before"):
        parse_selector("s1._domainkey.example.com")


@pytest.mark.parametrize(
    "written",
    ["127.0.0.1", "127.0.0.1:5353", "::1", "[::1]", "[::1]:5353", "2001:db8::53", "localhost",
     "dns.example:53", "DNS.example", "127.0.0.1:1", "127.0.0.1:65535"],
)  # fmt: skip
def test_name_servers(written: str) -> None:
    assert parse_nameserver(written) == written


@pytest.mark.parametrize(
    "written",
    ["", ":53", "127.0.0.1:", "127.0.0.1:0", "127.0.0.1:65536", "127.0.0.1:99999999999",
     "127.0.0.1:" + "1" * 5000, "127.0.0.1:x", "127.0.0.1:５３", "[zz]:53", "[::1", "::1]", "dead:",
     "1::2::3", "[127.0.0.1]:53", "300.1.1.1", "1.2.3", "a b", "a\nb", "[::1%lo]:53", "x" * 300,
     "udp://127.0.0.1", "127.0.0.1#5353"],
)  # fmt: skip
def test_what_is_no_name_server(written: str) -> None:
    with pytest.raises(ValueError, match="is not a valid name server") as caught:
        parse_nameserver(written)
    assert str(caught.value).isprintable()


@pytest.mark.parametrize(
    ("written", "taken"),
    [
        ("https://api.sendgrid.com", "https://api.sendgrid.com"),
        ("https://api.sendgrid.com/", "https://api.sendgrid.com"),
        ("https://api.eu.sendgrid.com//", "https://api.eu.sendgrid.com"),
        ("https://sendgrid.com:8443/v3/", "https://sendgrid.com:8443/v3"),
        ("HTTPS://API.SENDGRID.COM", "HTTPS://API.SENDGRID.COM"),
        ("http://127.0.0.1:8025", "http://127.0.0.1:8025"),
        ("http://127.9.9.9", "http://127.9.9.9"),
        ("http://[::1]:8025/", "http://[::1]:8025"),
        ("http://localhost:1", "http://localhost:1"),
        ("http://LOCALHOST", "http://LOCALHOST"),
        ("https://127.0.0.1", "https://127.0.0.1"),
    ],
)
@pytest.mark.parametrize("home", [None, "sendgrid.com"])
def test_addresses_at_home_and_on_loopback(written: str, taken: str, home: str | None) -> None:
    assert parse_url(written, home=home) == taken


@pytest.mark.parametrize(
    "written",
    [
        "https://sendgrid.com.evil.example",
        "https://evilsendgrid.com",
        "https://evil.example/sendgrid.com",
        "https://evil.example/.sendgrid.com",
        "https://api.sendgrid.com.",
        "https://192.0.2.1",
        "https://[2001:db8::1]",
        "https://0.0.0.0",
        "https://127.0.0.1.evil.example",
        "https://localhost.evil.example",
        "https://sendgrid.co",
    ],
)
def test_elsewhere_is_for_a_file_that_somebody_named(written: str) -> None:
    assert parse_url(written, home=None) == written
    with pytest.raises(ValueError, match=r"is outside sendgrid\.com"):
        parse_url(written, home="sendgrid.com")


@pytest.mark.parametrize(
    "written",
    [
        "https://api.sendgrid.com@evil.example",
        "https://api.sendgrid.com:pw@evil.example",
        "https://:pw@api.sendgrid.com",
        "https://@api.sendgrid.com",
        "https://evil.example\\.sendgrid.com",
        "https://evil.example\\@api.sendgrid.com",
        "https://evil.example?.sendgrid.com",
        "https://evil.example#.sendgrid.com",
        "https://evil.example%2f.sendgrid.com",
        "https://evil.example;.sendgrid.com",
        "https://evil.example,.sendgrid.com",
        "https://evil.example。sendgrid.com",
        "https://ｓendgrid.com",
        "https://api.sendgrid.com/?",
        "https://api.sendgrid.com/#",
        "https://api.sendgrid.com/a b",
        " https://api.sendgrid.com",
        "https://api.sendgrid.com\n",
        "https://api.send\tgrid.com",
        "https://api.sendgrid.com:x",
        "https://api.sendgrid.com:99999",
        "https://[::1",
        "https://[::1%25lo]/é",
        "https://",
        "https:api.sendgrid.com",
        "api.sendgrid.com",
        "",
    ],
)
@pytest.mark.parametrize("home", [None, "sendgrid.com"])
def test_tricks_are_no_address(written: str, home: str | None) -> None:
    with pytest.raises(ValueError, match="is not a valid address") as caught:
        parse_url(written, home=home)
    assert "evil" not in str(caught.value)
    assert "pw" not in str(caught.value)


@pytest.mark.parametrize(
    "written",
    ["http://api.sendgrid.com", "http://127.1", "http://0.0.0.0", "http://localhost.",
     "http://127.0.0.1.evil.example", "http://[::ffff:8.8.8.8]", "ftp://127.0.0.1",
     "file://localhost/etc/passwd", "http://192.0.2.1", "http://2130706433"],
)  # fmt: skip
@pytest.mark.parametrize("home", [None, "sendgrid.com"])
def test_plain_http_is_for_loopback(written: str, home: str | None) -> None:
    with pytest.raises(ValueError, match="is not https"):
        parse_url(written, home=home)


@pytest.mark.parametrize(
    ("host", "local"),
    [("localhost", True), ("127.0.0.1", True), ("127.255.255.255", True), ("::1", True),
     ("128.0.0.1", False), ("::2", False), ("", False), (None, False), ("localhost.example", False),
     ("127.0.0.1.example", False)],
)  # fmt: skip
def test_loopback(host: str | None, local: bool) -> None:
    assert is_loopback(host) is local


@pytest.mark.parametrize("zone", ["Asia/Tokyo", "Etc/UTC", "UTC", "America/New_York"])
def test_zones(zone: str) -> None:
    assert parse_zone(zone) == zone


@pytest.mark.parametrize(
    ("written", "hint"),
    [
        ("Asia/Tokio", "did you mean Asia/Tokyo?"),
        ("Tokyo", "did you mean Asia/Tokyo?"),
        ("ASIA/TOKIO", "did you mean Asia/Tokyo?"),
        ("", "is not a known time zone"),
        ("Asia", "is not a known time zone"),
        ("../../etc/passwd", "is not a known time zone"),
        ("/etc/localtime", "is not a known time zone"),
        ("x\x00y", "is not a known time zone"),
        ("x" * 100_000, "is not a known time zone"),
    ],
)
def test_what_is_no_zone(written: str, hint: str) -> None:
    with pytest.raises(ValueError, match="is not a known time zone") as caught:
        parse_zone(written)
    assert hint in str(caught.value)
