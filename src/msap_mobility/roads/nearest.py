"""For every node the k nearest of some places: one search from all of them at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from msap_mobility.compiled import kernel
from msap_mobility.roads.hierarchy.queue import pop, push
from msap_mobility.roads.weights import NEVER

if TYPE_CHECKING:
    from msap_mobility.roads.hierarchy.arrays import Int32, Int64
    from msap_mobility.roads.hierarchy.seeds import Seeds

__all__ = ["nearest_places"]


def nearest_places(
    nodes: int,
    tails: Any,
    heads: Any,
    weight: Any,
    places: Seeds,
    k: int = 1,
    most: int = NEVER - 1,
) -> tuple[Int32, Int64]:
    """The k places that each node reaches at least cost.

    Parameters
    ----------
    nodes, tails, heads, weight
        The graph: how many nodes, and its arcs in any order.
    places
        With the ways from nodes to them.
    k
        How many.
    most
        Ways that weigh more are not looked at.

    Returns
    -------
    tuple
        Number of the place and weight of the way, each (nodes, k), nearest first, of equal ways the
        place that was given first; −1 and `NEVER` where there are fewer.

    Examples
    --------
    >>> from msap_mobility.roads.hierarchy import Seeds
    >>> place, weight = nearest_places(
    ...     3, tails=[0, 1, 2], heads=[1, 2, 0], weight=[1, 2, 4], places=Seeds.at([2, 0]), k=2)
    >>> place.tolist(), weight.tolist()
    ([[1, 0], [0, 1], [0, 1]], [[0, 3], [2, 6], [0, 4]])
    """
    heads = np.asarray(heads, np.int32)
    order = np.argsort(heads, kind="stable")
    start = np.zeros(nodes + 1, np.int32)
    np.cumsum(np.bincount(heads, minlength=nodes), out=start[1:])
    place, found = np.full((nodes, k), -1, np.int32), np.full((nodes, k), NEVER, np.int64)
    size = k * len(order) + len(places.node) + 1
    _spread(
        start,
        np.asarray(tails, np.int32)[order],
        np.asarray(weight, np.int64)[order],
        np.repeat(np.arange(len(places), dtype=np.int32), np.diff(places.start)),
        places.node,
        places.weight,
        most,
        np.empty(size, np.int64),
        np.empty(size, np.int32),
        np.empty((size, 2), np.int32),
        place,
        found,
    )
    return place, found


@kernel(
    "void(int32[::1], int32[::1], int64[::1], int32[::1], int32[::1], int64[::1], int64, "
    "int64[::1], int32[::1], int32[:, ::1], int32[:, ::1], int64[:, ::1])"
)
def _spread(
    start: Int32,
    tail: Int32,
    arc_weight: Int64,
    seed_place: Int32,
    seed_node: Int32,
    seed_weight: Int64,
    most: int,
    keys: Int64,
    queue: Int32,
    label: Int32,
    place: Int32,
    weight: Int64,
) -> None:
    """Dijkstra's algorithm with k labels a node, each of another place.

    A label is a place and a node; the queue holds their numbers.
    """
    size, labels, k = 0, 0, place.shape[1]
    for seed in range(len(seed_node)):
        if seed_weight[seed] > most:
            continue
        label[labels, 0], label[labels, 1] = seed_place[seed], seed_node[seed]
        size = push(keys, queue, size, seed_weight[seed], labels)
        labels += 1
    while size > 0:
        key, here = keys[0], queue[0]
        size = pop(keys, queue, size)
        who, node = label[here, 0], label[here, 1]
        rank = 0
        while rank < k and place[node, rank] >= 0 and place[node, rank] != who:
            rank += 1
        if rank == k or place[node, rank] == who:
            continue
        place[node, rank], weight[node, rank] = who, key
        for arc in range(start[node], start[node + 1]):
            if place[tail[arc], k - 1] < 0 and key + arc_weight[arc] <= most:
                label[labels, 0], label[labels, 1] = who, tail[arc]
                size = push(keys, queue, size, key + arc_weight[arc], labels)
                labels += 1
