"""The DNS tree walk, and what it comes to (RFC 9989 §4.10; vectors written from the text)."""

import asyncio
from collections.abc import Mapping

import pytest

from mailwatch.mailauth.dmarc.effective_policy import PolicyFound, find_policy
from mailwatch.resolver.lookup import RdType
from tests.sources.dns.dns_peer import MemoryLookup

Zone = dict[tuple[str, RdType], list[str]]
DEEP = "a.b.c.d.e.f.g.h.i.j.mail.example.com"


def find(domain: str, records: Mapping[str, str], *existing: str, lost: str = "") -> PolicyFound:
    """The policy of `domain`, with `v=DMARC1; ` and these at `_dmarc` of each name."""
    zone: Zone = {
        (f"_dmarc.{name}", "TXT"): [f"v=DMARC1; {part}" for part in text.split(" & ")]
        for name, text in records.items()
    }
    zone.update({(name, "A"): ["192.0.2.1"] for name in existing})
    return asyncio.run(find_policy(domain, MemoryLookup(zone, [lost] if lost else [])))


@pytest.mark.parametrize(
    ("domain", "records", "organization", "at", "tag"),
    [
        # §4.10.2: nothing found: the domain itself
        ("mail.example.com", {}, "mail.example.com", None, None),
        # (3) the fewest labels
        ("mail.example.com", {"example.com": "p=reject"}, "example.com", "example.com", "p"),
        (
            "a.mail.example.com",
            {"mail.example.com": "p=none", "example.com": "p=reject; sp=quarantine"},
            "example.com",
            "example.com",
            "sp",
        ),
        ("example.com", {"com": "p=reject"}, "com", "com", "p"),
        # the author domain's own record is the policy, whoever the organization is
        (
            "mail.example.com",
            {"mail.example.com": "p=none", "example.com": "p=reject"},
            "example.com",
            "mail.example.com",
            "p",
        ),
        # (1) psd=n
        (
            "a.mail.example.com",
            {"mail.example.com": "p=none; psd=n", "example.com": "p=reject"},
            "mail.example.com",
            "mail.example.com",
            "p",
        ),
        ("example.com", {"example.com": "p=none; psd=n"}, "example.com", "example.com", "p"),
        # (2) psd=y: one label below
        (
            "mail.example.com",
            {"com": "p=reject; psd=y", "example.com": "p=none"},
            "example.com",
            "example.com",
            "p",
        ),
        ("mail.example.com", {"com": "p=reject; psd=y"}, "example.com", "com", "p"),
        (
            "a.b.mail.example.com",
            {"com": "p=reject; psd=y", "mail.example.com": "p=none"},
            "example.com",
            "com",
            "p",
        ),
        # psd=y where the walk starts: a suffix that sends mail itself
        ("com", {"com": "p=reject; psd=y"}, "com", "com", "p"),
        # several records at one name are dropped, a psd among them, too (step 2)
        (
            "mail.example.com",
            {"mail.example.com": "p=none & p=none; psd=n", "example.com": "p=reject"},
            "example.com",
            "example.com",
            "p",
        ),
        # §5.1.8: what is between the author domain and its last seven labels is not seen
        (DEEP, {"b.c.d.e.f.g.h.i.j.mail.example.com": "p=none"}, DEEP, None, None),
        (DEEP, {"mail.example.com": "p=none; psd=n"}, "mail.example.com", "mail.example.com", "p"),
    ],
)
def test_the_organizational_domain_and_the_policy(
    domain: str, records: Mapping[str, str], organization: str, at: str | None, tag: str | None
) -> None:
    found = find(domain, records, domain)
    assert found.organization == organization
    assert (found.applies.domain if found.applies else None) == at
    assert (found.effect.tag if found.effect else None) == tag


@pytest.mark.parametrize(
    ("record", "exists", "requested", "policy", "tag"),
    [
        # §4.7: sp is for subdomains that exist, np for those that do not
        ("p=reject", True, "reject", "reject", "p"),
        ("p=reject; sp=none", True, "none", "none", "sp"),
        ("p=reject; sp=none", False, "none", "none", "sp"),
        ("p=none; np=reject", True, "none", "none", "p"),
        ("p=none; np=reject", False, "reject", "reject", "np"),
        ("p=none; sp=quarantine; np=reject", False, "reject", "reject", "np"),
        # t=y: one level lower
        ("p=reject; t=y", True, "reject", "quarantine", "p"),
        ("p=quarantine; t=y", True, "quarantine", "none", "p"),
        ("p=none; t=y", True, "none", "none", "p"),
        ("p=none; np=reject; t=y", False, "reject", "quarantine", "np"),
        # historic tags have no effect
        ("p=reject; pct=0; rf=afrf; ri=3600", True, "reject", "reject", "p"),
        # §4.10.1: a bad policy with somewhere to report to is p=none, without it no DMARC
        ("p=rejct; rua=mailto:a@example.com", True, "none", "none", "p"),
        ("p=reject; sp=x; rua=mailto:a@example.com", True, "none", "none", "p"),
        ("p=reject; np=x", True, "missing", "missing", "p"),
        ("rua=mailto:a@example.com", True, "none", "none", "p"),
        # §4.8: other bad values are as if they were not there
        ("p=reject; adkim=x; fo=9; psd=maybe; t=x", True, "reject", "reject", "p"),
    ],
)
def test_the_effective_policy_of_a_subdomain(
    record: str, exists: bool, requested: str, policy: str, tag: str
) -> None:
    existing = ["mail.example.com"] if exists else []
    found = find("mail.example.com", {"example.com": record}, *existing)
    assert found.exists is exists
    assert found.effect is not None
    assert (found.effect.requested, found.effect.policy, found.effect.tag) == (
        requested,
        policy,
        tag,
    )


def test_sp_and_np_of_a_subdomain_s_own_record_have_no_effect() -> None:
    found = find("mail.example.com", {"mail.example.com": "p=none; sp=reject; np=reject"})
    assert found.effect is not None
    assert (found.effect.policy, found.effect.tag) == ("none", "p")


def test_at_most_eight_names_are_asked() -> None:
    found = find(DEEP, {})
    assert len(found.queries) == 8
    assert found.queries[0] == f"_dmarc.{DEEP}"
    assert found.queries[1] == "_dmarc.g.h.i.j.mail.example.com"
    assert found.queries[-1] == "_dmarc.com"


def test_after_a_failure_nothing_is_claimed() -> None:
    found = find("mail.example.com", {"com": "p=reject"}, lost="_dmarc.example.com")
    assert found.failure is not None
    assert (found.organization, found.applies, found.effect) == (None, None, None)
