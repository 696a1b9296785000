"""The cheapest ways of one kind of vehicle under some gains: forwards to routes, backwards home."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from msap_mobility.optimise.routing.proof.labels import COST, DROPPED, END, FROM, USED, begun
from msap_mobility.optimise.routing.proof.scope import MARKED, SCALE

if TYPE_CHECKING:
    from msap_mobility.optimise.arrays import Int64
    from msap_mobility.optimise.routing.proof.ground import Bools, Ground, Kind
    from msap_mobility.optimise.routing.proof.prices import Prices

__all__ = ["TooMany", "Ways", "closed", "order_of"]


_REMEMBERED = 9


class TooMany(Exception):  # noqa: N818 - a limit of work, not a fault
    """More partial routes than may be kept."""


def _neighbours(kind: Kind, counting: Bools, count: int) -> Int64:
    """Which stops are remembered after each: of those that pay themselves, the nearest.

    Those that pay nothing themselves need no memory: whoever comes again finds all have paid.

    Parameters
    ----------
    kind
        Of vehicle.
    counting
        bool (N,): the stops to remember at all.
    count
        How many others each remembers at most.

    Returns
    -------
    int64 (N,)
        As bits, the stop itself among them.
    """
    own = np.arange(kind.stops)
    between = kind.cost[:-1, :-1] + kind.cost[:-1, :-1].T
    nearest = np.argsort(np.where(own[:, None] == own, -1, between), axis=1, kind="stable")
    remembered = np.zeros((kind.stops, kind.stops), dtype=np.bool_)
    np.put_along_axis(remembered, nearest[:, : count + 1], values=True, axis=1)
    remembered &= counting
    bits: Int64 = (remembered * (np.int64(1) << own)).sum(axis=1) | (np.int64(1) << own)
    return bits


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Ways:
    """What one kind of vehicle pays and is paid.

    Parameters
    ----------
    kind
        Of vehicle.
    cost
        int64 (N + 1, N + 1): of its arcs in 1/`SCALE`, what is paid wherever they lead deducted.
    reach, price
        int64 (N + 1,) and (U,): marked customers as bits, and what they pay.
    counting
        bool (N,): stops that pay at every visit.
    most
        How many labels may be kept.
    """

    kind: Kind
    cost: Int64
    reach: Int64
    price: Int64
    counting: Bools
    most: int

    @classmethod
    def of(cls, ground: Ground, kind: Kind, prices: Prices, most: int) -> Ways:
        """Under these prices."""
        every_time = prices.at_every_visit(ground)
        cost = kind.cost * SCALE
        cost[:, :-1] -= every_time
        price = prices.customer[:MARKED]
        bits = np.where(price > 0, np.int64(1) << np.arange(len(price)), 0)
        return cls(
            kind=kind,
            cost=cost,
            reach=np.append((ground.covers[:, :MARKED] * bits).sum(axis=1), 0),
            price=np.ascontiguousarray(price),
            counting=every_time > 0,
            most=most,
        )

    def forwards(self, *, exact: bool) -> Int64:
        """Labels of all partial routes worth keeping, see `labels.begun`.

        Raises
        ------
        TooMany
        """
        counting = self.counting if exact else np.ones_like(self.counting)
        near = _neighbours(self.kind, counting, _REMEMBERED if exact else self.kind.stops)
        return self._labels(self.cost, self.kind.use, near, backwards=False, exact=exact)

    def backwards(self) -> tuple[Int64, Int64]:
        """Ways home by their first stop, cheapest first, and where those of each stop begin.

        The costs and uses of the stop itself are not in them.

        Raises
        ------
        TooMany
        """
        use = np.ascontiguousarray(self.kind.use.transpose(0, 2, 1))
        near = _neighbours(self.kind, self.counting, _REMEMBERED)
        cost = np.ascontiguousarray(self.cost.T)
        label = self._labels(cost, use, near, backwards=True, exact=True)
        label = label[(label[:, COST] < DROPPED) & (label[:, END] < self.kind.stops)]
        label = label[np.lexsort((label[:, COST], label[:, END]))]
        start = np.searchsorted(label[:, END], np.arange(self.kind.stops + 1))
        return np.ascontiguousarray(label), start.astype(np.int64)

    def _labels(
        self, cost: Int64, use: Int64, near: Int64, *, backwards: bool, exact: bool
    ) -> Int64:
        label = np.empty((self.most, USED + len(use)), dtype=np.int64)
        bought = (cost, self.reach, self.price, use, self.kind.limit, _home(use))
        count = begun(*bought, near, backwards, exact, label)
        if count < 0:
            raise TooMany
        kept: Int64 = label[:count]
        return kept


def _home(use: Int64) -> Int64:
    """int64 (R, N + 1): the least that is used up from each node to the end."""
    least = use[:, :, -1].copy()
    for _ in range(use.shape[1]):
        by_others = (use[:, :, :-1] + least[:, None, :-1]).min(axis=2, initial=1 << 60)
        shorter = np.minimum(least, by_others)
        if (shorter == least).all():
            break
        least = shorter
    return np.ascontiguousarray(least)


def closed(ways: Ways, label: Int64) -> tuple[Int64, Int64]:
    """Rows of the labels that are routes when they drive home, and what those cost.

    Parameters
    ----------
    ways
        They were made on.
    label
        int64 (L, 5 + R).

    Returns
    -------
    tuple
        int64 (C,) rows, int64 (C,) costs in 1/`SCALE`, gains deducted.
    """
    kind, end = ways.kind, label[:, END]
    used = label[:, USED:] + kind.use[:, :, -1].T[end]
    home = (label[:, COST] < DROPPED) & (end < kind.stops) & (used <= kind.limit).all(axis=1)
    rows = np.flatnonzero(home)
    cost = label[rows, COST] + ways.cost[end[rows], -1] + kind.fixed * SCALE
    if kind.timed >= 0:
        late_s = (used[rows, kind.timed] - kind.shift_s).clip(min=0)
        cost = cost + late_s * (kind.per_overtime_s * SCALE)
    return rows, cost


def order_of(label: Int64, row: int) -> list[int]:
    """The stops of a partial route in driving order."""
    stops = []
    while label[row, FROM] >= 0:
        stops.append(int(label[row, END]))
        row = int(label[row, FROM])
    return stops[::-1]
