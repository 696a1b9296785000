"""Partial routes as rows of numbers: made longer one stop at a time, the useless ones dropped.

Nodes are the stops from 0 on; the last row of the matrices is where routes start, the last column
where they end. Whatever a route uses up (stops, distance, time, room) is used on arcs, so the same
kernels work backwards on matrices that are turned round.

A customer who is covered pays a route once, however many of its stops are within reach. So a label
knows who has paid, and one that has been paid by more people is better only if it stays so when all
of them pay the other one too (as with subset row cuts: Jepsen, Petersen, Spoorendonk & Pisinger
2008, doi 10.1287/opre.1070.0449).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from msap_mobility.compiled import kernel

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from msap_mobility.optimise.arrays import Int64

__all__ = ["COST", "DROPPED", "END", "FROM", "SEEN", "SET", "USED", "begun", "grown", "undominated"]

SET, SEEN, END, COST, FROM, USED = range(6)
"""Columns of a label: the stops visited as bits (or those of them that it remembers), the customers
who have paid as bits, the last stop, what it costs so far, the label it was made of, and from there
on what is used up."""

DROPPED = 1 << 62
"""The cost of a label that is kept no longer."""
_NOBODY = -1


@kernel("int64(int64, int64[::1])")
def _paid(customers: int, price: Int64) -> int:
    """What these customers pay together."""
    paid, row = 0, 0
    while customers:
        if customers & 1:
            paid += price[row]
        customers >>= 1
        row += 1
    return paid


@kernel("boolean(int64[::1], int64[::1], int64[::1], boolean)")
def _as_good(label: Int64, other: Int64, price: Int64, exact: bool) -> bool:
    """Whether all that can still be done with `other` can be done with `label`, no dearer.

    Without `exact`, by rule of thumb: neither stops remembered nor customers are looked at.
    """
    if label[COST] > other[COST]:
        return False
    for column in range(USED, len(label)):
        if label[column] > other[column]:
            return False
    if not exact:
        return True
    if label[SET] & ~other[SET]:
        return False
    more = label[SEEN] & ~other[SEEN]
    return bool(more == 0 or label[COST] + _paid(more, price) <= other[COST])


@kernel("boolean(int64[:,::1], int64[::1], int64[::1], int64, int64[::1], boolean)")
def _listed(label: Int64, link: Int64, head: Int64, row: int, price: Int64, exact: bool) -> bool:
    """Put a label among those of its end, which stand by cost; False if one is as good.

    Those that it makes useless are dropped.
    """
    end = label[row, END]
    before, at = _NOBODY, head[end]
    while at != _NOBODY and label[at, COST] <= label[row, COST]:
        if _as_good(label[at], label[row], price, exact):
            return False
        before, at = at, link[at]
    link[row] = at
    if before == _NOBODY:
        head[end] = row
    else:
        link[before] = row
    before = row
    while at != _NOBODY:
        if _as_good(label[row], label[at], price, exact):
            label[at, COST] = DROPPED
            link[before] = link[at]
        else:
            before = at
        at = link[at]
    return True


@kernel(
    "int64(int64[:,::1], int64[::1], int64[::1], int64[:,:,::1], int64[::1], int64[:,::1],"
    " int64[::1], boolean, boolean, int64[:,::1])"
)
def begun(
    cost: Int64,
    reach: Int64,
    price: Int64,
    use: Int64,
    limit: Int64,
    home: Int64,
    near: Int64,
    backwards: bool,
    exact: bool,
    label: Int64,
) -> int:
    """All partial routes worth keeping; how many rows of `label` they take, −1 if too few are left.

    Parameters
    ----------
    cost
        int64 (N + 1, N + 1): of each arc, what the stop it leads to is paid for itself deducted.
    reach, price
        int64 (N + 1,) and (U,): the customers who come to each stop, as bits, and what each pays.
    use, limit
        int64 (R, N + 1, N + 1) and (R,): what each arc uses up, and the most a route may.
    home
        int64 (R, N + 1): the least that is used from each node to the end.
    near
        int64 (N,): which stops are still remembered after each, as bits. Remembering all, routes
        visit no stop twice; with fewer they may return to one forgotten meanwhile (the ng-routes of
        Baldacci, Mingozzi & Roberti 2011, doi 10.1287/opre.1110.0975).
    backwards
        Whether matrices are turned round: customers of the last stop then pay as it is left.
    exact
        Whether only labels are dropped that cannot matter.
    label
        int64 (L, 5 + R): filled.
    """
    stops, limits = len(near), len(limit)
    link = np.full(len(label), _NOBODY)
    head = np.full(stops, _NOBODY)
    label[0] = 0
    label[0, END], label[0, FROM] = stops, _NOBODY
    at, count = 0, 1
    while at < count:
        if label[at, COST] == DROPPED:
            at += 1
            continue
        end = label[at, END]
        for stop in range(stops):
            if label[at, SET] >> stop & 1:
                continue
            if count == len(label):
                return -1
            fits = True
            for row in range(limits):
                used = label[at, USED + row] + use[row, end, stop]
                label[count, USED + row] = used
                if used + home[row, stop] > limit[row]:
                    fits = False
                    break
            if not fits:
                continue
            here = reach[end] if backwards else reach[stop]
            label[count, SET] = (label[at, SET] & near[stop]) | (1 << stop)
            label[count, SEEN] = label[at, SEEN] | here
            label[count, END] = stop
            paid = _paid(here & ~label[at, SEEN], price)
            label[count, COST] = label[at, COST] + cost[end, stop] - paid
            label[count, FROM] = at
            if _listed(label, link, head, count, price, exact):
                count += 1
        at += 1
    return count


@kernel("boolean(int64[::1], int64[::1], int64[::1], int64[:,::1], int64[::1], int64)")
def _returns(
    label: Int64, price: Int64, limit: Int64, back: Int64, back_start: Int64, most: int
) -> bool:
    """Whether some way home keeps a route within its limits and no dearer than `most`."""
    stop = label[END]
    for way in range(back_start[stop], back_start[stop + 1]):
        cost = label[COST] + back[way, COST]
        if cost > most:
            return False
        if label[SET] & back[way, SET] != 1 << stop:
            continue
        fits = True
        for row in range(len(limit)):
            if label[USED + row] + back[way, USED + row] > limit[row]:
                fits = False
                break
        if fits and cost + _paid(label[SEEN] & back[way, SEEN], price) <= most:
            return True
    return False


@kernel(
    "int64(int64[:,::1], int64[:,::1], int64[::1], int64[::1], int64[:,:,::1], int64[::1],"
    " int64[:,::1], int64[::1], int64, int64[:,::1])"
)
def grown(
    label: Int64,
    cost: Int64,
    reach: Int64,
    price: Int64,
    use: Int64,
    limit: Int64,
    back: Int64,
    back_start: Int64,
    most: int,
    child: Int64,
) -> int:
    """Routes with one stop more that may still become cheap; their number, −1 if they are too many.

    Parameters
    ----------
    label
        int64 (L, 5 + R): routes that visit no stop twice.
    cost, reach, price, use, limit
        As in `begun`.
    back, back_start
        int64 (B, 5 + R) and (N + 1,): ways from each stop to the end, cheapest first, and where
        those of each stop begin.
    most
        What a route may cost at most.
    child
        int64 (C, 5 + R): filled.
    """
    stops, limits, count = len(back_start) - 1, len(limit), 0
    for at in range(len(label)):
        end = label[at, END]
        for stop in range(stops):
            if label[at, SET] >> stop & 1:
                continue
            if count == len(child):
                return -1
            paid = _paid(reach[stop] & ~label[at, SEEN], price)
            child[count, SET] = label[at, SET] | (1 << stop)
            child[count, SEEN] = label[at, SEEN] | reach[stop]
            child[count, END] = stop
            child[count, COST] = label[at, COST] + cost[end, stop] - paid
            child[count, FROM] = at
            for row in range(limits):
                child[count, USED + row] = label[at, USED + row] + use[row, end, stop]
            if _returns(child[count], price, limit, back, back_start, most):
                count += 1
    return count


@kernel("int64(int64[:,::1], boolean[::1])")
def undominated(label: Int64, keep: NDArray[np.bool_]) -> int:
    """Mark the labels that no other of the same set and end beats; how many there are.

    Parameters
    ----------
    label
        int64 (L, 5 + R), by set, end and cost.
    keep
        bool (L,): filled.
    """
    first, kept, nothing = 0, 0, np.zeros(0, dtype=np.int64)
    for at in range(len(label)):
        if label[at, SET] != label[first, SET] or label[at, END] != label[first, END]:
            first = at
        keep[at] = True
        for other in range(first, at):
            if keep[other] and _as_good(label[other], label[at], nothing, False):
                keep[at] = False
                break
        kept += keep[at]
    return kept
