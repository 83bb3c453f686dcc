"""An aggregate report as text, for the history: a message may be moved where nobody reads it.

Only whole reports are kept, each once, so that a later run adds new ones to the same day, and never
adds one twice. A report of very many sources is kept with its largest, and the rest as one.
"""

import json
from collections.abc import Mapping
from datetime import date
from heapq import nlargest
from operator import itemgetter
from typing import Any

from mailwatch.model.keepsake import Keepsake
from mailwatch.sources.dmarc.contents import AggregateKey, AggregateReport, Policy, RowShape
from mailwatch.sources.dmarc.identity import Identity
from mailwatch.sources.dmarc.summary import REST, report_id

MOST_ROWS = 500
"""Rows of a report that are kept apart, by their messages."""
_SIGN = 1 << 63

Rows = Mapping[tuple[str, RowShape], int]


def signed_id(key: AggregateKey) -> int:
    """The number by which the history knows the report."""
    return report_id(key) - _SIGN


def unsigned_id(number: int) -> int:
    """The number by which a summary knows it."""
    return number + _SIGN


def to_keepsake(report: AggregateReport, place: str) -> Keepsake:
    """The report as it is kept."""
    rows = _largest(report.rows)
    shapes = {shape: number for number, shape in enumerate(dict.fromkeys(s for _, s in rows))}
    body = {
        "key": report.key,
        "domain": report.domain,
        "reporter": report.reporter,
        "day": report.day,
        "policy": report.policy,
        "cut": report.cut,
        "shapes": [shape._asdict() for shape in shapes],
        "rows": [[address, shapes[shape], count] for (address, shape), count in rows.items()],
    }
    text = json.dumps(body, separators=(",", ":"))
    return Keepsake(place, signed_id(report.key), date.fromordinal(report.day), text)


def _largest(rows: Rows) -> Rows:
    if len(rows) <= MOST_ROWS:
        return rows
    largest = dict(nlargest(MOST_ROWS, rows.items(), key=itemgetter(1)))
    rest: dict[tuple[str, RowShape], int] = {}
    for row, count in rows.items():
        if row not in largest:
            shape = row[1]._replace(identity=REST, header_from="", cut=False, keys=())
            rest[REST, shape] = rest.get((REST, shape), 0) + count
    return largest | rest


def from_body(body: str) -> AggregateReport | None:
    """The report that was kept; None where it cannot be read (a later mailwatch wrote it)."""
    try:
        return _report(json.loads(body))
    except (KeyError, TypeError, ValueError, IndexError):
        return None


def _report(stored: Mapping[str, Any]) -> AggregateReport:
    shapes = [_shape(shape) for shape in stored["shapes"]]
    return AggregateReport(
        AggregateKey(*stored["key"]),
        stored["domain"],
        stored["reporter"],
        stored["day"],
        Policy(*stored["policy"]),
        {(address, shapes[shape]): count for address, shape, count in stored["rows"]},
        stored["cut"],
    )


def _shape(stored: Mapping[str, Any]) -> RowShape:
    known = {name: value for name, value in stored.items() if name in RowShape._fields}
    keys = tuple(Identity(*key) for key in stored.get("keys", ()))
    return RowShape(**{**known, "keys": keys})
