"""thresholds.yaml: what it can contain, and how one file overrides another, key by key."""

from collections.abc import Iterable, Mapping
from dataclasses import field
from operator import itemgetter
from pathlib import Path
from typing import Any

from mailwatch.catalog.subjects import subject_keys
from mailwatch.config.addresses import parse_domain, parse_selector
from mailwatch.frozen import dataclass
from mailwatch.model import (
    ACCOUNT,
    SUBJECT_KEYS,
    Check,
    Limit,
    Place,
    Subject,
    SubjectIndex,
)
from mailwatch.text.inert import inert
from mailwatch.text.nearest import nearest
from mailwatch.text.units import limit_text, parse_limit
from mailwatch.yamlfile.reader import Entries, Node, Scalar, load
from mailwatch.yamlfile.shape import Fields, Listed, Nullable, Parsed, Spot, integer, text

Numbers = Mapping[str, Any]
"""What one line of thresholds.yaml sets: a part of a Threshold's fields."""


@dataclass(frozen=True, slots=True)
class Override:
    """Numbers for the subjects that have every pair of `match`."""

    match: Subject
    numbers: Mapping[str, Numbers]


class OverrideIndex:
    """Overrides by check and subject: finding those that apply does not depend on how many."""

    def __init__(self, overrides: Iterable[Override] = ()) -> None:
        self._subjects: dict[str, SubjectIndex[list[tuple[int, Numbers]]]] = {}
        self._size = 0
        for override in overrides:
            self.add(override)

    def add(self, override: Override) -> None:
        """Adds one that wins over all before it."""
        self._size += 1
        for check_id, numbers in override.numbers.items():
            subjects = self._subjects.setdefault(check_id, SubjectIndex())
            subjects.setdefault(override.match, []).append((self._size, numbers))

    def merged(self, check_id: str, numbers: Numbers, subject: Subject) -> Numbers:
        """`numbers` with those of every override for `subject` laid over them, key by key.

        Without any, `numbers` itself.
        """
        if check_id not in self._subjects:
            return numbers
        found = [one for some in self._subjects[check_id].included(subject) for one in some]
        if not found:
            return numbers
        merged = dict(numbers)
        for _, over in sorted(found, key=itemgetter(0)):
            merged |= over
        return merged


def lay_over(
    path: Path,
    checks: Mapping[str, Check],
    numbers: dict[str, Numbers],
    overrides: list[Override],
    source: str | None = None,
) -> None:
    """Replaces `numbers`, key by key, with the file's, and appends its overrides.

    With `source`, the lines of the checks of that source alone are read. Raises FileError.
    """
    node = load(path)
    if node is None:
        return
    spot = Spot(path)
    if not isinstance(node, Entries):
        raise spot.error(node, "is not a mapping", "Each line is check.id: {ideal: …, act: …}.")
    own = "" if source is None else f"{source}."
    for key, value in node.entries:
        if key.text != "overrides" and key.text.startswith(own):
            read = _read_line(key, value, spot, _Known(checks, numbers, [], "overrides"))
            numbers[key.text] = {**numbers[key.text], **read}
    for key, value in node.entries:
        if key.text == "overrides":
            shape = _overrides(_Known(checks, numbers, overrides, "match"))
            shape.read(value, spot.under("overrides"))


def thresholds_schema(checks: Mapping[str, Check]) -> dict[str, Any]:
    """thresholds.yaml in JSON Schema."""
    lines = {check.id: threshold_fields(check).schema() for check in checks.values()}
    overrides = _overrides(_Known(checks, {}, [], "match")).schema()
    return {
        "type": "object",
        "properties": {**lines, "overrides": overrides},
        "additionalProperties": False,
    }


def threshold_fields(check: Check) -> Fields:
    """What one line of thresholds.yaml may set for `check`."""
    accepted = {
        "percent": "a percentage with its sign, such as 3% or '>= 0.3%'",
        "word": f"one of {', '.join(check.worse) if isinstance(check.worse, tuple) else ''}",
    }.get(check.unit, "a number, such as 8 or '>= 8'")
    number_or_text = {"type": ["string", "number"]}

    def side(name: str) -> Parsed:
        return Parsed(
            lambda value: _possible(parse_limit(value, name, check), check),
            f"{accepted}; or none",
            number_or_text,
        )

    return Fields(
        {
            "ideal": side("ideal"),
            "act": side("act"),
            "min_messages": integer(),
            "min_daily": integer(),
            "max_age_days": integer(),
        }
    )


def _possible(limit: Limit | None, check: Check) -> Limit | None:
    """`limit`, if the figure can be on both of its sides. Raises ValueError."""
    if limit is None or check.unit != "percent" or isinstance(limit.value, str):
        return limit
    if limit.value < 0 or (check.proportion and limit.value > 1):
        bounds = "between 0% and 100%" if check.proportion else "0% or more"
        raise ValueError(f"can never be reached: {check.id} is {bounds}")
    return limit


