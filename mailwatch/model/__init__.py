"""The words of mailwatch as types: what flows from the sources through judging to the reports.

    Measurement + Check + Threshold  →  Finding;   Findings + SourceStates  →  Report

All are frozen: a value that was judged is the value that is shown. None reads a clock, and none
knows how it is printed: words are `Phrase`s, a code and values, worded by `mailwatch.words`.
"""

from mailwatch.model.check import (
    CASE_KEYS,
    Action,
    Check,
    Comparator,
    Limit,
    Place,
    Text,
    Texts,
    Threshold,
    Unit,
)
from mailwatch.model.finding import Finding, Forecast, Ignored, Level
from mailwatch.model.measurement import PUBLISHED_DECIMALS, Cause, Day, Fault, Measurement, Window
from mailwatch.model.past import OlderDays, Past, Standing, StoredFigure, WantedDays
from mailwatch.model.phrase import Lang, Phrase, say, verbatim
from mailwatch.model.recordset import KnownRecords, RecordSet
from mailwatch.model.report import Report, SourceState, State
from mailwatch.model.subject import ACCOUNT, SUBJECT_KEYS, Subject, SubjectIndex

__all__ = [
    "ACCOUNT",
    "CASE_KEYS",
    "PUBLISHED_DECIMALS",
    "SUBJECT_KEYS",
    "Action",
    "Cause",
    "Check",
    "Comparator",
    "Day",
    "Fault",
    "Finding",
    "Forecast",
    "Ignored",
    "KnownRecords",
    "Lang",
    "Level",
    "Limit",
    "Measurement",
    "OlderDays",
    "Past",
    "Phrase",
    "Place",
    "RecordSet",
    "Report",
    "SourceState",
    "Standing",
    "State",
    "StoredFigure",
    "Subject",
    "SubjectIndex",
    "Text",
    "Texts",
    "Threshold",
    "Unit",
    "WantedDays",
    "Window",
    "say",
    "verbatim",
]
