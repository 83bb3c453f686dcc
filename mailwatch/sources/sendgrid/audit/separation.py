"""Marketing and transactional mail: one account for both ties receipts to campaigns' reputation.

Only the names of categories tell which kinds are sent, so most accounts have no figure here.
"""

import re
from collections.abc import Iterable

from mailwatch.model import ACCOUNT, Measurement, say
from mailwatch.sources.sendgrid.audit.endpoints import SEPARATION
from mailwatch.text.inert import inert

_MARKETING = re.compile(
    r"marketing|newsletter|promo|campaign|メルマガ|マーケティング|キャンペーン|ニュースレター|販促",
    re.IGNORECASE,
)
_TRANSACTIONAL = re.compile(
    r"transaction|receipt|invoice|password|verif|order|shipping|取引|領収|請求|注文|認証|発送|"
    r"パスワード",
    re.IGNORECASE,
)


def measure_separation(categories: Iterable[str], subusers: int) -> Measurement | None:
    """`separate` where there is a subuser, `mixed` where there is none; None where the categories
    do not show that both kinds are sent."""
    names = [name[:200] for name in categories]
    marketing = next(filter(_MARKETING.search, names), None)
    transactional = next(filter(_TRANSACTIONAL.search, names), None)
    if marketing is None or transactional is None:
        return None
    both = say(
        "sendgrid.both_kinds",
        marketing=inert(marketing, 60),
        transactional=inert(transactional, 60),
    )
    word = "separate" if subusers else "mixed"
    return Measurement(SEPARATION, ACCOUNT, word, evidence=() if subusers else (both,))
