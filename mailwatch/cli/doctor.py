"""doctor: what works, and how to fix what does not."""

import json
import os
import sys
from collections.abc import Iterable, Iterator
from typing import Any

from mailwatch.cli.at_work import work_shown
from mailwatch.cli.check import DomainOptions, aim
from mailwatch.cli.explain import wrapped
from mailwatch.cli.options import ReportOptions
from mailwatch.cli.output import (
    choose_language,
    choose_width,
    print_out,
    set_up_log,
)
from mailwatch.clock import Clock
from mailwatch.config import Config, load_config
from mailwatch.model import Lang, say, verbatim
from mailwatch.sources import SOURCES
from mailwatch.sources.diagnosis import Diagnosis
from mailwatch.sources.job import Job
from mailwatch.words import worded

SECONDS = 30.0
"""For each source, in all."""
LARGEST_SKEW = 60.0
"""Seconds: beyond, a service account's token is refused, and near midnight the day is wrong."""
SIGNS = {True: ("✓", "doctor.works"), False: ("✗", "doctor.fails"), None: ("!", "doctor.note")}


def doctor(clock: Clock, given: DomainOptions, options: ReportOptions) -> int:
    """Prints what works and what does not; 3 where something does not."""
    set_up_log(options.verbose)
    config = aim(load_config(options.config).config, given)
    for source in SOURCES.values():
        source.validate(config)
    with work_shown("Asking …"):
        diagnoses = list(examine(config, clock))
    language = choose_language(
        options.lang, os.environ if options.format == "console" else {}, sys.stdout
    )
    if options.format == "json":
        document = {"diagnoses": [_document(diagnosis, language) for diagnosis in diagnoses]}
        print_out([json.dumps(document, ensure_ascii=False, indent=2), "\n"])
    else:
        width = choose_width(options.width, os.environ)
        print_out(wrapped(_lines(diagnoses, language), width))
    return 3 if any(diagnosis.works is False for diagnosis in diagnoses) else 0


def examine(config: Config, clock: Clock) -> Iterator[Diagnosis]:
    """What is found of each source that is configured, and of the clock."""
    skew: float | None = None
    for name, source in SOURCES.items():
        reason = source.skipped(config, None)
        if reason is not None:
            if source.ABOUT.quiet:
                continue
            yield Diagnosis(verbatim(name), None, reason)
            continue
        job = Job(clock.now(), None, clock.monotonic() + SECONDS, clock)
        yield from source.diagnose(config, job)
        skew = job.skew if skew is None else skew
    yield _diagnose_clock(skew)


def _diagnose_clock(skew: float | None) -> Diagnosis:
    what = say("doctor.clock")
    if skew is None:
        return Diagnosis(what, None, say("doctor.clock_unknown"))
    if abs(skew) > LARGEST_SKEW:
        return Diagnosis(what, False, say("doctor.clock_wrong", seconds=round(abs(skew))))
    return Diagnosis(what, True, say("doctor.clock_right", seconds=max(1, round(abs(skew)))))


def _lines(diagnoses: Iterable[Diagnosis], lang: Lang) -> Iterator[tuple[str, str]]:
    for diagnosis in diagnoses:
        sign, code = SIGNS[diagnosis.works]
        yield "", f"{sign} {worded(say(code), lang)}  {worded(diagnosis.what, lang)}"
        yield "    ", worded(diagnosis.detail, lang)


def _document(diagnosis: Diagnosis, lang: Lang) -> dict[str, Any]:
    return {
        "what": worded(diagnosis.what, lang),
        "works": diagnosis.works,
        "detail": worded(diagnosis.detail, lang),
    }
