"""Reading a QueryDomainStatsRequest as strictly as protobuf does, and the rows that answer it.

The schemas are those of the Postmaster Tools API v2's discovery document.
"""

import base64
import binascii
import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from mailwatch.demo.google.filters import series
from mailwatch.demo.google.protobuf import invalid, items, message, page_size, text, whole
from mailwatch.demo.story.world import Figure, GmailDomain
from mailwatch.demo.wire.exchange import Json

FIELDS = (
    *("parent", "metricDefinitions", "timeQuery", "aggregationGranularity"),
    *("pageSize", "pageToken"),
)
GRANULARITIES = {
    "AGGREGATION_GRANULARITY_UNSPECIFIED": True,
    "DAILY": True,
    "OVERALL": False,
}


@dataclass(frozen=True, slots=True)
class StatsQuery:
    """What is asked for: series by the caller's own name, days, a page."""

    wanted: Mapping[str, str]
    asked: Callable[[date], bool]
    daily: bool
    size: int
    token: str | None


def parse(body: Json, parent: str) -> StatsQuery:
    """The query in `body`, which must be about `parent`, in the form `domains/example.com`.

    Raises `GoogleRefusal` (INVALID_ARGUMENT) for whatever the API would not take.
    """
    request = message(body, "request", FIELDS)
    if text(request.get("parent"), "parent") != parent:
        raise invalid("parent", "parent in the body is not the one in the path")
    granularity = request.get("aggregationGranularity", "DAILY")
    if granularity not in GRANULARITIES:
        raise invalid("aggregationGranularity", f"Invalid value: {granularity}")
    definitions = items(request.get("metricDefinitions"), "metricDefinitions")
    wanted = dict(_definition(value) for value in definitions)
    if len(wanted) < len(definitions):
        raise invalid("metricDefinitions", "two metric definitions have one name")
    token = request.get("pageToken")
    return StatsQuery(
        wanted=wanted,
        asked=_days(request.get("timeQuery")),
        daily=GRANULARITIES[granularity],
        size=page_size(whole(request.get("pageSize"), "pageSize")),
        token=None if token in (None, "") else _decode(token),
    )


def rows(domain: str, data: GmailDomain, query: StatsQuery) -> Json:
    """A page of rows, oldest first; `{}` where there are none."""
    found = _daily(data, query) if query.daily else _overall(data, query)
    keys = [key for key, *_ in found]
    start = 0
    if query.token is not None:
        if query.token not in keys:
            raise invalid("pageToken", "Invalid page token")
        start = keys.index(query.token)
    page = found[start : start + query.size]
    answer: dict[str, Json] = {}
    if page:
        answer["domainStats"] = [_row(domain, query, *row) for row in page]
    if start + query.size < len(found):
        answer["nextPageToken"] = base64.urlsafe_b64encode(
            keys[start + query.size].encode()
        ).decode()
    return answer


StatsRow = tuple[str, str, date | None, Figure]
"""The row's place among all (what a page token encodes), its metric, its day, its value."""


def _daily(data: GmailDomain, query: StatsQuery) -> list[StatsRow]:
    return [
        (f"{day:%Y%m%d}/{name}", name, day, figures[query.wanted[name]])
        for day, figures in sorted(data.days.items())
        if query.asked(day)
        for name in sorted(query.wanted)
        if query.wanted[name] in figures
    ]


def _overall(data: GmailDomain, query: StatsQuery) -> list[StatsRow]:
    """One row a metric: counts summed, rates as the mean of their days, lists united."""
    found: list[StatsRow] = []
    for name, wanted in sorted(query.wanted.items()):
        values = [
            f[wanted] for day, f in sorted(data.days.items()) if query.asked(day) and wanted in f
        ]
        counts = [value for value in values if isinstance(value, int)]
        rates = [value for value in values if isinstance(value, float)]
        lists = [entry for value in values if isinstance(value, tuple) for entry in value]
        if counts:
            found.append((name, name, None, sum(counts)))
        elif rates:
            found.append((name, name, None, sum(rates) / len(rates)))
        elif lists:
            found.append((name, name, None, tuple(dict.fromkeys(lists))))
    return found


def _row(
    domain: str, query: StatsQuery, key: str, name: str, day: date | None, value: Figure
) -> Json:
    """A DomainStat. Its name is opaque; this is how a live one looks."""
    label = query.wanted[name].replace("_", "").replace("/", ".").lower()
    label = label if "." in label else f"{label}.nofilter"
    ending = f".{day:%Y%m%d}" if day else ""
    row: dict[str, Json] = {
        "name": f"domains/{domain}/domainStats/{label}{ending}",
        "metric": name,
        "value": _value(value),
    }
    if day:
        row["date"] = {"year": day.year, "month": day.month, "day": day.day}
    return row


def _value(value: Figure) -> Json:
    """A StatisticValue. An int64 is a string in JSON; a float has 32 bits and its shortest text."""
    if isinstance(value, tuple):
        return {"stringList": {"values": list(value)}}
    if isinstance(value, int):
        return {"intValue": str(value)}
    single = struct.unpack("f", struct.pack("f", value))[0]
    for digits in range(1, 10):
        shorter = float(f"{single:.{digits}g}")
        if struct.unpack("f", struct.pack("f", shorter))[0] == single:
            return {"floatValue": int(shorter) if shorter.is_integer() else shorter}
    return {"floatValue": single}


def _definition(value: Json) -> tuple[str, str]:
    where = "metricDefinitions"
    definition = message(value, where, ("name", "baseMetric", "filter"))
    name = text(definition.get("name"), f"{where}.name")
    base = message(definition.get("baseMetric"), f"{where}.baseMetric", ("standardMetric",))
    metric = text(base.get("standardMetric"), f"{where}.baseMetric.standardMetric")
    expression = definition.get("filter", "")
    if not isinstance(expression, str):
        raise invalid(f"{where}.filter", "Invalid value at 'filter' (TYPE_STRING)")
    return name, series(metric, expression)


def _days(value: Json) -> Callable[[date], bool]:
    """Whether a day was asked for: by `dateRanges.dateRanges` (doubled) or `dateList.dates`."""
    query = message(value, "timeQuery", ("dateRanges", "dateList"))
    if len(query) != 1:
        raise invalid("timeQuery", "timeQuery takes one of dateRanges and dateList")
    if "dateList" in query:
        dates = message(query["dateList"], "timeQuery.dateList", ("dates",))
        listed = {_date(day, "dates") for day in items(dates.get("dates"), "dates")}
        return lambda day: day in listed
    ranges = message(query["dateRanges"], "timeQuery.dateRanges", ("dateRanges",))
    spans = [_range(span) for span in items(ranges.get("dateRanges"), "dateRanges")]
    return lambda day: any(first <= day <= last for first, last in spans)


def _range(value: Json) -> tuple[date, date]:
    span = message(value, "dateRanges", ("start", "end"))
    first, last = _date(span.get("start"), "start"), _date(span.get("end"), "end")
    if last < first:
        raise invalid("dateRanges", "end is before start")
    return first, last


def _date(value: Json, where: str) -> date:
    day = message(value, where, ("year", "month", "day"))
    year, month, number = (whole(day.get(part), part) for part in ("year", "month", "day"))
    try:
        return date(year, month, number)
    except ValueError as error:
        raise invalid(where, f"Invalid date at '{where}'") from error


def _decode(token: Json) -> str:
    try:
        return base64.urlsafe_b64decode(text(token, "pageToken").encode()).decode()
    except (binascii.Error, ValueError) as error:
        raise invalid("pageToken", "Invalid page token") from error
