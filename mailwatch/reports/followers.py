"""Groups of findings that one cause made worse, as one: the leading group, and those behind it."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from mailwatch.frozen import dataclass
from mailwatch.model import Finding, Lang, say
from mailwatch.reports.block import Block
from mailwatch.reports.extent import Kind, how_many, total_of
from mailwatch.reports.facts import comma, forecast, limits
from mailwatch.reports.groups import Group, chosen_actions
from mailwatch.reports.view import View
from mailwatch.words import worded

MOST_TOGETHER = 2
"""Checks of one block that are all named in the summary."""


@dataclass(frozen=True, slots=True)
class Led:
    """A group of findings, and the groups that have the same cause."""

    group: Group
    followers: tuple[Group, ...] = ()

    @property
    def size(self) -> int:
        """All findings in it."""
        return sum(map(len, (self.group, *self.followers)))


def lead(groups: Iterable[Group]) -> list[Led]:
    """The groups in their order, each finding that follows another one behind that one's group."""
    given = list(groups)
    home = {finding.key: place for place, group in enumerate(given) for finding in group}
    own: list[list[Finding]] = [[] for _ in given]
    behind: list[dict[str, list[Finding]]] = [{} for _ in given]
    for place, group in enumerate(given):
        for finding in group:
            leading = home.get(finding.follows, place) if finding.follows else place
            if leading == place:
                own[place].append(finding)
            else:
                behind[leading].setdefault(finding.check.id, []).append(finding)
    return [
        Led(own[place], tuple(behind[place].values())) for place in range(len(given)) if own[place]
    ]


def with_followers(block: Block, led: Led, totals: Mapping[Kind, int], view: View) -> Block:
    """The block with what got worse on the same days: named in it and in the summary."""
    if not led.followers:
        return block
    lang = view.lang
    joined = [_follower(group, total_of(group, totals), lang) for group in led.followers]
    names = [block.title, *(group[0].check.title[lang] for group in led.followers)]
    own = [act for group in led.followers for act in _first_action(group, lang)]
    actions = dict.fromkeys((*block.actions, *own))
    brief = comma(lang).join(names)
    if len(names) > MOST_TOGETHER:
        brief = worded(say("console.and_more", first=names[0], more=len(names) - 1), lang)
    return replace(
        block, joined=tuple(joined), actions=tuple(actions), brief_title=brief, size=led.size
    )


def _follower(group: Group, total: int, lang: Lang) -> str:
    """`Delivered rate 96.7 %  ideal ≥ 98 %, act ≤ 95 %`, with its date where one is foreseen."""
    first = group[0]
    foreseen = {forecast(finding, lang) for finding in group}
    parts = (
        f"{first.check.title[lang]} {how_many(group, total, lang)}",
        foreseen.pop() if len(foreseen) == 1 else "",
        limits(first, lang),
    )
    return comma(lang).join(filter(None, parts))


def _first_action(group: Group, lang: Lang) -> tuple[str, ...]:
    """What to do about it; of a share that fell because another rose there is nothing to add."""
    return () if group[0].check.worse == "lower" else chosen_actions(group, lang, 1)
