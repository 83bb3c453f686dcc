"""Whether an authenticated domain speaks for the domain in From: (RFC 9989 §4.4)."""

from typing import Literal

from mailwatch.mailauth.dmarc.discovery import discover, organizational_domain
from mailwatch.model import Phrase
from mailwatch.resolver.lookup import Lookup

Mode = Literal["r", "s"]


async def find_organization(domain: str, lookup: Lookup) -> str | Phrase:
    """The organizational domain of `domain`, by the tree walk; why it is not known, otherwise."""
    found = await discover(domain, lookup, whole=True)
    return organizational_domain(found.steps) if found.failure is None else found.failure


async def is_aligned(author: str, identifier: str, mode: Mode, lookup: Lookup) -> bool | Phrase:
    """True when `identifier`, a return path or a d=, is aligned with the From: domain `author`.

    Strict takes the same domain only, relaxed any of the same organization. A phrase where that
    depends on a name that could not be asked for.
    """
    author, identifier = author.lower().rstrip("."), identifier.lower().rstrip(".")
    if author == identifier:
        return True
    if mode == "s":
        return False
    organizations = [await find_organization(domain, lookup) for domain in (author, identifier)]
    for organization in organizations:
        if isinstance(organization, Phrase):
            return organization
    return organizations[0] == organizations[1]
