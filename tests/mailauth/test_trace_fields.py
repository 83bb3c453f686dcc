"""What others wrote above a message: Received, Authentication-Results; and From."""

from ipaddress import ip_address

import authres
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailwatch.mailauth.authentication_results import (
    MOST_RESULTS,
    find_results,
    parse_results,
)
from mailwatch.mailauth.author import find_author, parse_addresses
from mailwatch.mailauth.rawmessage import split_message
from mailwatch.mailauth.received import MOST_HOPS, find_hops, parse_hop, trusted_hop

DATE = "; Tue, 24 Nov 2026 03:00:00 +0000"
GMAIL = (
    "from o1.em1234.example.com (o1.em1234.example.com. [192.0.2.10]) by mx.google.com with ESMTPS "
    "id 1 for <b@gmail.com> (version=TLS1_3 cipher=TLS_AES_128_GCM_SHA256 bits=128/128)" + DATE
)
OUTLOOK = (
    "from o1.example.com (192.0.2.10) by BN8NAM11FT.mail.protection.outlook.com (10.13.176.178) "
    "with Microsoft SMTP Server (version=TLS1_2, cipher=TLS_ECDHE_RSA) id 15.20" + DATE
)
EXIM = (
    "from mail.example.com ([IPv6:2001:db8::1]:587 helo=foo.example.com)\r\n by "
    f"mx.example.net with esmtpsa (TLS1.3) (Exim 4.96){DATE}"
)
INSIDE = (
    "from BN9PR03.namprd03.prod.outlook.com (2603:10b6:408:fa::35) by X.namprd.prod.outlook.com "
    "with HTTPS" + DATE
)


@pytest.mark.parametrize(
    ("line", "helo", "ip", "by", "encrypted"),
    [
        (GMAIL, "o1.em1234.example.com", "192.0.2.10", "mx.google.com", True),
        (OUTLOOK, "o1.example.com", "192.0.2.10", "bn8nam11ft.mail.protection.outlook.com", True),
        (f"by 2002:a05:6a10:0:0 with SMTP id a1{DATE}", None, None, "2002:a05:6a10:0:0", False),
        (
            f"from unknown (HELO mail.example.com) (192.0.2.7) by mx.example.net with SMTP{DATE}",
            "mail.example.com",
            "192.0.2.7",
            "mx.example.net",
            False,
        ),
        (
            EXIM,
            "foo.example.com",
            "2001:db8::1",
            "mx.example.net",
            True,
        ),
        (
            f"from [192.0.2.9] (may be forged) by mx.example.net (Postfix) with ESMTP id 1{DATE}",
            "192.0.2.9",
            "192.0.2.9",
            "mx.example.net",
            False,
        ),
        (f"from a.example by b.example with LMTPS{DATE}", "a.example", None, "b.example", True),
        (f"from a.example by b.example with HTTP{DATE}", "a.example", None, "b.example", None),
    ],
)
def test_a_hop(
    line: str, helo: str | None, ip: str | None, by: str | None, encrypted: bool | None
) -> None:
    hop = parse_hop(line)
    assert (hop.helo, hop.by, hop.encrypted) == (helo, by, encrypted)
    assert hop.ip == (ip_address(ip) if ip else None)
    assert hop.at is not None
    assert hop.at.isoformat() == "2026-11-24T03:00:00+00:00"


@pytest.mark.parametrize("outside", [GMAIL, OUTLOOK])
def test_the_hop_from_outside_is_the_first_from_the_top(outside: str) -> None:
    lines = [
        f"by 2002:a05:6a10::1 with SMTP id a1{DATE}",
        f"from mx.example.net (mx.example.net [10.0.0.7]) by store.example.org with LMTP{DATE}",
        INSIDE,
        outside,
        f"from forged.example (forged.example [198.51.100.9]) by o1.example.com with ESMTP{DATE}",
    ]
    text = "".join(f"Received: {line}\r\n" for line in lines).encode() + b"\r\n"
    hop = trusted_hop(find_hops(split_message(text)))
    assert hop is not None
    assert hop.ip == ip_address("192.0.2.10")


def newest(*lines: str) -> str | None:
    """The address that is trusted where these are the Received lines."""
    text = "".join(f"Received: {line}{DATE}\r\n" for line in lines).encode() + b"\r\n"
    hop = trusted_hop(find_hops(split_message(text)))
    return str(hop.ip) if hop else None


def test_mail_inside_one_organization_has_a_hop_too() -> None:
    filtered = "from localhost (localhost [127.0.0.1]) by mx1.example.com with ESMTP"
    own = "from app.example.com (app.example.com [192.0.2.10]) by mx1.example.com with ESMTPS"
    assert newest(filtered, own) == "192.0.2.10"
    assert newest(filtered) == "127.0.0.1"
    assert newest("by mx1.example.com with ESMTP") is None


