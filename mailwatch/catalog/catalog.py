"""Reads `checks/` (what each metric means) and `thresholds.yaml` (the numbers).

Both are data that users edit, so both are read strictly: a mistake is reported with file, line
and key before anything is measured.
"""

import functools
from collections.abc import Mapping
from dataclasses import field, replace
from pathlib import Path

from mailwatch.catalog import shipped
from mailwatch.catalog.check_file import Example, entry, read_check, refuse_cases
from mailwatch.catalog.threshold_file import Numbers, Override, OverrideIndex, lay_over
from mailwatch.errors import ConfigError, FileError
from mailwatch.frozen import dataclass
from mailwatch.model import Check, Subject, Threshold
from mailwatch.text.inert import inert
from mailwatch.text.nearest import nearest
from mailwatch.yamlfile.reader import Node, load
from mailwatch.yamlfile.shape import Spot

Found = dict[str, tuple[Check, tuple[Example, ...], Path]]
"""Checks by id, each with its examples and the file that it stands in."""


@dataclass(frozen=True, slots=True)
class Catalog:
    """Every check with its numbers."""

    checks: Mapping[str, Check]
    numbers: Mapping[str, Numbers]
    overrides: tuple[Override, ...]
    examples: Mapping[str, tuple[Example, ...]]
    _by_metric: dict[str, tuple[Check, ...]] = field(init=False, repr=False, compare=False)
    _index: OverrideIndex = field(init=False, repr=False, compare=False)
    _general: dict[str, Threshold] = field(
        init=False, repr=False, compare=False, default_factory=dict
    )
    """The thresholds without overrides, each made once for all its findings."""

    def __post_init__(self) -> None:
        by_metric: dict[str, tuple[Check, ...]] = {}
        for check in self.checks.values():
            by_metric[check.metric] = (*by_metric.get(check.metric, ()), check)
        object.__setattr__(self, "_by_metric", by_metric)
        object.__setattr__(self, "_index", OverrideIndex(self.overrides))

    def judging(self, metric: str) -> tuple[Check, ...]:
        """The checks that judge `metric`."""
        return self._by_metric.get(metric, ())

    def threshold(self, check: Check, subject: Subject) -> Threshold:
        """The numbers in force for `check` of `subject`: later overrides win, key by key."""
        numbers = self.numbers[check.id]
        merged = self._index.merged(check.id, numbers, subject)
        if merged is not numbers:
            return Threshold(**merged)
        if check.id not in self._general:
            self._general[check.id] = Threshold(**numbers)
        return self._general[check.id]

    def check(self, check_id: str) -> Check:
        """The check `check_id`. Raises ConfigError with the nearest right word."""
        if check_id not in self.checks:
            raise ConfigError(
                f"There is no check {inert(check_id, 80)}{nearest(check_id, self.checks)}",
                "mailwatch checks lists them all.",
            )
        return self.checks[check_id]


def read_catalog(
    thresholds: Path | None = None, checks: Path | None = None, source: str | None = None
) -> Catalog:
    """The shipped checks and numbers, overridden by the user's.

    With `source`, the shipped ones of that source alone: where a user's own files may name others,
    all are needed. Raises FileError or ConfigError for anything in the files that is not valid.
    """
    if source is not None and not (shipped.CHECKS / source).is_dir():
        source = None  # it has the checks of others
    found = dict(_shipped_checks(shipped.CHECKS / (source or "")))
    if checks is not None:
        _add_checks(checks, found)
    known = {check_id: check for check_id, (check, _, _) in found.items()}
    numbers: dict[str, Numbers] = {check_id: {} for check_id in known}
    overrides: list[Override] = []
    for path in (shipped.THRESHOLDS, thresholds):
        if path is not None:
            lay_over(path, known, numbers, overrides, source)
    for check_id, (_, _, path) in found.items():
        if not numbers[check_id]:
            raise FileError(
                path,
                f"{check_id} has no threshold",
                tip=f"Add a line to thresholds.yaml: {check_id}: {{ideal: none, act: none}}",
            )
    examples = {check_id: given for check_id, (_, given, _) in found.items()}
    return Catalog(known, numbers, tuple(overrides), examples)


@functools.cache
def _shipped_checks(folder: Path) -> Found:
    """The checks in a folder of the installation, which does not change while the program runs."""
    found: Found = {}
    _add_checks(folder, found)
    return found


def _add_checks(folder: Path, found: Found) -> None:
    paths = sorted(path for path in folder.rglob("*") if path.suffix in (".yaml", ".yml"))
    if not paths:
        raise ConfigError(
            f"{inert(str(folder))} is not a folder with checks",
            "Check --checks, or checks: in mailwatch.yaml.",
        )
    shipped_checks = {check.metric: check for check, _, _ in found.values()}
    for path in paths:
        node = load(path)
        if node is None:
            raise FileError(
                path, "contains no check", tip="Write a check in it, or delete the file."
            )
        check, examples = read_check(node, path)
        if check.id in found:
            first = inert(str(found[check.id][2]))
            raise Spot(path, "id").error(
                entry(node, "id"), f"{check.id} is already defined in {first}"
            )
        if shipped_checks:
            _refuse_strange(check, shipped_checks, node, Spot(path))
            check = replace(check, proportion=shipped_checks[check.metric].proportion)
        found[check.id] = (check, examples, path)


def _refuse_strange(check: Check, known: Mapping[str, Check], node: Node, spot: Spot) -> None:
    """Raises FileError where the check of a user does not fit what the sources measure."""
    if check.metric not in known:
        raise spot.under("metric").error(
            entry(node, "metric"),
            f"{inert(check.metric, 80)} is not a metric{nearest(check.metric, known)}",
            "Your own check must use a metric that exists. mailwatch checks lists them.",
        )
    model = known[check.metric]
    if check.unit != model.unit:
        raise spot.under("unit").error(
            entry(node, "unit"), f"{check.metric} is measured in another unit: {model.unit}"
        )
    if check.proportion != model.proportion and entry(node, "proportion") is not node:
        raise spot.under("proportion").error(
            entry(node, "proportion"), f"of {check.metric} is {str(model.proportion).lower()}"
        )
    words = check.worse if isinstance(check.worse, tuple) else ()
    for word in words:
        if word in model.worse:
            continue
        raise spot.under("worse.order").error(
            entry(node, "worse"),
            f"{word} is not a word of {check.metric}{nearest(word, model.worse)}",
            f"Its words are {', '.join(model.worse)}.",
        )
    order = model.worse if isinstance(model.worse, tuple) else ()
    named = [word for action in model.actions for word in action.cases]
    refuse_cases(check, tuple(dict.fromkeys((*order, *named))), node, spot)
