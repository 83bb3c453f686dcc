"""mailwatch.message/1: what was found out about one message, with the report on it."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from mailwatch.model import Lang, Phrase, Report
from mailwatch.reports.json import document as report_document
from mailwatch.reports.view import View
from mailwatch.sources.message.examination import Examined
from mailwatch.sources.message.unsubscribe import judge_one_click
from mailwatch.text.inert import inert_octets
from mailwatch.words import worded

SCHEMA = "mailwatch.message/1"


@dataclass(frozen=True, slots=True)
class MessageFormat:
    """The format json of the command `message`."""

    examined: Examined

    def render(self, report: Report, view: View) -> Iterator[str]:
        """One document."""
        if view.silences(report):
            return
        found = document_of(self.examined, view.lang)
        found["report"] = report_document(report, view)
        yield json.dumps(found, ensure_ascii=False, indent=2) + "\n"


def document_of(examined: Examined, lang: Lang) -> dict[str, Any]:
    """Everything but the report."""
    alignment = examined.alignment
    applies, effect = alignment.applies, alignment.effect
    return {
        "schema": SCHEMA,
        "dkim": [
            {
                "domain": one.signature.domain,
                "selector": one.signature.selector,
                "result": one.result.value,
                "reason": _reason(one.why, lang),
            }
            for one in examined.signatures
        ],
        "spf": {
            "result": examined.spf.result.value,
            "domain": inert_octets(examined.spf.domain) if examined.spf.domain else None,
        },
        "dmarc": {
            "result": alignment.result.value,
            "domain": applies.domain if applies else None,
            "policy": effect.policy if effect else None,
            "aligned": {"spf": alignment.spf, "dkim": alignment.dkim},
        },
        "arc": {"result": examined.arc.result},
        "one_click": judge_one_click(examined)[0] == "present",
    }


def _reason(why: Phrase | None, lang: Lang) -> str | None:
    return worded(why, lang) if why is not None else None
