"""Names and addresses as people write them, read strictly. Each ValueError says what is wrong."""

import re
from ipaddress import ip_address
from urllib.parse import urlsplit

from mailwatch.text.domain import to_ascii
from mailwatch.text.inert import inert

_LABEL = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?")
_HOST = re.compile(r"[A-Za-z0-9._-]{1,253}")
_LONGEST_WRITTEN = 1000
"""Characters in which 253 can be written; mapping very many takes long."""
_SERVER = re.compile(
    rf"(\[(?P<six>[0-9A-Fa-f:.]{{2,45}})\]|(?P<host>{_HOST.pattern}))(:(?P<port>[0-9]{{1,5}}))?"
)
_ODD_IN_URL = re.compile(r"[^!-~]|[\\@?#]")
"""What is not allowed in an API's address: a user name, a query, a space, and what parsers of
addresses take differently."""


def parse_domain(text: str) -> str:
    """The domain name `text` in A-labels (IDNA 2008), lower case, without the final dot."""
    wrong = f"{inert(text, 80)} is not a valid domain name"
    if len(text) > _LONGEST_WRITTEN or any(sign in text for sign in "/@: "):
        raise ValueError(f"{wrong}: write only the name, such as example.com")
    try:
        name = to_ascii(text.strip()).removesuffix(".")
    except ValueError:
        raise ValueError(f"{wrong}: IDNA 2008 does not allow all of its characters") from None
    labels = name.split(".")
    whole = len(name) <= 253 and len(labels) > 1 and not labels[-1].isdigit()
    if not whole or not all(_LABEL.fullmatch(label) for label in labels):
        raise ValueError(f"{wrong} (expected something like example.com)")
    return name


def parse_selector(text: str) -> str:
    """The DKIM selector `text`, lower case; it may have several labels (RFC 6376 §3.1)."""
    name = text.strip().lower()
    if "._domainkey" in name:
        raise ValueError(
            f"{inert(text, 80)} is more than the selector: write only the part before it"
        )
    if len(name) > 190 or not all(_LABEL.fullmatch(label) for label in name.split(".")):
        raise ValueError(
            f"{inert(text, 80)} is not a valid DKIM selector (expected something like s1)"
        )
    return name


def parse_ip(text: str) -> str:
    """The IP address `text` as it is usually written (RFC 5952 for IPv6)."""
    text = text.strip()
    # An IPv6 zone, after %, means something on one machine only.
    if "%" in text or not (_is_ipv6(text) or _is_ipv4(text)):
        raise ValueError(
            f"{inert(text, 80)} is not a valid IP address (expected something like 192.0.2.10)"
        )
    return str(ip_address(text))


def parse_nameserver(text: str) -> str:
    """The name server `text`: HOST, HOST:PORT or [IPV6]:PORT."""
    match = _SERVER.fullmatch(text)
    host, six, port = match.group("host", "six", "port") if match else (None, text, None)
    sound = _is_name_or_ipv4(host) if host else _is_ipv6(six)
    if not sound or not 1 <= int(port or 53) <= 65535:
        raise ValueError(
            f"{inert(text, 80)} is not a valid name server (expected something like 127.0.0.1:5353)"
        )
    return text


def parse_url(text: str, *, home: str | None) -> str:
    """The address `text` without the final slash: https, or http on a loopback address.

    With `home`, only loopback, that domain and what is below it are accepted.
    """
    try:
        parts = urlsplit(text)
        host, _ = parts.hostname, parts.port
    except ValueError:
        raise ValueError("is not a valid address") from None
    if not host or not (_HOST.fullmatch(host) or _is_ipv6(host)) or _ODD_IN_URL.search(text):
        raise ValueError("is not a valid address (expected one like https://api.sendgrid.com)")
    local = is_loopback(host)
    if parts.scheme != "https" and not (parts.scheme == "http" and local):
        raise ValueError("is not https (plain http is only accepted for a loopback address)")
    if home and not local and host != home and not host.endswith(f".{home}"):
        raise ValueError(
            f"is outside {home}, which is not allowed in a file that was only found here; "
            "name it with --config"
        )
    return text.rstrip("/")


def is_loopback(host: str | None) -> bool:
    """True for localhost and the addresses of the loopback range."""
    if host == "localhost":
        return True
    try:
        return ip_address(host or "").is_loopback
    except ValueError:
        return False


def _is_name_or_ipv4(host: str) -> bool:
    """False for what looks like an IPv4 address and is not a valid one."""
    return _is_ipv4(host) if host.rpartition(".")[2].isdigit() else True


def _is_ipv4(host: str) -> bool:
    try:
        return ip_address(host).version == 4
    except ValueError:
        return False


def _is_ipv6(host: str) -> bool:
    try:
        return ip_address(host).version == 6
    except ValueError:
        return False


def parse_zone(text: str) -> str:
    """The IANA time zone `text`."""
    from zoneinfo import ZoneInfo, available_timezones

    from mailwatch.text.nearest import nearest

    try:
        ZoneInfo(text)
    except (ValueError, OSError, LookupError):
        raise ValueError(
            f"is not a known time zone{nearest(text, available_timezones())}"
        ) from None
    return text
