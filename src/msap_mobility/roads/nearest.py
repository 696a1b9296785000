"""For every node the k nearest of some places: one search from all of them at once.

Each node keeps a list of the k best ways found so far, to different places; whatever enters it is
passed on, a better way to the same place again. Of ways of one weight the place given first counts
as nearer, at every node, so that the answer does not depend on the order of the search. Nodes wait
in buckets about as wide as an arc: there is no heap to keep in order, and what is passed on twice
is little.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from msap_mobility.compiled import kernel
from msap_mobility.roads.weights import NEVER

if TYPE_CHECKING:
    from msap_mobility.roads.hierarchy.arrays import Int32, Int64
    from msap_mobility.roads.hierarchy.seeds import Seeds

    _Arcs = tuple[Int32, Int32, Int64]
    _Lists = tuple[Int32, Int64]
    _Waiting = tuple[Int32, Int32, Int32, Int64]

__all__ = ["choose", "lists_of", "nearest_places"]

_LISTS = "Tuple((int32[:, ::1], int64[:, ::1]))"
"""Per node k ways, best first: twice the number of the place, plus one until it has been passed on;
the weight."""

_NOWHERE = -2
"""In lists, instead of a place."""

_ARCS = "Tuple((int32[::1], int32[::1], int64[::1]))"
_WAITING = "Tuple((int32[::1], int32[::1], int32[::1], int64[::1]))"

_MOST_BUCKETS = 1 << 17


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
    tails, heads = np.asarray(tails, np.int32), np.asarray(heads, np.int32)
    weight = np.asarray(weight, np.int64)
    place, found = lists_of(nodes, k)
    shift, buckets = _buckets(weight, places.weight, most)
    _spread(
        _by_head(nodes, tails, heads, weight),
        np.repeat(np.arange(len(places), dtype=np.int32), np.diff(places.start)),
        places.node,
        places.weight,
        most,
        shift,
        buckets,
        (place, found),
    )
    place >>= 1
    return place, found


def lists_of(nodes: int, k: int) -> tuple[Int32, Int64]:
    """Lists with nothing in them."""
    return np.full((nodes, k), _NOWHERE, np.int32), np.full((nodes, k), NEVER, np.int64)


def _buckets(arcs: Int64, seeds: Int64, most: int) -> tuple[int, int]:
    """How wide a bucket is, as a power of two, and how many there are, another.

    Narrower than an arc of mean weight; enough of them that none is needed twice at once.
    """
    arcs = arcs[arcs <= most]
    if not len(arcs):
        arcs = np.zeros(1, np.int64)
    longest = max(int(arcs.max()), int(seeds[seeds <= most].max(initial=0)))
    shift = max(0, int(arcs.mean()).bit_length() - 1)
    while longest >> shift > _MOST_BUCKETS - 3:
        shift += 1
    return shift, 1 << ((longest >> shift) + 2).bit_length()


@kernel(f"{_ARCS}(int64, int32[::1], int32[::1], int64[::1])")
def _by_head(nodes: int, tails: Int32, heads: Int32, weight: Int64) -> _Arcs:
    """Arcs by head (CSR): start, tails, weights."""
    start = np.zeros(nodes + 1, np.int32)
    for arc in range(len(heads)):
        start[heads[arc] + 1] += 1
    for node in range(nodes):
        start[node + 1] += start[node]
    at = start.copy()
    tail, arc_weight = np.empty(len(heads), np.int32), np.empty(len(heads), np.int64)
    for arc in range(len(heads)):
        here = at[heads[arc]]
        tail[here], arc_weight[here] = tails[arc], weight[arc]
        at[heads[arc]] = here + 1
    return start, tail, arc_weight


@kernel(f"boolean(int64, int64, int64, {_LISTS})")
def _offer(node: int, who: int, key: int, lists: _Lists) -> bool:
    """Put a way into the list of a node if it is good enough; whether it was.

    Parameters
    ----------
    node
        The node.
    who
        Twice the number of the place, plus one.
    key
        Weight of the way.
    lists
        See `_LISTS`.
    """
    place, weight = lists
    last = place.shape[1] - 1
    if key > weight[node, last] or (key == weight[node, last] and who > place[node, last]):
        return False
    at = 0
    while at < last and (place[node, at] | 1) != who:
        at += 1
    if (place[node, at] | 1) == who and weight[node, at] <= key:
        return False
    while at > 0 and (
        weight[node, at - 1] > key or (weight[node, at - 1] == key and place[node, at - 1] > who)
    ):
        weight[node, at], place[node, at] = weight[node, at - 1], place[node, at - 1]
        at -= 1
    weight[node, at], place[node, at] = key, who
    return True


@kernel(f"int64(int64, int64, {_WAITING})")
def _wait(node: int, bucket: int, waiting: _Waiting) -> int:
    """Have a node wait in a bucket, unless it waits in an earlier one; 1 if it did not wait yet."""
    first, after, before, where = waiting
    mask = len(first) - 1
    old = where[node]
    if 0 <= old <= bucket:
        return 0
    if old >= 0:
        following, leading = after[node], before[node]
        if leading >= 0:
            after[leading] = following
        else:
            first[old & mask] = following
        if following >= 0:
            before[following] = leading
    following = first[bucket & mask]
    after[node], before[node] = following, -1
    if following >= 0:
        before[following] = node
    first[bucket & mask], where[node] = node, bucket
    return 1 if old < 0 else 0


@kernel(f"int64(int64, int64, int64, int64, {_ARCS}, {_LISTS}, {_WAITING})")
def _pass_on(
    node: int, end: int, most: int, shift: int, arcs: _Arcs, lists: _Lists, waiting: _Waiting
) -> int:
    """Offer what is new at a node and weighs less than `end` to those before it.

    Returns how many nodes more wait.
    """
    start, tail, arc_weight = arcs
    place, weight = lists
    more = 0
    for rank in range(place.shape[1]):
        who, key = place[node, rank], weight[node, rank]
        if who < 0:
            break
        if who & 1 == 0:
            continue
        if key >= end:
            more += _wait(node, key >> shift, waiting)
            break
        place[node, rank] = who - 1
        for arc in range(start[node], start[node + 1]):
            reached, there = key + arc_weight[arc], tail[arc]
            if reached <= most and _offer(there, who, reached, lists):
                more += _wait(there, reached >> shift, waiting)
    return more


@kernel(
    f"void({_ARCS}, int32[::1], int32[::1], int64[::1], int64, int64, int64, {_LISTS})",
)
def _spread(
    arcs: _Arcs,
    seed_place: Int32,
    seed_node: Int32,
    seed_weight: Int64,
    most: int,
    shift: int,
    buckets: int,
    lists: _Lists,
) -> None:
    """Fill the lists: bucket after bucket, each until nothing is left to pass on in it."""
    nodes = len(arcs[0]) - 1
    first, after = np.full(buckets, -1, np.int32), np.full(nodes, -1, np.int32)
    before, where = np.full(nodes, -1, np.int32), np.full(nodes, -1, np.int64)
    waiting = (first, after, before, where)
    left, now = 0, 0
    for seed in range(len(seed_node)):
        key, node = seed_weight[seed], seed_node[seed]
        if key <= most and _offer(node, 2 * seed_place[seed] + 1, key, lists):
            left += _wait(node, key >> shift, waiting)
    while left > 0:
        while first[now & (buckets - 1)] < 0:
            now += 1
        node = first[now & (buckets - 1)]
        first[now & (buckets - 1)] = -1  # what comes into it meanwhile is for the next turn
        while node >= 0:
            following = after[node]
            where[node] = -1
            left += _pass_on(node, (now + 1) << shift, most, shift, arcs, lists, waiting) - 1
            node = following


@kernel(f"void({_ARCS}, {_LISTS}, Tuple((int64[::1], int64[::1], int64[::1])), {_LISTS})")
def choose(
    doors: _Arcs,
    known: _Lists,
    direct: tuple[Int64, Int64, Int64],
    found: _Lists,
) -> None:
    """Of all that the nodes around a point know, and of the ways past no node, its k best.

    Parameters
    ----------
    doors
        Per point (CSR): start, the nodes around it, the weights of the ways to them.
    known
        Place and weight of the nodes, as `nearest_places` gives them.
    direct
        Point, place and weight of each way past no node.
    found
        `lists_of` the points; filled.
    """
    start, node, more = doors
    place, weight = known
    for point in range(len(start) - 1):
        for door in range(start[point], start[point + 1]):
            for rank in range(place.shape[1]):
                who = place[node[door], rank]
                if who < 0:
                    break
                _offer(point, 2 * who + 1, weight[node[door], rank] + more[door], found)
    row, column, way = direct
    for pair in range(len(row)):
        if way[pair] < NEVER:
            _offer(row[pair], 2 * column[pair] + 1, way[pair], found)
