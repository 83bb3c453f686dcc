"""Figures as people read and write them: `3.4 %`, `<= 3 %`, `2.46×`, `20,800`.

The same in every language; the signs are ≤ ≥ for people and <= >= for machines.
"""

import re
from math import floor, log10

from mailwatch.model import Check, Comparator, Limit, Unit

_EXACT = 9
"""Decimals beyond which a difference is the noise of binary fractions."""
_FINEST = 12
"""Decimals beyond which nothing is shown."""
_NUMBER = re.compile(r"[+-]?[0-9]{1,15}(\.[0-9]{1,12})?")
_LIMIT = re.compile(r"(?P<sign><=|>=|<|>|=|≤|≥)?\s*(?P<rest>.*)")
_SIGNS: dict[str, Comparator] = {"≤": "<=", "≥": ">=", "<": "<", ">": ">", "<=": "<=", ">=": ">="}
_READABLE = {"<=": "≤", ">=": "≥"}


def display(value: float | str | None, unit: Unit, *limits: Limit | None) -> str:
    """`value` as shown to people; `-` where there is none.

    Decimals are added until the shown number compares with each of `limits` as the value does:
    5.04 % is not shown as 5.0 % beside "act > 5 %".
    """
    if value is None:
        return "-"
    if isinstance(value, str):
        return value
    beside = [limit.value for limit in limits if limit and not isinstance(limit.value, str)]
    if unit == "percent":
        return f"{_decimal(value * 100, [limit * 100 for limit in beside])} %"
    number = _decimal(value, beside)
    if unit == "bits":
        number = number.replace(",", "")
    shown = {
        "ratio": f"{number}×",
        "bits": f"{number} bit",
        "days": f"{number} d",
        "seconds": f"{number} s",
    }
    return shown.get(unit, number)


def limit_text(limit: Limit | None, unit: Unit, *, readable: bool) -> str | None:
    """`limit` as `≤ 3 %` if readable, else `<= 3 %`; a word alone; None for a side that is off."""
    if limit is None:
        return None
    shown = display(limit.value, unit, limit)  # as a limit beside itself: all of its decimals
    if limit.comparator is None:
        return shown
    sign = _READABLE.get(limit.comparator, limit.comparator) if readable else limit.comparator
    return f"{sign} {shown}"


def parse_value(text: str, check: Check) -> float | str:
    """The value that `text` is in the check's unit. Raises ValueError with what to write."""
    if check.unit == "word":
        words = check.worse if isinstance(check.worse, tuple) else ()
        if text not in words:
            raise ValueError(f"is not one of {', '.join(words)}")
        return text
    percent = text.endswith("%")
    number = text.removesuffix("%").strip()
    if not _NUMBER.fullmatch(number):
        raise ValueError("is not a number")
    if check.unit != "percent":
        if percent:
            raise ValueError(f"{check.id} is not a percentage, so write it without %")
        return float(number)
    if not percent:
        as_ratio = f"{float(number) * 100:.10g}%"
        raise ValueError(f"a percentage needs its % sign: do you mean {number}% or {as_ratio}?")
    return round(float(number) / 100, 15)


def parse_limit(text: str, side: str, check: Check) -> Limit | None:
    """The limit that `text` sets on `side` (ideal or act) of the check; None for `none`.

    A number without a comparator takes the side's own: at most the ideal, past the act.
    """
    match = _LIMIT.fullmatch(text.strip())
    sign, rest = (match["sign"], match["rest"].strip()) if match else (None, text)
    words = check.worse if isinstance(check.worse, tuple) else ()
    if sign is None and rest in ("none", "off") and rest in words:
        other = "off" if rest == "none" else "none"
        raise ValueError(
            f'may mean two things: write {other} to switch this side off, or "= {rest}"'
        )
    if sign is None and rest in ("none", "off"):
        return None
    value = parse_value(rest, check)
    if isinstance(value, str):
        if sign not in (None, "="):
            raise ValueError(
                "a word cannot have a comparator: the order of the words says which is worse"
            )
        return Limit(value)
    default = _comparator(side, check)
    if sign is None:
        return Limit(value, default)
    comparator = _SIGNS.get(sign)
    if comparator is None or comparator[0] != default[0]:
        raise ValueError(f"{sign} points the wrong way: {side} holds {default[0]} or {default[0]}=")
    return Limit(value, comparator)


def _comparator(side: str, check: Check) -> Comparator:
    """Ideal holds up to its number, act past its number, along the direction that is worse."""
    if check.worse == "higher":
        return "<=" if side == "ideal" else ">"
    return ">=" if side == "ideal" else "<"


def _decimal(number: float, beside: list[float]) -> str:
    number = round(number, _FINEST) + 0.0  # -0.0 is 0.0 then
    stands = round(number, _EXACT)
    limits = [round(limit, _EXACT) for limit in beside]

    def is_honest(places: int) -> bool:
        shown = round(number, places)
        same = all(_side(round(shown, _EXACT), limit) == _side(stands, limit) for limit in limits)
        return same and not (shown == 100 and stands < 100)

    # With the finest it is: the number itself.
    places = next(filter(is_honest, range(_fewest_decimals(abs(number)), _FINEST + 1)))
    text = f"{number:,.{places}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _fewest_decimals(size: float) -> int:
    """One; two below 1, and below 0.095 as many as show two digits."""
    if size >= 1:
        return 1
    return min(1 - floor(log10(size)), _FINEST) if 0 < size < 0.095 else 2


def _side(number: float, limit: float) -> int:
    return (number > limit) - (number < limit)
