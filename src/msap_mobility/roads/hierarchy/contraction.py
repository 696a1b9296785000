"""Contraction: node after node is taken out, and shortcuts keep all fastest ways.

Arcs stand in a pool, chained into the lists of arcs out of and into each node. Taking a node out
unhooks its arcs from its neighbours; they stay in its own lists for good: to and from nodes that
rank higher.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from msap_mobility.compiled import kernel
from msap_mobility.roads.hierarchy.pool import (
    ARCS,
    HEAD,
    HOPS,
    MIDDLE,
    NEXT_IN,
    NEXT_OUT,
    QUEUED,
    STAGE,
    TAIL,
)
from msap_mobility.roads.hierarchy.queue import pop, push
from msap_mobility.roads.weights import NEVER

if TYPE_CHECKING:
    from msap_mobility.roads.hierarchy.arrays import Int32, Int64
    from msap_mobility.roads.hierarchy.pool import Arcs, Witnesses

__all__ = ["chain", "contract", "queue_up"]

_LABEL, _STAMP, _WANTED, _WANTED_STAMP = range(4)
"""Columns of `Witnesses.mark`. A label counts if its stamp is that of the search, and so does the
way that is wanted to be beaten."""

_SETTLED = 60
"""Nodes a witness search looks at: more make fewer shortcuts and take longer."""


@kernel("void(Arcs, int64)")
def chain(arcs: Arcs, count: int) -> None:
    """Hook the first arcs of the pool into the lists of their nodes."""
    pool, first_out, first_in = arcs.pool, arcs.first_out, arcs.first_in
    for arc in range(count - 1, -1, -1):
        tail, head = pool[arc, TAIL], pool[arc, HEAD]
        pool[arc, NEXT_OUT], first_out[tail] = first_out[tail], arc
        pool[arc, NEXT_IN], first_in[head] = first_in[head], arc


@kernel("int64(int64, int64, Arcs, int64[:, ::1])")
def _want(into: int, now: int, arcs: Arcs, mark: Int64) -> int:
    """Note the ways that an arc begins over the node it leads to; how many."""
    pool, weight = arcs.pool, arcs.weight
    count = 0
    out = arcs.first_out[pool[into, HEAD]]
    while out >= 0:
        head = pool[out, HEAD]
        if head != pool[into, TAIL]:
            mark[head, _WANTED], mark[head, _WANTED_STAMP] = weight[into] + weight[out], now
            count += 1
        out = pool[out, NEXT_OUT]
    return count


@kernel("void(int64, int64, Arcs, Witnesses)")
def _look_for_witnesses(into: int, most: int, arcs: Arcs, witnesses: Witnesses) -> None:
    """Label nodes near where an arc comes from, without the node it leads to: upper bounds.

    It ends when no way over the skipped node is the only one left, or when it has looked far.
    """
    pool, weight, first_out = arcs.pool, arcs.weight, arcs.first_out
    mark, keys, queue = witnesses.mark, witnesses.keys, witnesses.queue
    start, skipped, now = pool[into, TAIL], pool[into, HEAD], witnesses.clock[0]
    left = _want(into, now, arcs, mark)
    mark[start, _LABEL], mark[start, _STAMP] = 0, now
    size, settled = push(keys, queue, 0, 0, start), 0
    while size > 0 and settled < _SETTLED and keys[0] <= most:
        key, node = keys[0], queue[0]
        size = pop(keys, queue, size)
        if key > mark[node, _LABEL]:
            continue
        settled += 1
        arc = first_out[node]
        while arc >= 0:
            head, reached = pool[arc, HEAD], key + weight[arc]
            known = mark[head, _STAMP] == now
            if (
                head != skipped
                and reached <= most
                and not (known and reached >= mark[head, _LABEL])
            ):
                over = mark[head, _WANTED]
                if mark[head, _WANTED_STAMP] == now and reached <= over:
                    left -= 0 if known and mark[head, _LABEL] <= over else 1
                mark[head, _LABEL], mark[head, _STAMP] = reached, now
                if left == 0 or size == len(keys):
                    return
                size = push(keys, queue, size, reached, head)
            arc = pool[arc, NEXT_OUT]


@kernel("int64(int64, Arcs, Witnesses, int32[:, ::1], int64[::1])")
def _shortcuts(
    node: int, arcs: Arcs, witnesses: Witnesses, found: Int32, found_weight: Int64
) -> int:
    """Shortcuts that taking a node out demands: tail, head and hops in `found`; their number."""
    pool, weight, first_out = arcs.pool, arcs.weight, arcs.first_out
    mark, clock = witnesses.mark, witnesses.clock
    count = 0
    into = arcs.first_in[node]
    while into >= 0:
        tail = pool[into, TAIL]
        most = -1
        out = first_out[node]
        while out >= 0:
            over = weight[into] + weight[out]
            if pool[out, HEAD] != tail and over < NEVER:
                most = max(most, over)
            out = pool[out, NEXT_OUT]
        clock[0] += 1
        if most >= 0:
            _look_for_witnesses(into, most, arcs, witnesses)
        out = first_out[node] if most >= 0 else -1
        while out >= 0:
            head, over = pool[out, HEAD], weight[into] + weight[out]
            known = mark[head, _STAMP] == clock[0]
            if head != tail and over < NEVER and not (known and mark[head, _LABEL] <= over):
                found[count, TAIL], found[count, HEAD] = tail, head
                found[count, 2] = pool[into, HOPS] + pool[out, HOPS]
                found_weight[count] = over
                count += 1
            out = pool[out, NEXT_OUT]
        into = pool[into, NEXT_IN]
    return count


@kernel("int64(int64, int64, Arcs, int32[:, ::1], int32[::1])")
def _importance(node: int, count: int, arcs: Arcs, found: Int32, level: Int32) -> int:
    """How late a node is to be taken out: its level, arcs made for arcs lost, hops likewise."""
    pool = arcs.pool
    lost, hops, made = 0, 0, 0
    arc = arcs.first_in[node]
    while arc >= 0:
        lost += 1
        hops += pool[arc, HOPS]
        arc = pool[arc, NEXT_IN]
    arc = arcs.first_out[node]
    while arc >= 0:
        lost += 1
        hops += pool[arc, HOPS]
        arc = pool[arc, NEXT_OUT]
    for each in range(count):
        made += found[each, 2]
    if lost == 0:
        return 0
    return int(1000 * level[node] + 1000 * count // lost + 1000 * made // hops)


@kernel("int64(int64, Arcs)")
def _most_shortcuts(node: int, arcs: Arcs) -> int:
    """Arcs in times arcs out."""
    pool = arcs.pool
    into, out = 0, 0
    arc = arcs.first_in[node]
    while arc >= 0:
        into += 1
        arc = pool[arc, NEXT_IN]
    arc = arcs.first_out[node]
    while arc >= 0:
        out += 1
        arc = pool[arc, NEXT_OUT]
    return into * out


@kernel("void(int64, Arcs, int32[::1])")
def _unhook(node: int, arcs: Arcs, level: Int32) -> None:
    """Take a node's arcs out of the lists of its neighbours, and raise these above it."""
    pool, first_out, first_in = arcs.pool, arcs.first_out, arcs.first_in
    above = level[node] + 1
    arc = first_in[node]
    while arc >= 0:
        tail = pool[arc, TAIL]
        level[tail] = max(level[tail], above)
        other = first_out[tail]
        if other == arc:
            first_out[tail] = pool[arc, NEXT_OUT]
        else:
            while pool[other, NEXT_OUT] != arc:
                other = pool[other, NEXT_OUT]
            pool[other, NEXT_OUT] = pool[arc, NEXT_OUT]
        arc = pool[arc, NEXT_IN]
    arc = first_out[node]
    while arc >= 0:
        head = pool[arc, HEAD]
        level[head] = max(level[head], above)
        other = first_in[head]
        if other == arc:
            first_in[head] = pool[arc, NEXT_IN]
        else:
            while pool[other, NEXT_IN] != arc:
                other = pool[other, NEXT_IN]
            pool[other, NEXT_IN] = pool[arc, NEXT_IN]
        arc = pool[arc, NEXT_OUT]


