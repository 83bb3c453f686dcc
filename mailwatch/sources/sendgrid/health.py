"""What SendGrid thinks of the account: how much of the plan is used, and its own scores."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from mailwatch.model import ACCOUNT, Cause, Measurement, Subject, Window, say
from mailwatch.sources.sendgrid.bodies import LONGEST_NAME, read_count, read_name
from mailwatch.sources.sendgrid.client import Endpoint, SendGrid
from mailwatch.sources.sendgrid.daily_counts import Days, Statistics
from mailwatch.sources.sendgrid.statistics import REPUTATION
from mailwatch.text.inert import inert

PLAN = "sendgrid.plan_use"
ENGAGEMENT = "sendgrid.engagement_quality"
CREDITS = Endpoint(("user", "credits"), "user.credits.read")
REPUTATIONS = Endpoint(("subusers", "reputations"), "subusers.reputations.read")
# 202: not computed yet. 403: the plan does not have it, and there is no scope to give.
SCORES = Endpoint(("engagementquality", "scores"), "", (202, 403, 404))
SUBUSER_SCORES = Endpoint(("engagementquality", "subusers", "scores"), "", (202, 403, 404))
SCORES_PAGE = 1000
MOST_SCORE_PAGES = 20
RECENT_DAYS = 7
PLAN_NAME = "plan"


def measure_plan(client: SendGrid, statistics: Statistics, today: date) -> Iterator[Measurement]:
    """The month's total, projected from the last seven days, over the emails of the plan.

    Nothing for a plan without a number.
    """
    total, used, last_reset, next_reset = client.ask(CREDITS, {}, _read_credits)
    if not total:
        return
    a_day = _usual(statistics) or used // max(1, (today - last_reset).days)
    left = max(0, (next_reset - today).days)
    projected = used + a_day * left
    yield Measurement(
        PLAN,
        ACCOUNT,
        value=projected / total,
        numerator=projected,
        denominator=total,
        denominator_name=PLAN_NAME,
        evidence=(
            say("sendgrid.plan_used", used=used, since=last_reset, a_day=a_day, until=next_reset),
        ),
    )


def _read_credits(body: Any) -> tuple[int, int, date, date]:
    total, used = read_count(body["total"]), read_count(body["used"])
    last, following = (date.fromisoformat(body[name][:10]) for name in ("last_reset", "next_reset"))
    return total, used, last, following


def _usual(statistics: Statistics) -> int:
    """Requests a day over the newest days; drops count toward the plan too."""
    newest = sorted(statistics)[-RECENT_DAYS:]
    counted = [statistics[day]["requests"] for day in newest if "requests" in statistics[day]]
    return sum(counted) // len(counted) if counted else 0


def plan_has_no_past() -> Measurement:
    """The plan use of a past day, which nobody keeps."""
    return Measurement(PLAN, ACCOUNT, cause=Cause.NO_DATA, note=say("sendgrid.plan_no_past"))


def measure_reputations(client: SendGrid, names: Sequence[str]) -> Iterator[Measurement]:
    """The reputations of at most ten subusers, as of now."""
    shown = {inert(name, LONGEST_NAME) for name in names}
    for name, reputation in client.ask(
        REPUTATIONS, {"usernames": tuple(names)}, _read_reputations
    ).items():
        if name in shown:
            yield Measurement(REPUTATION, Subject.of(subuser=name), reputation)


def _read_reputations(body: Any) -> Mapping[str, float]:
    return {read_name(row["username"]): _number(row["reputation"], 0, 100) for row in body}


def _number(value: Any, least: float, most: float) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not least <= value <= most:
        raise ValueError("not a number in its range")
    return float(value)


def measure_engagement(client: SendGrid, days: Days) -> Iterator[Measurement]:
    """The newest engagement quality score of the account, 1 to 5.

    Nothing where there is none: it is not computed yet, the plan does not have it, open tracking
    is off or fewer than 1,000 messages were sent in 30 days.
    """
    first = days.newest - timedelta(days=RECENT_DAYS - 1)
    scores = client.ask(
        SCORES, {"from": str(first), "to": str(days.newest)}, lambda body: _read_scores(body)[0]
    )
    for _, day, score in sorted(scores, key=lambda row: row[1])[-1:]:
        yield _engagement(ACCOUNT, day, score, days)


def measure_subuser_engagement(
    client: SendGrid, names: frozenset[str], days: Days
) -> Iterator[Measurement]:
    """The engagement quality scores of those subusers that have one."""
    after: str | None = None
    for _ in range(MOST_SCORE_PAGES):
        query: dict[str, str | int] = {"date": str(days.newest), "limit": SCORES_PAGE}
        scores, after = client.ask(
            SUBUSER_SCORES, query if after is None else {**query, "after_key": after}, _read_scores
        )
        for name, day, score in scores:
            if name in names:
                yield _engagement(Subject.of(subuser=name), day, score, days)
        if after is None:
            return


Scores = list[tuple[str, date, float]]


def _read_scores(body: Any) -> tuple[Scores, str | None]:
    """Name, day and score of each row that has one, and the key of the next page."""
    if not body:
        return [], None
    rows = [
        (read_name(row["username"]), date.fromisoformat(row["date"]), _number(row["score"], 1, 5))
        for row in body["result"]
        if row.get("score") is not None
    ]
    after = ((body.get("_metadata") or {}).get("next_params") or {}).get("after_key")
    return rows, None if after is None else str(int(after))


def _engagement(subject: Subject, day: date, score: float, days: Days) -> Measurement:
    return Measurement(
        ENGAGEMENT, subject, score, window=Window(day, day), complete_until=days.newest
    )
