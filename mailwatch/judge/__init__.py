"""Judging: measurement × check × threshold → finding. Pure: no I/O, no clock.

judge       one measurement, under one check
judge_all   many, or a stream of them: every check that judges each
relate      what only all findings together show
"""

from mailwatch.judge.levels import judge
from mailwatch.judge.related import Relating, relate
from mailwatch.judge.stream import judge_all

__all__ = ["Relating", "judge", "judge_all", "relate"]
