"""Judging: measurement × check × threshold → finding. Pure: no I/O, no clock."""

from mailwatch.judge.levels import judge

__all__ = ["judge"]
