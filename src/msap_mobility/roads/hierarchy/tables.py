"""Tables of ways: buckets at the nodes above the destinations, emptied from above the origins.

Knopp, Sanders, Schultes, Schulz & Wagner (2007), doi 10.1137/1.9781611972870.4.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from msap_mobility.compiled import kernel
from msap_mobility.roads.hierarchy.climb import HALF, ROOM, climb
from msap_mobility.roads.weights import NEVER

if TYPE_CHECKING:
    from msap_mobility.roads.hierarchy.arrays import Int32, Int64, Room, Searched
    from msap_mobility.roads.hierarchy.hierarchy import Half, Hierarchy
    from msap_mobility.roads.hierarchy.seeds import Seeds

__all__ = ["Buckets", "room_for"]

_SEEDS = "int32[::1], int32[::1], int64[::1]"
_FIRST = 4096
"""Entries there is room for at first; it doubles."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Buckets:
    """What has been noted at each node: the destinations below it, and the ways down to them.

    Parameters
    ----------
    hierarchy
        The hierarchy.
    destinations
        How many there are.
    most
        Longer ways are not looked for.
    start, destination, weight
        CSR by place in the hierarchy.

    Examples
    --------
    >>> from msap_mobility.roads.hierarchy import Hierarchy, Seeds
    >>> from msap_mobility.roads.weights import packed, seconds_of
    >>> ring = Hierarchy.build(
    ...     4, tails=[0, 1, 2, 3], heads=[1, 2, 3, 0], weight=packed([1, 2, 3, 4], [9, 9, 9, 9]))
    >>> seconds_of(Buckets.below(ring, Seeds.at([0, 2])).table(Seeds.at([1, 3])))
    array([[9., 2.],
           [4., 7.]])
    """

    hierarchy: Hierarchy
    destinations: int
    most: int
    start: Int32
    destination: Int32
    weight: Int64

    @classmethod
    def below(cls, hierarchy: Hierarchy, destinations: Seeds, most: int = NEVER - 1) -> Buckets:
        """Note destinations.

        Parameters
        ----------
        hierarchy
            The hierarchy.
        destinations
            With the ways from the nodes to them.
        most
            Ways that weigh more are left out of every table.
        """
        up, down = hierarchy.up, hierarchy.down
        node, destination = np.empty(_FIRST, np.int32), np.empty(_FIRST, np.int32)
        weight = np.empty(_FIRST, np.int64)
        seeds = (destinations.start, hierarchy.place[destinations.node], destinations.weight)
        count, done = 0, 0
        while True:
            room = room_for(down, len(destinations.node))  # the one before bears stamps
            asked = (*seeds, most, down.search, up.search, room)
            count, done = _note(*asked, node, destination, weight, count, done)
            if done == len(destinations):
                break
            node = np.concatenate([node, np.empty_like(node)])
            destination = np.concatenate([destination, np.empty_like(destination)])
            weight = np.concatenate([weight, np.empty_like(weight)])
        node, destination, weight = node[:count], destination[:count], weight[:count]
        order = np.argsort(node, kind="stable")
        start = np.zeros(len(hierarchy) + 1, np.int32)
        np.cumsum(np.bincount(node, minlength=len(hierarchy)), out=start[1:])
        return cls(
            hierarchy=hierarchy,
            destinations=len(destinations),
            most=most,
            start=start,
            destination=destination[order],
            weight=weight[order],
        )

    def table(self, origins: Seeds) -> Int64:
        """Weights of the ways from each origin to each destination; `NEVER` where there is none.

        Parameters
        ----------
        origins
            With the ways from them to the nodes.
        """
        found = np.full((len(origins), self.destinations), NEVER, np.int64)
        up, down = self.hierarchy.up, self.hierarchy.down
        _empty(
            origins.start,
            self.hierarchy.place[origins.node],
            origins.weight,
            self.most,
            up.search,
            down.search,
            room_for(up, len(origins.node)),
            self.start,
            self.destination,
            self.weight,
            found,
        )
        found[found > self.most] = NEVER
        return found


def room_for(half: Half, seeds: int) -> Room:
    """Room for `climb` in a half, from places with so many seeds in all."""
    nodes, most = len(half.start) - 1, len(half.above) + seeds + 1
    return (
        np.empty(nodes, np.int64),
        np.zeros(nodes, np.int32),
        np.empty(most, np.int64),
        np.empty(most, np.int32),
    )


@kernel(
    f"UniTuple(int64, 2)({_SEEDS}, int64, {HALF}, {HALF}, {ROOM}, int32[::1], int32[::1], "
    "int64[::1], int64, int64)"
)
def _note(
    first: Int32,
    node: Int32,
    weight: Int64,
    most: int,
    half: Searched,
    other: Searched,
    room: Room,
    bucket: Int32,
    destination: Int32,
    noted: Int64,
    total: int,
    done: int,
) -> tuple[int, int]:
    """Go on filling the entries of all buckets; how many there are, and for how many places."""
    nodes = len(half[0]) - 1
    met, met_weight = np.empty(nodes, np.int32), np.empty(nodes, np.int64)
    for place in range(done, len(first) - 1):
        one = slice(first[place], first[place + 1])
        count = climb(
            node[one],
            weight[one],
            most,
            half,
            other,
            room,
            place + 1,
            met,
            met_weight,
        )
        if total + count > len(bucket):
            return total, place
        for each in range(count):
            bucket[total], destination[total] = met[each], place
            noted[total] = met_weight[each]
            total += 1
    return total, len(first) - 1


@kernel(
    f"void({_SEEDS}, int64, {HALF}, {HALF}, {ROOM}, int32[::1], int32[::1], int64[::1], "
    "int64[:, ::1])"
)
def _empty(
    first: Int32,
    node: Int32,
    weight: Int64,
    most: int,
    half: Searched,
    other: Searched,
    room: Room,
    bucket_start: Int32,
    destination: Int32,
    noted: Int64,
    found: Int64,
) -> None:
    """Fill the rows of a table."""
    nodes = len(half[0]) - 1
    met, met_weight = np.empty(nodes, np.int32), np.empty(nodes, np.int64)
    for place in range(len(first) - 1):
        one, row = slice(first[place], first[place + 1]), found[place]
        count = climb(
            node[one],
            weight[one],
            most,
            half,
            other,
            room,
            place + 1,
            met,
            met_weight,
        )
        for each in range(count):
            there, way = met[each], met_weight[each]
            for entry in range(bucket_start[there], bucket_start[there + 1]):
                whole = way + noted[entry]
                row[destination[entry]] = min(row[destination[entry]], whole)
