"""Routes as columns of a program: which stops each visits, which customers it covers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from msap_mobility.optimise.arrays import Int64
    from msap_mobility.optimise.routing.proof.ground import Bools, Ground

__all__ = ["Columns", "Driven", "Parts", "cost_of", "is_allowed"]

Driven = tuple[int, tuple[int, ...]]
"""A kind of vehicle and the stops of a route in order."""
Parts = np.ndarray[Any, np.dtype[np.int8]]
"""int8 (C, N + U): how often each route visits each stop and covers each customer."""


def cost_of(ground: Ground, driven: Driven) -> int:
    """What a route costs, what it saves left aside."""
    kind, stops = ground.kinds[driven[0]], list(driven[1])
    legs = [kind.stops, *stops], [*stops, kind.stops]
    cost = kind.fixed + int(kind.cost[legs].sum())
    if kind.timed >= 0:
        late_s = int(kind.use[kind.timed][legs].sum()) - kind.shift_s
        cost += kind.per_overtime_s * max(0, late_s)
    return cost


def is_allowed(ground: Ground, driven: Driven) -> bool:
    """Whether a kind of vehicle may visit the stops of a route."""
    kind, stops = ground.kinds[driven[0]], list(driven[1])
    return bool((kind.use[0, -1, stops] <= kind.limit[0]).all())


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Columns:
    """Routes that visit no stop twice.

    Parameters
    ----------
    kind
        int64 (C,): row of `Ground.kinds`.
    visits
        bool (C, N).
    cost
        int64 (C,).
    """

    kind: Int64
    visits: Bools
    cost: Int64

    @classmethod
    def of(cls, ground: Ground, driven: Sequence[Driven]) -> Columns:
        """Routes driven in a known order."""
        visits = np.zeros((len(driven), len(ground.stops)), dtype=np.bool_)
        for row, (_, stops) in enumerate(driven):
            visits[row, list(stops)] = True
        return cls(
            kind=np.array([kind for kind, _ in driven], dtype=np.int64),
            visits=visits,
            cost=np.array([cost_of(ground, each) for each in driven], dtype=np.int64),
        )

    def __len__(self) -> int:
        return len(self.cost)

    def at(self, rows: Int64) -> Columns:
        """Some of the routes."""
        return Columns(kind=self.kind[rows], visits=self.visits[rows], cost=self.cost[rows])

    def parts(self, ground: Ground) -> Parts:
        """Each customer covered counts once."""
        visits = self.visits.astype(np.int8)
        covered = visits @ ground.covers.astype(np.int8) > 0
        parts: Parts = np.hstack([visits, covered])
        return parts
