"""Routes to choose from, and what a choice of them must cover.

Read by the process that chooses too, so nothing but numpy is imported here.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Columns", "Covering"]

Int64 = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Columns:
    """C routes, each with the units it serves.

    Parameters
    ----------
    start
        int64 (C + 1,): route c serves ``unit[start[c] : start[c + 1]]``.
    unit
        int64: units, each at most once in a route.
    cost
        int64 (C,).
    kind
        int64 (C,): the vehicle type.

    Examples
    --------
    >>> columns = Columns(
    ...     start=np.array([0, 2, 3]),
    ...     unit=np.array([0, 1, 1]),
    ...     cost=np.array([9, 4]),
    ...     kind=np.array([0, 0]),
    ... )
    >>> len(columns), columns.units_of(np.array([1, 0]))
    (2, (array([1, 0, 1]), array([0, 1, 3])))
    """

    start: Int64
    unit: Int64
    cost: Int64
    kind: Int64

    def __len__(self) -> int:
        return len(self.cost)

    def units_of(self, rows: Int64) -> tuple[Int64, Int64]:
        """The units of some routes one after the other, and where each route's begin."""
        size = self.start[rows + 1] - self.start[rows]
        start = np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(size)])
        at = np.arange(start[-1]) + np.repeat(self.start[rows] - start[:-1], size)
        return self.unit[at], start


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Covering:
    """What chosen routes must cover, and how many they may be.

    Parameters
    ----------
    must
        bool (U,): whether a unit must be in a chosen route.
    worth
        int64 (U,): what it costs if a unit that need not be served is in none, 0 or more.
    most
        int64 (V,): routes of each vehicle type.
    routes
        Routes in all.

    Examples
    --------
    >>> columns = Columns(
    ...     start=np.array([0, 2, 3]),
    ...     unit=np.array([0, 1, 1]),
    ...     cost=np.array([9, 4]),
    ...     kind=np.array([0, 0]),
    ... )
    >>> covering = Covering(
    ...     must=np.array([False, True]), worth=np.array([3, 0]), most=np.array([2]), routes=2
    ... )
    >>> covering.cost_of(columns, np.array([1])), covering.cost_of(columns, np.array([0]))
    (7, 9)
    """

    must: NDArray[np.bool_]
    worth: Int64
    most: Int64
    routes: int

    def cost_of(self, columns: Columns, rows: Int64) -> int | None:
        """What a choice of different routes costs with the units left out; None: not allowed."""
        kinds = np.bincount(columns.kind[rows], minlength=len(self.most))
        if len(rows) > self.routes or (kinds > self.most).any():
            return None
        left_out = np.ones(len(self.must), dtype=np.bool_)
        left_out[columns.units_of(rows)[0]] = False
        if (left_out & self.must).any():
            return None
        return int(columns.cost[rows].sum()) + int(self.worth[left_out].sum())

    def without_redundant(self, columns: Columns, rows: Int64) -> Int64:
        """The routes that stay when those whose units are all in others go, the dearest first."""
        unit, start = columns.units_of(rows)
        times = np.bincount(unit, minlength=len(self.must))
        stays = np.ones(len(rows), dtype=np.bool_)
        for row in np.argsort(-columns.cost[rows], kind="stable"):
            served = unit[start[row] : start[row + 1]]
            if columns.cost[rows[row]] >= 0 and (times[served] > 1).all():
                stays[row] = False
                times[served] -= 1
        return rows[stays]
