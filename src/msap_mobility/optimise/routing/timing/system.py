"""Differences between times, some of which hang on a choice."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from msap_mobility.optimise.arrays import Int64

__all__ = ["Differences", "System"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Differences:
    """R rows ``time[second] − time[first] ≥ apart + Σ added of the options chosen``.

    Parameters
    ----------
    first, second, apart
        int64 (R,): two moments, and the seconds between them.
    added
        int64 (R, Z): 0 or more for each of Z options.
    groups
        Options of which exactly one is chosen, group by group, one after the other.
    """

    first: Int64
    second: Int64
    apart: Int64
    added: Int64
    groups: tuple[range, ...]


@dataclass(slots=True)
class System:
    """Collects the rows of one route.

    Parameters
    ----------
    horizon
        Seconds: no moment is later.

    Examples
    --------
    Moment 2 comes within one of two windows:

    >>> system = System(horizon=100)
    >>> early, late = system.choice(2)
    >>> system.least(0, 2, 0, {early: 10, late: 50})
    >>> system.most(0, 2, 100, {early: 80, late: 40})
    >>> system.differences().added.tolist()
    [[10, 50], [80, 40]]
    """

    horizon: int
    rows: list[tuple[int, int, int, Mapping[int, int]]] = field(default_factory=list)
    groups: list[range] = field(default_factory=list)

    def choice(self, options: int) -> range:
        """So many new options, of which one is chosen."""
        first = self.groups[-1].stop if self.groups else 0
        self.groups.append(range(first, first + options))
        return self.groups[-1]

    def least(self, first: int, second: int, apart: int, added: Mapping[int, int] = {}) -> None:
        """The second moment comes at least so long after the first, and longer by options."""
        self.rows.append((first, second, apart, added))

    def most(self, first: int, second: int, apart: int, less: Mapping[int, int] = {}) -> None:
        """The second moment comes at most so long after the first, and less by options."""
        if apart - sum(less.values()) < self.horizon:
            self.rows.append((second, first, -apart, less))

    def if_any(self, options: Iterable[int], first: int, second: int, apart: int) -> None:
        """The second moment comes at least so long after the first if any option is chosen."""
        if apart > -self.horizon:
            added = dict.fromkeys(options, self.horizon + apart)
            self.rows.append((first, second, -self.horizon, added))

    def differences(self) -> Differences:
        """All rows as arrays."""
        options = self.groups[-1].stop if self.groups else 0
        added = np.zeros((len(self.rows), options), dtype=np.int64)
        for row, (*_, more) in enumerate(self.rows):
            for option, by in more.items():
                added[row, option] = by
        columns = np.array([row[:3] for row in self.rows], dtype=np.int64).reshape(-1, 3)
        return Differences(
            first=columns[:, 0],
            second=columns[:, 1],
            apart=columns[:, 2],
            added=added,
            groups=tuple(self.groups),
        )
