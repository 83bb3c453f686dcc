"""A warm-up that is to begin, and one that is going on."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from mailwatch.errors import FileError
from mailwatch.warmup.next_step import WarmupStanding, stand
from mailwatch.warmup.progress import Sent
from mailwatch.warmup.stages import plan_warmup
from mailwatch.warmup.table import automated_table, choose_table, published_table

START = date(2026, 3, 2)


def standing(*sent: int | Sent, target: int | None = None) -> WarmupStanding:
    days = {
        START + timedelta(n): one if isinstance(one, Sent) else Sent(one)
        for n, one in enumerate(sent)
    }
    found = stand(days, START, published_table(), target)
    assert found is not None
    return found


def test_a_plan_ends_with_its_target() -> None:
    plan = plan_warmup(published_table(), 18_000, START)
    assert [one.volume for one in plan.days] == [50, 100, 500, 1_000, 5_000, 10_000, 18_000]
    assert (plan.days[-1].day, plan.addresses, plan.reaches) == (date(2026, 3, 8), 1, True)
    automated = plan_warmup(automated_table(), 20_000, START)
    assert (automated.days[0].per_hour, automated.days[0].volume) == (20, 480)
    assert (automated.days[-1].step, automated.days[-1].per_hour) == (13, 1_000)


def test_a_file_of_one_s_own(tmp_path: Path) -> None:
    path = tmp_path / "own.txt"
    path.write_text("# ours\n100\n1,000   # day 2\n\n5000\n")
    plan = plan_warmup(choose_table(str(path)), 20_000, START)
    assert [one.volume for one in plan.days] == [100, 1_000, 5_000]
    assert not plan.reaches


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("", "has no volumes"),
        ("100\nmany\n", "many is not a number of messages"),
        ("100\n0\n", "0 is not a number"),
        ("100\n50\n", "day 2 has less than the day before"),
        ("100\n-5\n", "-5 is not a number"),
        ("1" * 5000, "is not a number"),
    ],
)
def test_a_file_that_is_not_a_schedule(tmp_path: Path, text: str, what: str) -> None:
    path = tmp_path / "own.txt"
    path.write_text(text)
    with pytest.raises(FileError, match=what):
        choose_table(str(path))
    with pytest.raises(FileError, match="cannot be read"):
        choose_table(str(tmp_path / "none.txt"))


def test_days_without_mail_do_not_count_and_a_long_pause_begins_anew() -> None:
    assert standing(50, 0, 0, 100).step == 2
    assert standing(50, 100, *[0] * 30, 40).step == 3
    assert standing(50, 100, *[0] * 31, 40).step == 1


@pytest.mark.parametrize(
    ("sent", "ceiling"),
    [
        ((50, 100, 500), 1_000),
        ((50, 90, 480, 700), 5_000),  # near the step counts as the step
        ((50, 90, 100, 100), 500),  # the fourth day did not warm up for 5,000
        ((5,), 50),
        ((50, 100, 500, 1_000, 5_000, 9_000), 20_000),
    ],
)
def test_the_next_day_has_one_step_more_than_what_was_sent(
    sent: tuple[int, ...], ceiling: int
) -> None:
    found = standing(*sent)
    assert (found.ceiling, found.holds) == (ceiling, False)


@pytest.mark.parametrize("kind", ["bounces", "blocks", "deferred"])
def test_a_step_is_held_when_receivers_resist(kind: str) -> None:
    # Given one in a hundred at first, and one in ten on the last two days
    quiet = [Sent(n, **{kind: n // 100}) for n in (500, 1_000, 5_000)]
    loud = [Sent(n, **{kind: n // 10}) for n in (9_000, 18_000)]
    found = standing(*quiet, *loud)
    # Then the next day has no more than this one
    assert found.holds
    assert found.ceiling == 5_000
    assert [risen.kind for risen in found.risen] == [kind]


def test_a_warm_up_is_over_when_its_target_was_sent() -> None:
    assert standing(50, 100, 500, target=500).is_over
    assert not standing(50, 100, target=500).is_over
    assert stand({START: Sent(0)}, START, published_table(), None) is None
