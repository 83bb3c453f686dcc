"""Strangers' text in a chat: nobody is mentioned by it, and nothing in it becomes a link.

A zero-width space breaks up what a chat would act on: `@here`, `https://…`, `www.…`, a name with a
top-level domain in others' words. Marks of markup are broken up in the same way, since no escape
works in all the chats that understand Slack's format.
"""

import re

BREAK = "\u200b"
_ACTIVE = re.compile(r"(?<=[@#])(?=\S)|(?<=:)(?=//)|(?<=www)(?=\.)|(?<=mailto)(?=:)", re.IGNORECASE)
_MARKS = re.compile(r"[*_~`|\[\]\\]")
_NAMES = re.compile(r"(?<=\w)\.(?=[^\W\d_]{2})")
_ENTITIES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})


def broken_up(text: str) -> str:
    """`text` without anything that a chat acts on; it looks the same."""
    unlinked = _NAMES.sub(f"{BREAK}.", _ACTIVE.sub(BREAK, text))
    return _MARKS.sub(rf"\g<0>{BREAK}", unlinked)


def slack_text(text: str) -> str:
    """The same for Slack, whose mentions and links are in angle brackets (Slack: Formatting text
    for app surfaces, Escaping text)."""
    return broken_up(text).translate(_ENTITIES)
