"""A contraction hierarchy as arrays."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from msap_mobility.roads.hierarchy.morton import morton_codes
from msap_mobility.roads.hierarchy.pool import (
    ARCS,
    HEAD,
    HOPS,
    MIDDLE,
    STAGE,
    TAIL,
    Arcs,
    Witnesses,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from msap_mobility.roads.hierarchy.arrays import Int32, Int64, Searched

__all__ = ["Half", "Hierarchy"]

_STEPS = 50
"""How often a long contraction tells how far it is, and may be stopped."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Half:
    """Arcs between each node and nodes above it, one way (CSR).

    Parameters
    ----------
    start
        int32: the arcs of node `i` are ``start[i]:start[i + 1]``.
    above
        int32, per arc: the node above.
    weight
        int64, see `roads.weights`.
    middle
        int32: the node below both that a shortcut leads over; −1 for a real arc.
    """

    start: Int32
    above: Int32
    weight: Int64
    middle: Int32

    @classmethod
    def of(cls, node: Int32, above: Int32, weight: Int64, middle: Int32, nodes: int) -> Self:
        """Arcs in any order."""
        order = np.lexsort((above, node))
        start = np.zeros(nodes + 1, np.int32)
        np.cumsum(np.bincount(node, minlength=nodes), out=start[1:])
        return cls(start=start, above=above[order], weight=weight[order], middle=middle[order])

    @property
    def search(self) -> Searched:
        """What kernels search in."""
        return self.start, self.above, self.weight


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Hierarchy:
    """Nodes in order of importance, and the arcs up and down between them.

    Every fastest way has one as fast that first only climbs and then only descends.

    Parameters
    ----------
    place
        int32, per node as the caller numbers them: its place in the order, 0 at the top.
    up
        Arcs that leave a node for one above it.
    down
        Arcs that enter it from above.

    Examples
    --------
    >>> from msap_mobility.roads.weights import packed
    >>> ring = Hierarchy.build(
    ...     4, tails=[0, 1, 2, 3], heads=[1, 2, 3, 0], weight=packed([1, 1, 1, 1], [9, 9, 9, 9]))
    >>> len(ring), ring.shortcuts
    (4, 2)
    """

    place: Int32
    up: Half
    down: Half

    @classmethod
    def build(
        cls,
        nodes: int,
        *,
        tails: Any,
        heads: Any,
        weight: Any,
        lon: Any = None,
        lat: Any = None,
        watch: Callable[[float], object] | None = None,
    ) -> Self:
        """Contract a graph.

        Parameters
        ----------
        nodes
            How many there are.
        tails, heads
            Per arc; loops and all but the least of parallel arcs are left out.
        weight
            Per arc, not negative.
        lon, lat
            Per node, if known: neighbours then lie together in memory, which sweeps thank for.
        watch
            Told from time to time which part is done, 0 to 1.
        """
        from msap_mobility.roads.hierarchy.contraction import (  # noqa: PLC0415 - its kernels
            chain,  # take a while to load, and whoever finds a hierarchy on disk builds none
            contract,
            queue_up,
        )

        arcs, count = _arcs(nodes, tails, heads, weight)
        chain(arcs, count)
        witnesses = Witnesses.among(nodes)
        level, rank = np.zeros(nodes, np.int32), np.zeros(nodes, np.int32)
        keys, queue = np.zeros(nodes + 1, np.int64), np.zeros(nodes + 1, np.int32)
        state = np.array([0, count, 0], np.int64)
        queue_up(arcs, witnesses, level, keys, queue, state)
        while state[STAGE] < nodes:
            until = min(nodes, int(state[STAGE]) + max(1000, nodes // _STEPS))
            if not contract(arcs, witnesses, level, rank, keys, queue, state, until):
                arcs = arcs.with_room()
            elif watch is not None:
                watch(state[STAGE] / nodes)
        return cls._of_arcs(arcs, int(state[ARCS]), _places(level, rank, lon, lat))

    @classmethod
    def _of_arcs(cls, arcs: Arcs, count: int, place: Int32) -> Self:
        pool, weight = arcs.pool[:count], arcs.weight[:count]
        tail, head = place[pool[:, TAIL]], place[pool[:, HEAD]]
        middle = pool[:, MIDDLE]
        middle = np.where(middle >= 0, place[middle], -1).astype(np.int32)
        climbs = head < tail
        nodes = len(place)
        up, down = (
            Half.of(node[rows], above[rows], weight[rows], middle[rows], nodes)
            for node, above, rows in ((tail, head, climbs), (head, tail, ~climbs))
        )
        return cls(place=place, up=up, down=down)

    def __len__(self) -> int:
        return len(self.place)

    @property
    def shortcuts(self) -> int:
        """How many arcs are shortcuts."""
        return int(sum((half.middle >= 0).sum() for half in (self.up, self.down)))


def _arcs(nodes: int, tails: Any, heads: Any, weight: Any) -> tuple[Arcs, int]:
    """The arcs, not yet chained, with room for shortcuts; how many there are."""
    tails, heads = np.asarray(tails, np.int32), np.asarray(heads, np.int32)
    weight = np.asarray(weight, np.int64)
    order = np.lexsort((weight, heads, tails))
    tail, head = tails[order], heads[order]
    kept = tail != head
    kept[1:] &= (np.diff(tail) != 0) | (np.diff(head) != 0)
    rows = order[kept]
    pool = np.full((3 * len(rows) + 64, 6), -1, np.int32)
    pool[: len(rows), TAIL], pool[: len(rows), HEAD] = tails[rows], heads[rows]
    pool[: len(rows), HOPS] = 1
    weights = np.zeros(len(pool), np.int64)
    weights[: len(rows)] = weight[rows]
    none = np.full(nodes, -1, np.int32)
    return Arcs(pool=pool, weight=weights, first_out=none, first_in=none.copy()), len(rows)


def _places(level: Int32, rank: Int32, lon: Any, lat: Any) -> Int32:
    """Places by level, those of one level side by side as they lie on the map."""
    near = -rank if lon is None else morton_codes(np.asarray(lon), np.asarray(lat))
    place = np.empty(len(level), np.int32)
    place[np.lexsort((near, -level))] = np.arange(len(level), dtype=np.int32)
    return place