@kernel("int64(int64, int64, Arcs, int64, int32[:, ::1], int64[::1])")
def _put_in(
    node: int, total: int, arcs: Arcs, count: int, found: Int32, found_weight: Int64
) -> int:
    """Add shortcuts over a node to the pool, or make the arc that is there shorter; arcs then."""
    pool, weight, first_out, first_in = arcs.pool, arcs.weight, arcs.first_out, arcs.first_in
    for each in range(count):
        tail, head = found[each, TAIL], found[each, HEAD]
        arc = first_out[tail]
        while arc >= 0 and pool[arc, HEAD] != head:
            arc = pool[arc, NEXT_OUT]
        if arc < 0:
            arc = total
            total += 1
            pool[arc, TAIL], pool[arc, HEAD] = tail, head
            pool[arc, NEXT_OUT], first_out[tail] = first_out[tail], arc
            pool[arc, NEXT_IN], first_in[head] = first_in[head], arc
        elif weight[arc] <= found_weight[each]:
            continue
        weight[arc] = found_weight[each]
        pool[arc, MIDDLE], pool[arc, HOPS] = node, found[each, 2]
    return total


@kernel("void(Arcs, Witnesses, int32[::1], int64[::1], int32[::1], int64[::1])")
def queue_up(
    arcs: Arcs, witnesses: Witnesses, level: Int32, keys: Int64, queue: Int32, state: Int64
) -> None:
    """Put all nodes into the queue by importance; the state of `contract` at its beginning."""
    found, found_weight = np.zeros((64, 3), np.int32), np.zeros(64, np.int64)
    size = 0
    for node in range(len(level)):
        most = _most_shortcuts(node, arcs)
        if most > len(found):
            found, found_weight = np.zeros((2 * most, 3), np.int32), np.zeros(2 * most, np.int64)
        count = _shortcuts(node, arcs, witnesses, found, found_weight)
        key = _importance(node, count, arcs, found, level)
        size = push(keys, queue, size, key, node)
    state[QUEUED] = size