@dataclass(frozen=True, slots=True)
class _Known:
    """What a line can name, and the numbers it overrides."""

    checks: Mapping[str, Check]
    numbers: Mapping[str, Numbers]
    overrides: list[Override]
    other_key: str
    """The key that is allowed among the checks."""
    index: OverrideIndex = field(init=False)
    """`overrides` by check and subject."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "index", OverrideIndex(self.overrides))

    def beneath(self, check_id: str, subject: Subject) -> Numbers:
        """What is in force for every subject that has the pairs of `subject`."""
        return self.index.merged(check_id, self.numbers[check_id], subject)


def _read_line(
    key: Scalar, value: Node, spot: Spot, known: _Known, subject: Subject = ACCOUNT
) -> Numbers:
    """The numbers that this line sets, valid together with those it overrides."""
    below = spot.under(inert(key.text, 80))
    if key.text not in known.checks:
        words = (*known.checks, known.other_key)
        raise below.error(
            key,
            f"is not a check{nearest(key.text, words)}",
            "mailwatch checks lists them all. For a check of your own, name its folder: "
            "--checks DIR, or checks: in mailwatch.yaml.",
        )
    check = known.checks[key.text]
    _refuse_never(subject, check, key, below)
    read = _with_places(threshold_fields(check).read(value, below), key, value, spot.path)
    merged = {**known.beneath(check.id, subject), **read}
    ideal, act = merged.get("ideal"), merged.get("act")
    if not _in_order(ideal, act, check):
        sides = (limit_text(side, check.unit, readable=False) for side in (ideal, act))
        raise below.error(
            value,
            "the thresholds are the wrong way round: ideal must be as good as act or better",
            "Together with the thresholds it overrides, ideal is {} and act is {}.".format(*sides),
        )
    return read


def _refuse_never(subject: Subject, check: Check, key: Scalar, spot: Spot) -> None:
    """Raises FileError where no finding of `check` can have the pairs of `subject`."""
    keys = subject_keys(check)
    for name, _ in subject.pairs:
        if name not in keys:
            raise spot.error(
                key,
                f"never has a {name}, so this override never applies",
                f"Keys that work for {check.id}: {', '.join(keys)}.",
            )


def _with_places(read: Numbers, key: Scalar, line: Node, path: Path) -> Numbers:
    """`read`, with the place in the file of the check and of each of its sides."""
    if not isinstance(line, Entries) or not read:
        return read
    places = {
        f"{side}_at": Place(path, line.at(side).line) for side in ("ideal", "act") if side in read
    }
    return {**read, **places, "at": Place(path, key.line)}


def _in_order(ideal: Limit | None, act: Limit | None, check: Check) -> bool:
    if ideal is None or act is None:
        return True
    if isinstance(check.worse, tuple):
        return check.worse.index(str(ideal.value)) <= check.worse.index(str(act.value))
    better, worse = float(ideal.value), float(act.value)
    return better <= worse if check.worse == "higher" else better >= worse


@dataclass(frozen=True, slots=True)
class _OverrideShape:
    """One override: `match`, and lines as in the rest of the file. Those read join the known."""

    known: _Known

    def read(self, node: Node, spot: Spot) -> Override:
        """The override that `node` is."""
        if not isinstance(node, Entries):
            raise spot.error(
                node,
                "is not a mapping",
                "An override has match: {domain: …} and at least one check.",
            )
        match = node.at("match")
        pairs = {} if match is node else _MATCH.read(match, spot.under("match"))
        subject = Subject.of(**pairs)
        numbers = {
            key.text: _read_line(key, value, spot, self.known, subject)
            for key, value in node.entries
            if key.text != "match"
        }
        if not pairs:
            raise spot.error(node, "match is empty", "For example: match: {domain: example.com}")
        if not any(numbers.values()):
            raise spot.error(
                node,
                "sets no numbers",
                "Add a check to it, such as sendgrid.bounce_rate: {ideal: 1%, act: 2%}",
            )
        override = Override(subject, numbers)
        self.known.overrides.append(override)
        self.known.index.add(override)
        return override

    def schema(self) -> dict[str, Any]:
        """The same in JSON Schema."""
        checks = self.known.checks.values()
        lines = {check.id: threshold_fields(check).schema() for check in checks}
        return {
            "type": "object",
            "properties": {"match": _MATCH.schema(), **lines},
            "required": ["match"],
            "additionalProperties": False,
        }


def _overrides(known: _Known) -> Nullable:
    """The shape of the key overrides."""
    return Nullable(Listed(_OverrideShape(known)))


_MATCH = Fields(
    {
        **{name: text(253) for name in SUBJECT_KEYS},
        "domain": Parsed(parse_domain, "a domain name, such as example.com", repeats=False),
        "selector": Parsed(parse_selector, "a DKIM selector, such as s1", repeats=False),
    }
)
