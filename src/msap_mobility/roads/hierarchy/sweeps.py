"""From some places to all nodes: one climb each, then one sweep down over all of them at once.

PHAST: Delling, Goldberg, Nowatzyk & Werneck (2013), doi 10.1016/j.jpdc.2012.02.007. Sixteen places
share a sweep: their labels stand side by side, so that one line of memory serves all. Labels are
milliseconds alone: half as much to move.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from msap_mobility.compiled import kernel
from msap_mobility.roads.hierarchy.climb import HALF, ROOM, climb
from msap_mobility.roads.hierarchy.tables import room_for
from msap_mobility.roads.weights import milliseconds_of

if TYPE_CHECKING:
    from msap_mobility.roads.hierarchy.arrays import Int32, Int64, Room, Searched
    from msap_mobility.roads.hierarchy.hierarchy import Hierarchy
    from msap_mobility.roads.hierarchy.seeds import Seeds

__all__ = ["LANES", "Sweep"]

LANES = 16
"""Places that share a sweep."""

_FAR_MS = 1 << 30
"""Milliseconds that no way takes: twelve days. Twice as much is still an int32."""

_BLOCK = 64
"""Nodes whose labels are turned into rows at a time, while they are at hand."""

Floats = np.ndarray[Any, np.dtype[np.float32]]


class Sweep:
    """A hierarchy made ready to be swept.

    Parameters
    ----------
    hierarchy
        The hierarchy.
    backward
        Whether the ways *to* the places are wanted rather than those *from* them.

    Examples
    --------
    >>> from msap_mobility.roads.hierarchy import Hierarchy, Seeds
    >>> from msap_mobility.roads.weights import packed
    >>> ring = Hierarchy.build(
    ...     4, tails=[0, 1, 2, 3], heads=[1, 2, 3, 0], weight=packed([1, 2, 3, 4], [9, 9, 9, 9]))
    >>> Sweep(ring).seconds(Seeds.at([1]))
    array([[9., 0., 2., 5.]], dtype=float32)
    """

    def __init__(self, hierarchy: Hierarchy, *, backward: bool = False) -> None:
        halves = hierarchy.up, hierarchy.down
        self._hierarchy = hierarchy
        self._up, self._down = halves[::-1] if backward else halves
        self._milliseconds = milliseconds_of(self._down.weight).astype(np.int32)

    def seconds(self, places: Seeds) -> Floats:
        """Seconds to every node, float32 (places, nodes); infinite where no way leads.

        Parameters
        ----------
        places
            Where the ways begin (backward: end).
        """
        nodes = len(self._hierarchy)
        rows = np.empty((len(places), nodes), np.float32)
        label = np.empty((nodes, LANES), np.int32)
        room = room_for(self._up, len(places.node))
        for first in range(0, len(places), LANES):
            some = places.some(np.arange(first, min(first + LANES, len(places))))
            label[:] = _FAR_MS
            _begin(
                some.start,
                self._hierarchy.place[some.node],
                some.weight,
                self._up.search,
                self._down.search,
                room,
                first,
                label,
            )
            _sweep(self._down.start, self._down.above, self._milliseconds, label)
            _write(self._hierarchy.place, label, rows[first : first + LANES])
        return rows


@kernel(f"void(int32[::1], int32[::1], int64[::1], {HALF}, {HALF}, {ROOM}, int64, int32[:, ::1])")
def _begin(
    first: Int32,
    node: Int32,
    weight: Int64,
    half: Searched,
    other: Searched,
    room: Room,
    before: int,
    lanes: Int32,
) -> None:
    """Label what lies above each place, a lane for each; `before`: places in earlier sweeps."""
    nodes = len(half[0]) - 1
    met, met_weight = np.empty(nodes, np.int32), np.empty(nodes, np.int64)
    for lane in range(len(first) - 1):
        one = slice(first[lane], first[lane + 1])
        count = climb(
            node[one],
            weight[one],
            _FAR_MS << 32,
            half,
            other,
            room,
            before + lane + 1,
            met,
            met_weight,
        )
        for each in range(count):
            lanes[met[each], lane] = met_weight[each] >> 32


@kernel("void(int32[::1], int32[::1], int32[::1], int32[:, ::1])")
def _sweep(start: Int32, above: Int32, milliseconds: Int32, label: Int32) -> None:
    """Go down: what is above a node has been labelled before it.

    The number of lanes is read where it runs, and sums stay int32: otherwise the compiler unrolls
    the innermost loop lane by lane rather than taking eight at once, and it takes twice as long.
    """
    lanes = label.shape[1]
    for node in range(len(label)):
        for arc in range(start[node], start[node + 1]):
            higher, way = above[arc], milliseconds[arc]
            for lane in range(lanes):
                reached = np.int32(label[higher, lane] + way)
                label[node, lane] = min(label[node, lane], reached)


@kernel("void(int32[::1], int32[:, ::1], float32[:, ::1])")
def _write(place: Int32, label: Int32, rows: Floats) -> None:
    """Labels as rows of seconds, by the caller's numbers of the nodes."""
    nodes, lanes, far = len(place), label.shape[1], np.float32(np.inf)
    block = np.empty((_BLOCK, lanes), np.float32)
    for first in range(0, nodes, _BLOCK):
        last = min(nodes, first + _BLOCK)
        for node in range(first, last):
            own, seconds = label[place[node]], block[node - first]
            for lane in range(lanes):
                reached = own[lane]
                seconds[lane] = far if reached >= _FAR_MS else np.float32(reached / 1000)
        for lane in range(len(rows)):
            for node in range(last - first):
                rows[lane, first + node] = block[node, lane]
