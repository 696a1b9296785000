"""One fastest way as the nodes it runs through: up from both ends, then shortcuts taken apart."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from msap_mobility.compiled import kernel
from msap_mobility.roads.hierarchy.climb import HALF
from msap_mobility.roads.hierarchy.queue import pop, push
from msap_mobility.roads.weights import NEVER

if TYPE_CHECKING:
    from msap_mobility.roads.hierarchy.arrays import Int32, Int64, Searched
    from msap_mobility.roads.hierarchy.hierarchy import Half, Hierarchy
    from msap_mobility.roads.hierarchy.seeds import Seeds

__all__ = ["path"]


def path(hierarchy: Hierarchy, origin: Seeds, destination: Seeds) -> tuple[int, list[int]]:
    """The best way between two places: its weight, and its nodes as the caller numbers them.

    Parameters
    ----------
    hierarchy
        The hierarchy.
    origin, destination
        One place each.

    Returns
    -------
    tuple
        `NEVER` and no nodes if there is no way.

    Examples
    --------
    >>> from msap_mobility.roads.hierarchy import Hierarchy, Seeds
    >>> ring = Hierarchy.build(4, tails=[0, 1, 2, 3], heads=[1, 2, 3, 0], weight=[1, 2, 3, 4])
    >>> path(ring, Seeds.at([1]), Seeds.at([0]))
    (9, [1, 2, 3, 0])
    """
    up, down = hierarchy.up, hierarchy.down
    there, came_up = _climbed(up, hierarchy.place[origin.node], origin.weight)
    home, came_down = _climbed(down, hierarchy.place[destination.node], destination.weight)
    both = np.where((there < NEVER) & (home < NEVER), there + np.minimum(home, NEVER - 1), NEVER)
    top = int(np.argmin(both)) if len(both) else 0
    if not len(both) or both[top] >= NEVER:
        return NEVER, []
    climb, descent = _trail(came_up, top), _trail(came_down, top)[::-1]
    places = climb[:1]
    for tail, head in pairwise(climb):
        places += _between(hierarchy, tail, head)
    for tail, head in pairwise(descent):
        places += _between(hierarchy, tail, head)
    node = np.empty(len(hierarchy), np.int32)
    node[hierarchy.place] = np.arange(len(hierarchy), dtype=np.int32)
    return int(both[top]), node[places].tolist()


def _climbed(half: Half, nodes: Int32, weight: Int64) -> tuple[Int64, Int32]:
    """Per place: the way up to it, and the place before; −1 at a seed."""
    count = len(half.start) - 1
    label, before = np.full(count, NEVER, np.int64), np.full(count, -1, np.int32)
    room = len(half.above) + len(nodes) + 1
    _climb_from(
        nodes,
        weight,
        half.search,
        label,
        before,
        np.empty(room, np.int64),
        np.empty(room, np.int32),
    )
    return label, before


def _trail(before: Int32, top: int) -> list[int]:
    """From the seed to the top."""
    trail = [top]
    while before[trail[-1]] >= 0:
        trail.append(int(before[trail[-1]]))
    return trail[::-1]


def _between(hierarchy: Hierarchy, tail: int, head: int) -> list[int]:
    """The places after `tail` up to `head`, of the arc between the two."""
    found: list[int] = []
    open_ends = [(tail, head)]
    while open_ends:
        tail, head = open_ends.pop()
        half = hierarchy.up if head < tail else hierarchy.down
        low, high = max(tail, head), min(tail, head)
        first, last = half.start[low], half.start[low + 1]
        arc = first + int(np.searchsorted(half.above[first:last], high))
        middle = int(half.middle[arc])
        if middle < 0:
            found.append(head)
        else:
            open_ends += [(middle, head), (tail, middle)]
    return found


@kernel(f"void(int32[::1], int64[::1], {HALF}, int64[::1], int32[::1], int64[::1], int32[::1])")
def _climb_from(
    node: Int32,
    weight: Int64,
    half: Searched,
    label: Int64,
    before: Int32,
    keys: Int64,
    queue: Int32,
) -> None:
    """As `climb`, noting where each label came from."""
    start, above, arc_weight = half
    size = 0
    for seed in range(len(node)):
        if weight[seed] < label[node[seed]]:
            label[node[seed]] = weight[seed]
            size = push(keys, queue, size, weight[seed], node[seed])
    while size > 0:
        key, here = keys[0], queue[0]
        size = pop(keys, queue, size)
        if key > label[here]:
            continue
        for arc in range(start[here], start[here + 1]):
            higher, reached = above[arc], key + arc_weight[arc]
            if reached < label[higher]:
                label[higher], before[higher] = reached, here
                size = push(keys, queue, size, reached, higher)
