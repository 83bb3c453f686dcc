"""The DNS records of the stories: example.com and what it points at.

Addresses are those kept for documentation (RFC 5737); what sendgrid.net and google.com publish is
shaped as theirs, and much shorter.
"""

from typing import TYPE_CHECKING

from mailwatch.demo.story import sample_message
from mailwatch.demo.story.blocklists import BLOCKLISTS, blocklist

if TYPE_CHECKING:
    from mailwatch.demo.story.world import Zone

DOMAIN = "example.com"
SELECTORS = ("s1", "s2")
OTHER_SELECTORS = ("office", "crm")
"""Those of other senders, which only the DMARC reports show."""
SENDING_IPS = ("192.0.2.10",)
RETURN_PATH = "u1234567.wl123.sendgrid.net"

# 2048-bit RSA public keys made for these records; the private halves were never kept.
KEYS = {
    "s1": "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAowh5LGbEeeWHMJnokqlsumgbtmEkKQ6N98GG"
    "vzXG3yw6sh6Sr4xr5kzGWxz1cdbfcC1ZZ4FDzq6zbrV147+01NOgmiEuhoK8H3/U89OMT/vQH5rOorIK7GFhLtjB"
    "XBCHNb1qn4rjwzGHVojqcCLeVAm37ef9ZxUhp/+aWsWYLGrrYNUQ8acuVZJE3P1yMm5Ifx+YGWUD/jugiceC6c2U"
    "/1NU5SXRnJzIBs4djO8ImGTG+zLnterxZsbzMDBdK4ZKG0UIbRBJdaIs1Q+3RHN/8DAiaZDJ74GoL+xm18Jrr45m"
    "aeABQv8/45mCaScDtwL0sg/SjDRvHGdFXeAmGcnR5QIDAQAB",
    "s2": "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAiYlgGEaKygLIE5PQ/yORCd4F7gU5g2jXAiRM"
    "+grnL6tkIrcV2D+5v/Vk5/4ij/I3R1gb/WSsNUo2mT78/3XD5ImhMAeQCCzsHu0URn2cSZKtrX3tZZq2GRT/sefb"
    "PsIQuwi8jAMs0+c7qotAMmN/O3JWjDarVrSYXD4Psf6oW+BWraW+s0boZeRRa+1TF5P/D3zZI4Q9r+EjdokqE/Dq"
    "jpX7ENovSLyxVVrRBZh9TDxKyh8cIVAwV4mLVly5lVPxzbL2qxI1GHK8xDNwqPkSsKUFnUG1469eJByIJQFmDmir"
    "WGKaAwBkN/SAYBmzo3rgpvaclivTjrENCjSs4uiIEQIDAQAB",
}


def segments(text: str) -> tuple[str, ...]:
    """The text in pieces of at most 255 octets, as one TXT record holds it (RFC 1035, 3.3.14)."""
    return tuple(text[at : at + 255] for at in range(0, len(text), 255)) or ("",)


def _soa(name: str) -> tuple[str]:
    return (f"ns1.{name}. hostmaster.{name}. 2026010101 7200 900 1209600 300",)


def _dkim() -> dict[tuple[str, str], tuple[str | tuple[str, ...], ...]]:
    records: dict[tuple[str, str], tuple[str | tuple[str, ...], ...]] = {}
    for selector in SELECTORS:
        target = f"{selector}.domainkey.{RETURN_PATH}"
        records[f"{selector}._domainkey.{DOMAIN}", "CNAME"] = (f"{target}.",)
        records[target, "TXT"] = (segments(f"k=rsa; t=s; p={KEYS[selector]}"),)
    return records


