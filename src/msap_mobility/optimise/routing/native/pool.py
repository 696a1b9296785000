"""Routes met on the way, kept to be recombined."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np

from msap_mobility.compiled import Table, kernel
from msap_mobility.optimise.routing.native.arrays.memory import TOUCHED_COUNT
from msap_mobility.optimise.routing.native.arrays.plan import LENGTH
from msap_mobility.optimise.routing.native.labels import route_cost

if TYPE_CHECKING:
    from msap_mobility.optimise.arrays import Int32, Int64
    from msap_mobility.optimise.routing.native.arrays.memory import Memory
    from msap_mobility.optimise.routing.native.arrays.plan import Plan
    from msap_mobility.optimise.routing.native.arrays.problem import Problem

__all__ = ["Pool", "empty_pool", "gather"]

_PROBES = 32


class Pool(Table):
    """Up to C routes, each set of tasks once.

    Parameters
    ----------
    sequence
        int32 (C, stops): tasks in order; `length` and `slot` of each, int64 (C,).
    cost
        int64 (C,): what the route costs.
    sign
        int64 (C,): a number made from the set of tasks.
    place
        int64 (4C,): hash table of rows + 1.
    name
        int64 (N + V,): a random number of each task; 0 of loadings, so that the same tasks are the
        same whatever their trips.
    count
        int64 (2,): rows filled since the pool was last emptied, rows filled at most.
    """

    columns: ClassVar = {
        "sequence": "int32[:,::1]",
        "length": "int64[::1]",
        "slot": "int64[::1]",
        "cost": "int64[::1]",
        "sign": "int64[::1]",
        "place": "int64[::1]",
        "name": "int64[::1]",
        "count": "int64[::1]",
    }
    sequence: Int32
    length: Int64
    slot: Int64
    cost: Int64
    sign: Int64
    place: Int64
    name: Int64
    count: Int64


def empty_pool(tasks: int, stops: int, capacity: int, seed: int, *, loadings: int = 0) -> Pool:
    """A pool without routes.

    Examples
    --------
    >>> empty_pool(10, 5, 100, 0).sequence.shape
    (100, 5)
    """
    random = np.random.default_rng([seed, tasks])
    return Pool(
        sequence=np.zeros((capacity, stops), dtype=np.int32),
        length=np.zeros(capacity, dtype=np.int64),
        slot=np.zeros(capacity, dtype=np.int64),
        cost=np.zeros(capacity, dtype=np.int64),
        sign=np.zeros(capacity, dtype=np.int64),
        place=np.zeros(4 * capacity, dtype=np.int64),
        name=np.pad(random.integers(1, 2**62, tasks), (0, loadings)),
        count=np.zeros(2, dtype=np.int64),
    )


@kernel("void(Problem, Plan, Pool, int64)")
def _keep(problem: Problem, plan: Plan, pool: Pool, slot: int) -> None:
    """Keep a route, unless one of the same tasks that is no dearer is there."""
    route, sequence, count = plan.route[slot], plan.sequence[slot], pool.count
    length = route[LENGTH]
    sign, cost = 0, route_cost(problem, plan, slot)
    for position in range(1, length + 1):
        sign ^= pool.name[sequence[position]]
    table = pool.place
    at = sign % len(table)
    row = -1
    for _ in range(_PROBES):
        held = table[at] - 1
        if held < 0:
            break
        if pool.sign[held] == sign:
            if pool.cost[held] <= cost:
                return
            row = held
            break
        at = (at + 1) % len(table)
    if row < 0:
        row = count[0] % len(pool.sign)
        count[0] += 1
        count[1] = max(count[1], min(count[0], len(pool.sign)))
        table[at] = row + 1
    pool.sign[row], pool.cost[row] = sign, cost
    pool.length[row], pool.slot[row] = length, slot
    for position in range(length):
        pool.sequence[row, position] = sequence[position + 1]


@kernel("void(Problem, Plan, Memory, Pool)")
def gather(problem: Problem, plan: Plan, memory: Memory, pool: Pool) -> None:
    """Keep the routes that changed in this iteration."""
    if len(pool.sign) == 0:
        return
    for row in range(memory.control[TOUCHED_COUNT]):
        slot = memory.touched[row]
        if plan.route[slot, LENGTH] > 0:
            _keep(problem, plan, pool, slot)
