"""The parameters that each endpoint takes, as Twilio's OpenAPI description lists them.

What is not in it is refused before the endpoint is asked: a request that only a lenient server
understands must not pass here.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from mailwatch.demo.sendgrid.routes import MOST_NAMES, SendGridRefusal
from mailwatch.demo.wire.exchange import Request


@dataclass(frozen=True, slots=True)
class Parameter:
    """What the values of a parameter are: a number within limits, one of some words, or a text."""

    whole: bool = False
    least: int | None = None
    most: int | None = None
    words: tuple[str, ...] = ()
    most_times: int = 1

    def accepts(self, text: str) -> bool:
        """True for a value that the endpoint can read."""
        if self.words:
            return text in self.words
        if not self.whole:
            return True
        return (
            re.fullmatch(r"-?[0-9]{1,10}", text) is not None
            and (self.least is None or int(text) >= self.least)
            and (self.most is None or int(text) <= self.most)
        )


TEXT = Parameter()
WHOLE = Parameter(whole=True)
LIMIT = Parameter(whole=True, least=1)
OFFSET = Parameter(whole=True, least=0)
SWITCH = Parameter(words=("true", "false"))
NAMES = Parameter(most_times=MOST_NAMES)
BY = Parameter(words=("day", "week", "month"))
ORDER = Parameter(words=("desc", "asc"))

_DAYS = {"start_date": TEXT, "end_date": TEXT, "aggregated_by": BY}
_PAGE = {"limit": LIMIT, "offset": OFFSET}
_SUMS = {**_DAYS, **_PAGE, "sort_by_metric": TEXT, "sort_by_direction": ORDER}
_LIST = {
    "start_time": WHOLE,
    "end_time": WHOLE,
    "limit": Parameter(whole=True, least=1, most=500),
    "offset": OFFSET,
    "email": TEXT,
}
_MONTH = {
    "date": TEXT,
    "subuser": TEXT,
    "sort_by_metric": TEXT,
    "sort_by_direction": ORDER,
    **_PAGE,
}

PARAMETERS: Mapping[str, Mapping[str, Parameter]] = {
    "/v3/stats": {**_DAYS, **_PAGE},
    "/v3/mailbox_providers/stats": {**_DAYS, **_PAGE, "mailbox_providers": NAMES},
    "/v3/categories": {**_PAGE, "category": TEXT},
    "/v3/categories/stats": {**_DAYS, "categories": NAMES},
    "/v3/categories/stats/sums": _SUMS,
    "/v3/subusers": {
        **_PAGE,
        "username": TEXT,
        "region": Parameter(words=("all", "global", "eu")),
        "include_region": SWITCH,
    },
    "/v3/subusers/reputations": {"usernames": NAMES},
    "/v3/subusers/stats": {**_DAYS, **_PAGE, "subusers": NAMES},
    "/v3/subusers/stats/sums": {**_SUMS, "aggregated_by": TEXT},
    "/v3/subusers/stats/monthly": _MONTH,
    "/v3/suppression/blocks": _LIST,
    "/v3/suppression/bounces": _LIST,
    "/v3/suppression/invalid_emails": _LIST,
    "/v3/suppression/spam_reports": _LIST,
    "/v3/suppression/unsubscribes": _LIST,
    "/v3/suppression/bounces/classifications": {"start_date": TEXT, "end_date": TEXT},
    "/v3/suppressions/bounces/classifications": {"start_date": TEXT, "end_date": TEXT},
    "/v3/engagementquality/scores": {"from": TEXT, "to": TEXT},
    "/v3/engagementquality/subusers/scores": {
        "date": TEXT,
        "limit": Parameter(whole=True, least=0, most=1000),
        "after_key": WHOLE,
    },
    "/v3/ips": {
        **_PAGE,
        "ip": TEXT,
        "exclude_whitelabels": SWITCH,
        "subuser": TEXT,
        "sort_by_direction": ORDER,
    },
    "/v3/whitelabel/domains": {
        **_PAGE,
        "exclude_subusers": SWITCH,
        "username": TEXT,
        "domain": TEXT,
    },
    "/v3/whitelabel/links": {"limit": LIMIT},
    "/v3/whitelabel/ips": {**_PAGE, "ip": TEXT},
    "/v3/user/webhooks/event/settings/all": {"include": TEXT},
}
"""A path that is not here takes no parameters."""


def refuse_undescribed(request: Request) -> None:
    """Refuses a parameter that the endpoint does not have, that is given too often, or whose value
    it cannot read."""
    known = PARAMETERS.get(request.path, {})
    names = [name for name, _ in request.query]
    for name, value in request.query:
        parameter = known.get(name)
        if parameter is None:
            raise SendGridRefusal(400, f"invalid query parameter {name}", name)
        if names.count(name) > parameter.most_times or not parameter.accepts(value):
            raise SendGridRefusal(400, f"invalid value for the parameter {name}", name)