def healthy() -> "Zone":
    """A zone without fault: SPF of 5 look-ups, two 2048-bit DKIM keys, DMARC at quarantine."""
    return {
        (DOMAIN, "SOA"): _soa(DOMAIN),
        (DOMAIN, "A"): ("192.0.2.80",),
        (DOMAIN, "NS"): ("ns1.example.com.", "ns2.example.com."),
        (DOMAIN, "MX"): ("10 mx1.example.com.", "20 mx2.example.com."),
        (DOMAIN, "TXT"): (
            ("v=spf1 include:sendgrid.net include:_spf.google.com ~all",),
            ("google-site-verification=2tWzQ0h1Zk3mXb7uLr5cVf8sYp6nDj4eGa9iKo0xTqM",),
        ),
        ("ns1.example.com", "A"): ("192.0.2.53",),
        ("ns2.example.com", "A"): ("198.51.100.53",),
        ("mx1.example.com", "A"): ("192.0.2.25",),
        ("mx2.example.com", "A"): ("198.51.100.25",),
        (f"_dmarc.{DOMAIN}", "TXT"): (
            ("v=DMARC1; p=quarantine; rua=mailto:dmarc-reports@example.com",),
        ),
        ("em1234.example.com", "CNAME"): (f"{RETURN_PATH}.",),
        ("url1234.example.com", "CNAME"): ("sendgrid.net.",),
        ("1234567.example.com", "CNAME"): ("sendgrid.net.",),
        **_dkim(),
        **{
            (f"{selector}._domainkey.{DOMAIN}", "TXT"): (segments(f"v=DKIM1; p={KEYS['s2']}"),)
            for selector in OTHER_SELECTORS
        },
        (f"{sample_message.SELECTOR}._domainkey.{DOMAIN}", "TXT"): (
            segments(f"v=DKIM1; k=rsa; p={sample_message.PUBLIC_KEY}"),
        ),
        ("sendgrid.net", "SOA"): _soa("sendgrid.net"),
        ("sendgrid.net", "TXT"): (
            ("v=spf1 ip4:192.0.2.0/27 ip4:198.51.100.0/26 include:ab.sendgrid.net ~all",),
        ),
        ("ab.sendgrid.net", "TXT"): (("v=spf1 ip4:203.0.113.0/26 ~all",),),
        (RETURN_PATH, "A"): ("192.0.2.10",),
        (RETURN_PATH, "MX"): ("10 mx.sendgrid.net.",),
        (RETURN_PATH, "TXT"): (("v=spf1 ip4:192.0.2.10 -all",),),
        ("mx.sendgrid.net", "A"): ("192.0.2.11",),
        ("o1.em1234.example.com", "A"): ("192.0.2.10",),
        ("10.2.0.192.in-addr.arpa", "PTR"): ("o1.em1234.example.com.",),
        ("google.com", "SOA"): _soa("google.com"),
        ("_spf.google.com", "TXT"): (
            ("v=spf1 include:_netblocks.google.com include:_netblocks2.google.com ~all",),
        ),
        ("_netblocks.google.com", "TXT"): (("v=spf1 ip4:203.0.113.64/26 ~all",),),
        ("_netblocks2.google.com", "TXT"): (("v=spf1 ip4:203.0.113.128/26 ~all",),),
        **{key: values for name in BLOCKLISTS for key, values in blocklist(name, {}).items()},
    }


def monitoring_only() -> "Zone":
    """The healthy zone with DMARC still at p=none, as in the first weeks of a migration."""
    policy = ("v=DMARC1; p=none; rua=mailto:dmarc-reports@example.com",)
    return {**healthy(), (f"_dmarc.{DOMAIN}", "TXT"): (policy,)}


def neglected() -> "Zone":
    """No DMARC record, selector s2 revoked (RFC 6376, 3.6.1), no key of the CRM, SPF of 12 look-ups
    (RFC 7208, 4.6.4: at most 10)."""
    zone = dict(healthy())
    del zone[f"crm._domainkey.{DOMAIN}", "TXT"]
    del zone[f"_dmarc.{DOMAIN}", "TXT"]
    zone[f"s2.domainkey.{RETURN_PATH}", "TXT"] = (("k=rsa; t=s; p=",),)
    vendors = ("helpdesk", "newsletter", "crm", "invoices")
    includes = " ".join(f"include:_spf.{vendor}.example" for vendor in vendors)
    zone[DOMAIN, "TXT"] = (
        (f"v=spf1 include:sendgrid.net include:_spf.google.com {includes} ~all",),
        zone[DOMAIN, "TXT"][1],
    )
    for at, vendor in enumerate(vendors):
        more = f" include:_spf2.{vendor}.example" if at < 3 else ""
        zone[f"_spf.{vendor}.example", "TXT"] = ((f"v=spf1 ip4:192.0.2.{64 + at}{more} ~all",),)
        if more:
            zone[f"_spf2.{vendor}.example", "TXT"] = ((f"v=spf1 ip4:192.0.2.{96 + at} ~all",),)
    return zone
