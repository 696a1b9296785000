"""Dijkstra's algorithm from places to all nodes: for a few questions, and to check the rest by."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from msap_mobility.compiled import kernel
from msap_mobility.roads.hierarchy.queue import pop, push
from msap_mobility.roads.weights import NEVER

if TYPE_CHECKING:
    from msap_mobility.roads.hierarchy.arrays import Int32, Int64
    from msap_mobility.roads.hierarchy.seeds import Seeds

__all__ = ["ways_to_all"]


def ways_to_all(
    start: Int32, heads: Int32, weight: Int64, places: Seeds, most: int = NEVER - 1
) -> Int64:
    """Weights of the ways from each place to every node; `NEVER` where there is none.

    Parameters
    ----------
    start, heads, weight
        Arcs by tail (CSR).
    places
        With the ways from them to the nodes.
    most
        Ways that weigh more are not looked at.

    Examples
    --------
    >>> from msap_mobility.roads.hierarchy import Seeds
    >>> start, heads = np.array([0, 1, 2, 3], np.int32), np.array([1, 2, 0], np.int32)
    >>> ways_to_all(start, heads, np.array([1, 2, 4]), Seeds.at([1]))
    array([[6, 0, 2]])
    """
    label = np.full((len(places), len(start) - 1), NEVER, np.int64)
    room = len(heads) + len(places.node) + 1
    _spread(
        start,
        heads,
        weight,
        places.start,
        places.node,
        places.weight,
        most,
        np.empty(room, np.int64),
        np.empty(room, np.int32),
        label,
    )
    return label


@kernel(
    "void(int32[::1], int32[::1], int64[::1], int32[::1], int32[::1], int64[::1], int64, "
    "int64[::1], int32[::1], int64[:, ::1])"
)
def _spread(
    start: Int32,
    heads: Int32,
    weight: Int64,
    seed_start: Int32,
    seed_node: Int32,
    seed_weight: Int64,
    most: int,
    keys: Int64,
    queue: Int32,
    label: Int64,
) -> None:
    for place in range(len(label)):
        row, size = label[place], 0
        for seed in range(seed_start[place], seed_start[place + 1]):
            node = seed_node[seed]
            if seed_weight[seed] <= most and seed_weight[seed] < row[node]:
                row[node] = seed_weight[seed]
                size = push(keys, queue, size, row[node], node)
        while size > 0:
            key, node = keys[0], queue[0]
            size = pop(keys, queue, size)
            if key > row[node]:
                continue
            for arc in range(start[node], start[node + 1]):
                reached = key + weight[arc]
                if reached <= most and reached < row[heads[arc]]:
                    row[heads[arc]] = reached
                    size = push(keys, queue, size, reached, heads[arc])