def test_hops_are_bounded() -> None:
    text = f"Received: {GMAIL}\r\n".encode() * (MOST_HOPS + 5)
    assert len(find_hops(split_message(text))) == MOST_HOPS


GMAIL_SAID = (
    "mx.google.com; dkim=pass header.i=@example.com header.s=s1; spf=pass (google.com: domain of "
    'x@example.com designates 192.0.2.10) smtp.mailfrom="b@em.example.com"; dmarc=pass '
    "(p=QUARANTINE sp=NONE) header.from=example.com"
)
RESULTS = [
    GMAIL_SAID,
    "example.org 1; none",
    'mx.example.org; spf=fail reason="not (at all) allowed" smtp.mailfrom=example.net',
    "mx.example.org; dkim=fail reason=x header.d=example.com; dkim=pass header.d=example.net",
]


@pytest.mark.parametrize("value", RESULTS)
def test_results_are_read_as_authres_reads_them(value: str) -> None:
    theirs = authres.AuthenticationResultsHeader.parse(f"Authentication-Results: {value}")
    ours = parse_results(value)
    assert ours.receiver == theirs.authserv_id
    read = [(result.method, result.result) for result in ours.results]
    assert read == [(result.method, result.result) for result in theirs.results or []]
    for mine, other in zip(ours.results, theirs.results or [], strict=True):
        for prop in other.properties:
            assert mine.get(f"{prop.type}.{prop.name}") == prop.value


def test_results_as_outlook_writes_them() -> None:
    found = parse_results(
        "spf=pass (sender IP is 192.0.2.10)\r\n smtp.mailfrom=em.example.com; dkim=pass (signature "
        "was verified)\r\n header.d=example.com;dmarc=pass action=none header.from=example.com;"
        "compauth=pass reason=100"
    )
    assert found.receiver == ""
    assert [one.method for one in found.results] == ["spf", "dkim", "dmarc", "compauth"]
    assert found.of("dkim")[0].get("header.d") == "example.com"


def test_only_the_receiver_is_believed() -> None:
    text = (
        b"Authentication-Results: mx.example.org; spf=pass smtp.mailfrom=a.example\r\n"
        b"Authentication-Results: mx.example.org; dkim=pass header.d=a.example\r\n"
        b"Authentication-Results: forged.example; dmarc=pass header.from=a.example\r\n\r\n"
    )
    found = find_results(split_message(text))
    assert found is not None
    assert [one.method for one in found.results] == ["spf", "dkim"]
    assert find_results(split_message(b"From: a@b.example\r\n\r\n")) is None


def test_results_are_bounded() -> None:
    assert len(parse_results("a; " + "dkim=pass; " * 5000).results) == MOST_RESULTS
    text = b"Authentication-Results: a; dkim=pass; spf=pass\r\n" * 200
    found = find_results(split_message(text))
    assert found is not None
    assert len(found.results) <= MOST_RESULTS


@pytest.mark.parametrize(
    ("value", "state", "domain"),
    [
        ("news@example.com", "one", "example.com"),
        ("News <news@Example.COM>", "one", "example.com"),
        ('"News, daily" <news@example.com>', "one", "example.com"),
        ('"a@b.example" <news@example.com>', "one", "example.com"),
        ("News (not x@y.example) <news@example.com>", "one", "example.com"),
        ("=?utf-8?q?a=40b=2Eexample?= <news@example.com>", "one", "example.com"),
        ('"odd local"@example.com', "one", "example.com"),
        ("Group: news@example.com;", "one", "example.com"),
        ("news@straße.de".encode().decode("latin-1"), "one", "xn--strae-oqa.de"),
        ("a@example.com, b@example.com", "several", None),
        ("Friends: a@example.com, b@example.net;", "several", None),
        ("news", "malformed", None),
        ("<news@example.com", "malformed", None),
        ("news@[192.0.2.1]", "malformed", None),
        ("news@localhost", "malformed", None),
        ("", "malformed", None),
        ("undisclosed-recipients:;", "malformed", None),
    ],
)
def test_from(value: str, state: str, domain: str | None) -> None:
    author = find_author(split_message(f"From: {value}\r\n\r\n".encode("latin-1")))
    assert (author.state, author.domain) == (state, domain)


def test_from_twice_or_never() -> None:
    twice = b"From: a@example.com\r\nFrom: b@example.com\r\n\r\n"
    assert find_author(split_message(twice)).state == "several"
    assert find_author(split_message(b"To: a@example.com\r\n\r\n")).state == "missing"


@given(st.text(max_size=200))
def test_no_text_is_too_odd(text: str) -> None:
    parse_hop(text)
    parse_results(text)
    parse_addresses(text)
