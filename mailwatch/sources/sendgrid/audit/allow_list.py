"""The address allow list: what is on it gets mail in spite of bounces, blocks and unsubscribes."""

from collections import Counter
from collections.abc import Iterable, Iterator

from mailwatch.model import ACCOUNT, Cause, Measurement, Phrase, say
from mailwatch.sources.sendgrid.audit.authentication import names_above
from mailwatch.sources.sendgrid.audit.endpoints import ALLOW_LIST
from mailwatch.sources.sendgrid.audit.replies import AllowList
from mailwatch.text.inert import inert

_PROVIDERS = """
aol.com au.com docomo.ne.jp excite.co.jp ezweb.ne.jp fastmail.com gmail.com gmx.de gmx.net
googlemail.com hotmail.co.jp hotmail.com hotmail.fr i.softbank.jp icloud.com laposte.net libero.it
live.com live.jp mac.com mail.ru me.com msn.com naver.com nifty.com orange.fr outlook.com
outlook.jp proton.me protonmail.com qq.com rakuten.jp rocketmail.com softbank.ne.jp t-online.de
vodafone.ne.jp web.de yahoo.co.in yahoo.co.jp yahoo.co.uk yahoo.com yahoo.de yahoo.fr yahoo.ne.jp
yandex.ru ymail.com ymobile.ne.jp zoho.com 126.com 163.com
"""
_SECOND = "ac co com ed edu go gov gr lg ne net or org"
FREE_MAIL = frozenset(_PROVIDERS.split())
"""Domains whose mailboxes belong to anybody."""
MOST_EVIDENCE = 5
_SECOND_LEVEL = frozenset(_SECOND.split())


def measure_allow_list(allow_list: AllowList, own: Iterable[str], *, complete: bool) -> Measurement:
    """`own` domains alone, `foreign` ones too, or a whole `free_mail` provider; `unused` when off.

    `own` are the configured domains and the authenticated ones; `complete` is False when the
    latter are not known, so that nothing can be called foreign.
    """
    if not allow_list.enabled or not allow_list.entries:
        return Measurement(ALLOW_LIST, ACCOUNT, "unused")
    owned = frozenset(own)
    above = frozenset(name for domain in owned for name in names_above(domain))
    providers = sorted(entry for entry in set(allow_list.entries) if entry in FREE_MAIL)
    others = [entry for entry in allow_list.entries if not _is_own(_domain_of(entry), owned, above)]
    if providers:
        evidence = tuple(_evidence([*providers, *others]))
        return Measurement(ALLOW_LIST, ACCOUNT, "free_mail", evidence=evidence)
    if not others:
        return Measurement(ALLOW_LIST, ACCOUNT, "own")
    if not complete:
        note = say("sendgrid.own_domains_unknown")
        return Measurement(ALLOW_LIST, ACCOUNT, cause=Cause.NO_DATA, note=note)
    return Measurement(ALLOW_LIST, ACCOUNT, "foreign", evidence=tuple(_evidence(others)))


def _domain_of(entry: str) -> str:
    return entry.rpartition("@")[2].removesuffix(".")


def _is_own(domain: str, own: frozenset[str], above_own: frozenset[str]) -> bool:
    """True for one of `own`, what is below it, and the domain that it is below."""
    if domain in own or any(name in own for name in names_above(domain)):
        return True
    labels = domain.split(".")
    public = len(labels) == 2 and labels[0] in _SECOND_LEVEL
    return domain in above_own and not public


def _evidence(entries: Iterable[str]) -> Iterator[Phrase]:
    """The domains by name; of single addresses only how many there are at each domain."""
    counted = Counter((_domain_of(entry), "@" in entry) for entry in dict.fromkeys(entries))
    for (domain, address), count in list(counted.items())[:MOST_EVIDENCE]:
        name = inert(domain, 100)
        if address:
            yield say("sendgrid.allowed_addresses", count=count, domain=name)
        else:
            yield say("sendgrid.allowed_domain", domain=name)
    if len(counted) > MOST_EVIDENCE:
        yield say("sendgrid.and_others", count=len(counted) - MOST_EVIDENCE)
