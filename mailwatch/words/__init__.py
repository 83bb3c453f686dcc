"""What the program itself says, English and Japanese, side by side so that neither can lag.

Judging and the sources speak in `Phrase`s (a code and values); here they get their words. Each
module of this package holds one dict, from code to `(English, Japanese)`, for one part of the
program. In a wording:

    {name}                the value: text as it is, a date as 23 Nov or 11月23日, a phrase worded
    {n:,}                 a number with thousands separated
    {n:message/messages}  a count with its noun: 1 message, 1,234 messages

Phrases are stored, so a code stays for ever: one that is no longer said moves to `retired`.
"""

from datetime import date

from mailwatch.model import Lang, Phrase
from mailwatch.words import (
    blocklist,
    commands,
    console,
    dmarc,
    dns,
    dns_around,
    dns_policies,
    doctor,
    foresight,
    history,
    html,
    ignoring,
    judging,
    message,
    notices,
    postfix,
    postmaster,
    postmaster_figures,
    records,
    retired,
    sendgrid,
    serve,
    signatures,
    sources,
)

PHRASES: dict[str, tuple[str, str]] = {
    "verbatim": ("{text}", "{text}"),
    **judging.PHRASES,
    **foresight.PHRASES,
    **history.PHRASES,
    **sources.PHRASES,
    **sendgrid.PHRASES,
    **postmaster.PHRASES,
    **postmaster_figures.PHRASES,
    **postfix.PHRASES,
    **dns.PHRASES,
    **dns_around.PHRASES,
    **dns_policies.PHRASES,
    **blocklist.PHRASES,
    **dmarc.PHRASES,
    **message.PHRASES,
    **signatures.PHRASES,
    **records.PHRASES,
    **console.PHRASES,
    **html.PHRASES,
    **ignoring.PHRASES,
    **commands.PHRASES,
    **doctor.PHRASES,
    **serve.PHRASES,
    **notices.PHRASES,
    **retired.PHRASES,
}

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class _Count(int):
    """An int whose format may be `message/messages`: the number, then the fitting noun."""

    def __format__(self, spec: str) -> str:
        one, slash, many = spec.partition("/")
        if not slash:
            return format(int(self), spec)
        return f"{int(self):,} {one if self == 1 else many}"


def worded(phrase: Phrase, lang: Lang) -> str:
    """`phrase` in `lang`; its code and values as they are where there is no wording for them.

    A stored phrase may be older than this version of the program, or newer.
    """
    values = {name: _shown(value, lang) for name, value in phrase.values}
    try:
        english, japanese = PHRASES[phrase.code]
        return (japanese if lang == "ja" else english).format(**values)
    except (KeyError, IndexError, TypeError, ValueError):
        listed = ", ".join(f"{name}={value}" for name, value in values.items())
        return f"{phrase.code}: {listed}" if listed else phrase.code


def day(value: date, lang: Lang) -> str:
    """`value` as a person writes a day without its year: 23 Nov, 11月23日."""
    if lang == "ja":
        return f"{value.month}月{value.day}日"
    return f"{value.day} {_MONTHS[value.month - 1]}"


def _shown(value: str | float | date | Phrase, lang: Lang) -> object:
    if isinstance(value, Phrase):
        return worded(value, lang)
    if isinstance(value, date):
        return day(value, lang)
    return _Count(value) if isinstance(value, int) else value
