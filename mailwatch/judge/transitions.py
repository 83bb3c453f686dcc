"""Words that became worse: a reputation that fell, a requirement that is no longer met.

Compared is what the word was three days ago, so that the news stays for three days and a word that
came back at once is none.
"""

from dataclasses import replace
from datetime import date, timedelta

from mailwatch.model import Finding, Level, Past, say, verbatim

AGO = timedelta(days=3)


def compared_day(today: date) -> date:
    """The day whose words are compared with those of `today`."""
    return today - AGO


def note_transition(finding: Finding, past: Past) -> Finding:
    """`finding` with what its word was before, where it was another one.

    A word that is ok and became worse is a warning, unless it is not to be judged.
    """
    before = past.words.get(finding.key)
    order, now = finding.check.worse, finding.measurement.value
    if before is None or isinstance(order, str) or finding.level is Level.UNKNOWN:
        return finding
    day, word = before
    if word == now or word not in order or now not in order:
        return finding
    phrase = say("forecast.word", day=day, before=verbatim(word), now=verbatim(str(now)))
    measurement = finding.measurement
    measurement = replace(measurement, evidence=(*measurement.evidence, phrase))
    finding = replace(finding, measurement=measurement)
    judged = measurement.note is None
    if judged and finding.level is Level.OK and order.index(str(now)) > order.index(word):
        return replace(finding, level=Level.WARN, reason=phrase)
    return finding
