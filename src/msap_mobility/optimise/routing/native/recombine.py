"""A better plan from routes that starts met on their way."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from msap_mobility.optimise.routing.native.arrays.plan import LENGTH, USED
from msap_mobility.optimise.routing.native.arrays.problem import (
    FIRST,
    GAIN,
    MEMBERS,
    MEMBERS_END,
    MUST,
    NODE_REQUEST,
    OWNER,
    PRIZE_SCALE,
    SLOT_END,
    SLOT_FROM,
    VEHICLES_FIRST,
    WORTH,
)
from msap_mobility.optimise.routing.native.covering import Columns, Covering
from msap_mobility.optimise.routing.native.labels import route_cost
from msap_mobility.optimise.routing.native.master_rows import Rows, rows_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from msap_mobility.optimise.arrays import Int64
    from msap_mobility.optimise.routing.native.arrays.problem import Problem
    from msap_mobility.optimise.routing.native.master import Master
    from msap_mobility.optimise.routing.native.start import Start

__all__ = ["recombine", "recombine_again"]


def recombine(
    master: Master, starts: Sequence[Start], best: Start, *, work: int, seconds: float | None
) -> tuple[int, ...]:
    """Let `best` go on from routes of all starts, if a choice of them is a better plan.

    Parameters
    ----------
    master
        Chooses the routes.
    starts
        Whose pools are opened, in this order.
    best
        The start with the best plan.
    work, seconds
        Limits of the choice.

    Returns
    -------
    tuple of int
        Which routes it goes on from, for `recombine_again`; none: from those it had.
    """
    problem = best.problem
    rows = rows_of(problem)
    kinds, tasks, costs = _routes(starts, best)
    if not tasks:
        return ()
    in_hand = int((best.best.route[:, LENGTH] > 0).sum())
    options, chosen = _options(problem, rows, best)
    columns = _joined(_columns(problem, rows, kinds, tasks, costs), rows.columns(problem, options))
    incumbent = [*range(in_hand), *(len(tasks) + np.flatnonzero(chosen)).tolist()]
    found = master.solve(
        _covering(problem, rows, best), columns, incumbent, work=work, seconds=seconds
    )
    if found is None:
        return ()
    routes = tuple(row for row in found if row < len(tasks))
    best.adopt([(kinds[row], tasks[row].tolist()) for row in routes])
    return routes


def recombine_again(starts: Sequence[Start], best: Start, chosen: Sequence[int]) -> None:
    """Let `best` go on from the routes `recombine` chose when the same was searched before."""
    if chosen:
        kinds, tasks, _ = _routes(starts, best)
        best.adopt([(kinds[row], tasks[row].tolist()) for row in chosen])


def _routes(starts: Sequence[Start], best: Start) -> tuple[list[int], list[Int64], list[int]]:
    """Vehicle type, tasks and cost of each route, those in hand first."""
    kinds: list[int] = []
    tasks: list[Int64] = []
    costs: list[int] = []
    for kind, listed, cost in (*_in_hand(best), *(row for start in starts for row in _met(start))):
        kinds.append(kind)
        tasks.append(listed)
        costs.append(cost)
    return kinds, tasks, costs


def _in_hand(start: Start) -> Iterator[tuple[int, Int64, int]]:
    """The routes of a start's best plan."""
    plan, problem = start.best, start.problem
    for slot in np.flatnonzero(plan.route[:, LENGTH]).tolist():
        listed = plan.sequence[slot, 1 : plan.route[slot, LENGTH] + 1].astype(np.int64)
        yield int(problem.type_of[slot]), listed, int(route_cost(problem, plan, slot))


def _met(start: Start) -> Iterator[tuple[int, Int64, int]]:
    """The routes in a start's pool."""
    pool, kinds = start.pool, start.problem.type_of
    for row in range(int(pool.count[1])):
        listed = pool.sequence[row, : pool.length[row]].astype(np.int64)
        yield int(kinds[pool.slot[row]]), listed, int(pool.cost[row])


def _columns(
    problem: Problem,
    rows: Rows,
    kinds: Sequence[int],
    tasks: Sequence[Int64],
    costs: Sequence[int],
) -> Columns:
    """Routes by the rows they meet; one that gains less than the best of a group costs more."""
    scale = int(problem.setting[PRIZE_SCALE])
    met, dearer = [], []
    for listed in tasks:
        requests = np.unique(problem.node[listed[listed < problem.tasks], NODE_REQUEST])
        met.append(rows.met_by(problem, requests))
        alone = requests[rows.of_request[requests] < 0]
        owner = problem.node[problem.request[alone, FIRST], OWNER]
        less = problem.unit[owner, WORTH] - problem.option[alone, GAIN]
        dearer.append(scale * int(less.sum()))
    return Columns(
        start=np.cumsum([0, *(len(listed) for listed in met)], dtype=np.int64),
        unit=np.concatenate(met),
        cost=np.array(costs, dtype=np.int64) + np.array(dearer, dtype=np.int64),
        kind=np.array(kinds, dtype=np.int64),
    )


def _options(problem: Problem, rows: Rows, best: Start) -> tuple[Int64, NDArray[np.bool_]]:
    """Patterns, with −1 − u for leaving unit u out; which are chosen."""
    option: list[int] = []
    chosen: list[bool] = []
    for unit in rows.customer[1].tolist():
        first, end = problem.unit[unit, MEMBERS], problem.unit[unit, MEMBERS_END]
        listed = problem.member[first:end].tolist()
        if problem.unit[unit, MUST] == 0:
            listed.append(-1 - unit)
        option += listed
        served = int(best.best.served[unit])
        chosen += [row == served or (row < 0 and served < 0) for row in listed]
    return np.array(option, dtype=np.int64), np.array(chosen, dtype=np.bool_)


def _joined(one: Columns, other: Columns) -> Columns:
    """The columns of both."""
    return Columns(
        start=np.concatenate([one.start, one.start[-1] + other.start[1:]]),
        unit=np.concatenate([one.unit, other.unit]),
        cost=np.concatenate([one.cost, other.cost]),
        kind=np.concatenate([one.kind, other.kind]),
    )


def _covering(problem: Problem, rows: Rows, best: Start) -> Covering:
    """What must be covered, by how many vehicles."""
    routes = int(problem.slots)
    if problem.setting[VEHICLES_FIRST]:
        routes = int(best.best.total[USED])
    most = problem.vehicle[:, SLOT_END] - problem.vehicle[:, SLOT_FROM]
    return Covering(
        must=rows.must,
        worth=rows.worth * problem.setting[PRIZE_SCALE],
        most=np.concatenate([most, np.ones(rows.customers, dtype=np.int64)]),
        routes=routes + rows.customers,
    )
