"""Which actions of a check fit a finding."""

import pytest

from mailwatch.model import ACCOUNT, Action, Check, Subject


def action(text: str, *cases: str) -> Action:
    return Action({"en": text, "ja": text}, cases)


def check(*actions: Action) -> Check:
    return Check(
        "dns.x", "dns.x", {"en": "X"}, "word", ("good", "bad"), {"en": "y"}, {"en": ()}, actions
    )


def fitting(made: Check, value: float | str | None, subject: Subject = ACCOUNT) -> list[str]:
    return [found.text["en"] for found in made.fitting_actions(value, subject)]


BAD, DKIM, LATE, ASK = (
    action("mend", "bad", "worse"),
    action("sign", "DKIM"),
    action("wait", "low_reputation"),
    action("DNS: ask your provider"),
)


@pytest.mark.parametrize(
    ("value", "subject", "left"),
    [
        ("bad", ACCOUNT, ["mend", "DNS: ask your provider"]),
        ("worse", ACCOUNT, ["mend", "DNS: ask your provider"]),
        ("good", ACCOUNT, ["DNS: ask your provider"]),
        (None, ACCOUNT, ["DNS: ask your provider"]),
        (0.5, Subject.of(reason="low_reputation"), ["wait", "DNS: ask your provider"]),
        ("bad", Subject.of(requirement="DKIM"), ["mend", "sign", "DNS: ask your provider"]),
        ("good", Subject.of(subuser="bad", domain="DKIM"), ["DNS: ask your provider"]),
    ],
)
def test_actions_for_other_cases_are_left_out(
    value: float | str | None, subject: Subject, left: list[str]
) -> None:
    assert fitting(check(BAD, DKIM, LATE, ASK), value, subject) == left


def test_where_no_action_fits_all_are_given() -> None:
    assert fitting(check(BAD, DKIM), "good") == ["mend", "sign"]