@kernel(
    "boolean(Arcs, Witnesses, int32[::1], int32[::1], int64[::1], int32[::1], int64[::1], int64)"
)
def contract(
    arcs: Arcs,
    witnesses: Witnesses,
    level: Int32,
    rank: Int32,
    keys: Int64,
    queue: Int32,
    state: Int64,
    until: int,
) -> bool:
    """Take nodes out, the least important first; False if the pool has become too small.

    Parameters
    ----------
    arcs, witnesses
        As the last call left them, with room for more arcs.
    level
        Per node, filled: above that of every neighbour that was taken out before it.
    rank
        Per node, filled: when it was taken out.
    keys, queue
        The queue: as many places as nodes.
    state
        `STAGE`, `ARCS`, `QUEUED`: after False, call again with more room and the same state.
    until
        Stop, with True, when so many nodes are out.
    """
    found, found_weight = np.zeros((4096, 3), np.int32), np.zeros(4096, np.int64)
    size = state[QUEUED]
    while size > 0 and state[STAGE] < until:
        node = queue[0]
        most = _most_shortcuts(node, arcs)
        if state[ARCS] + most > len(arcs.weight):
            state[QUEUED] = size
            return False
        size = pop(keys, queue, size)
        if most > len(found):
            found, found_weight = np.zeros((2 * most, 3), np.int32), np.zeros(2 * most, np.int64)
        count = _shortcuts(node, arcs, witnesses, found, found_weight)
        key = _importance(node, count, arcs, found, level)
        if size > 0 and key > keys[0]:
            size = push(keys, queue, size, key, node)
            continue
        rank[node] = state[STAGE]
        state[STAGE] += 1
        _unhook(node, arcs, level)
        state[ARCS] = _put_in(node, state[ARCS], arcs, count, found, found_weight)
    state[QUEUED] = size
    return True
