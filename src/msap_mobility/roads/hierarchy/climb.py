"""The one search of a hierarchy: upwards from a place, until nothing above is left."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msap_mobility.compiled import kernel
from msap_mobility.roads.hierarchy.queue import pop, push

if TYPE_CHECKING:
    from msap_mobility.roads.hierarchy.arrays import Int32, Int64, Room, Searched

__all__ = ["HALF", "ROOM", "climb"]

HALF = "Tuple((int32[::1], int32[::1], int64[::1]))"
"""Type of `Half.search`."""

ROOM = "Tuple((int64[::1], int32[::1], int64[::1], int32[::1]))"
"""Type of the room of a search: labels and their stamps per node; a queue, which needs a place for
each arc of its half and for each seed."""


@kernel(
    f"int64(int32[::1], int64[::1], int64, {HALF}, {HALF}, {ROOM}, int64, int32[::1], int64[::1])"
)
def climb(
    node: Int32,
    weight: Int64,
    most: int,
    half: Searched,
    other: Searched,
    room: Room,
    now: int,
    met: Int32,
    met_weight: Int64,
) -> int:
    """Write the nodes met and the ways to them into `met` and `met_weight`; how many.

    Parameters
    ----------
    node, weight
        The seeds of one place.
    most
        Ways that weigh more are not looked at.
    half
        To climb.
    other
        The other half: a node that is reached faster from above need not be climbed from (stalling
        on demand).
    room
        Room.
    now
        A number that no stamp bears yet.
    met, met_weight
        Filled; a place for each node.
    """
    start, above, arc_weight = half
    other_start, other_above, other_weight = other
    label, stamp, keys, queue = room
    size, count = 0, 0
    for seed in range(len(node)):
        first = node[seed]
        if weight[seed] <= most and (stamp[first] != now or weight[seed] < label[first]):
            label[first], stamp[first] = weight[seed], now
            size = push(keys, queue, size, weight[seed], first)
    while size > 0:
        key, here = keys[0], queue[0]
        size = pop(keys, queue, size)
        if key > label[here]:
            continue
        stalled = False
        for arc in range(other_start[here], other_start[here + 1]):
            higher = other_above[arc]
            if stamp[higher] == now and label[higher] + other_weight[arc] < key:
                stalled = True
                break
        if stalled:
            continue
        met[count], met_weight[count] = here, key
        count += 1
        for arc in range(start[here], start[here + 1]):
            higher, reached = above[arc], key + arc_weight[arc]
            if reached <= most and (stamp[higher] != now or reached < label[higher]):
                label[higher], stamp[higher] = reached, now
                size = push(keys, queue, size, reached, higher)
    return count
