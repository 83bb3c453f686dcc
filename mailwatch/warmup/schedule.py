"""The published warm-up tables.

Messages a day "regardless of IP count": SendGrid, IP Allocation and IP Warmup Schedule (2017).
Messages an hour of SendGrid's automated warm-up: docs, Warming up an IP address, and the Japanese
partner's page for the days after the 35th.
"""

DAILY = (
    *(50, 100, 500, 1_000, 5_000, 10_000, 20_000, 40_000, 70_000, 100_000, 150_000, 250_000),
    *(400_000, 600_000, 1_000_000, 2_000_000, 4_000_000),
)
"""Messages on the first, second … sending day; after the last it doubles daily."""
HOURLY = (
    *(20, 28, 39, 55, 77, 108, 151, 211, 295, 413, 579, 810, 1_000, 1_587, 2_222, 3_111, 4_356),
    *(6_098, 8_583, 11_953, 16_734, 23_427, 32_798, 45_917, 64_284, 89_998, 125_997, 176_395),
    *(246_953, 345_735, 484_029, 677_640, 948_696, 1_328_175, 1_859_444, 2_603_222, 3_644_511),
    *(5_102_316, 7_143_242, 10_000_539, 14_000_754, 19_601_056),
)
"""The automated warm-up's limit of one IP address by its age in days, from 0."""
ADDRESSES = (
    *((800_000, 2), (2_500_000, 3), (3_500_000, 4), (5_000_000, 5), (7_500_000, 7)),
    *((10_000_000, 10), (12_500_000, 11), (15_000_000, 12), (20_000_000, 13)),
    *((30_000_000, 15), (50_000_000, 17), (80_000_000, 20)),
)
"""Messages a day at the end of the warm-up, and the IP addresses for as many as that."""
MOST_STEPS = 60
"""Beyond it nothing is doubled any more."""


def allowed_on(step: int) -> int:
    """Messages that the schedule has for the sending day `step`, from 1."""
    if step <= len(DAILY):
        return DAILY[step - 1]
    return DAILY[-1] << (min(step, MOST_STEPS) - len(DAILY))


def is_over(step: int, target: int | None) -> bool:
    """True when a sender at `step` is through: at the daily volume `target`, or without one past
    the last step that is published as a number."""
    return step > len(DAILY) if target is None else allowed_on(step) >= target


def steps_to(target: int) -> int:
    """The sending days until the schedule allows `target` messages a day."""
    return next((n for n in range(1, MOST_STEPS) if allowed_on(n) >= target), MOST_STEPS)
