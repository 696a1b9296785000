"""A better plan from routes that starts met on their way."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from msap_mobility.optimise.routing.native.arrays import (
    LENGTH,
    MUST,
    NODE_REQUEST,
    OWNER,
    PRIZE,
    PRIZE_SCALE,
    SLOT_END,
    SLOT_FROM,
    USED,
    VEHICLES_FIRST,
    WORTH,
)
from msap_mobility.optimise.routing.native.covering import Columns, Covering
from msap_mobility.optimise.routing.native.labels import route_cost

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from msap_mobility.optimise.arrays import Int64
    from msap_mobility.optimise.routing.native.arrays import Problem
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
    kinds, tasks, costs = _routes(starts, best)
    if not tasks:
        return ()
    in_hand = int((best.best.route[:, LENGTH] > 0).sum())
    columns = _columns(problem, kinds, tasks, costs)
    chosen = master.solve(
        _covering(problem, best), columns, range(in_hand), work=work, seconds=seconds
    )
    if chosen is None:
        return ()
    best.adopt([(kinds[row], tasks[row].tolist()) for row in chosen])
    return chosen


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
    problem: Problem, kinds: Sequence[int], tasks: Sequence[Int64], costs: Sequence[int]
) -> Columns:
    """Routes by the units they serve; one that earns less than the best of a group costs more."""
    scale = int(problem.setting[PRIZE_SCALE])
    units, dearer = [], []
    for listed in tasks:
        visits = listed[listed < problem.tasks]
        owner, first = np.unique(problem.node[visits, OWNER], return_index=True)
        prize = problem.request[problem.node[visits[first], NODE_REQUEST], PRIZE].clip(min=0)
        units.append(owner)
        dearer.append(scale * int((problem.unit[owner, WORTH] - prize).sum()))
    return Columns(
        start=np.cumsum([0, *(len(owner) for owner in units)], dtype=np.int64),
        unit=np.concatenate(units),
        cost=np.array(costs, dtype=np.int64) + np.array(dearer, dtype=np.int64),
        kind=np.array(kinds, dtype=np.int64),
    )


def _covering(problem: Problem, best: Start) -> Covering:
    """What must be covered, by how many vehicles."""
    routes = int(problem.slots)
    if problem.setting[VEHICLES_FIRST]:
        routes = int(best.best.total[USED])
    return Covering(
        must=problem.unit[:, MUST] > 0,
        worth=problem.unit[:, WORTH] * problem.setting[PRIZE_SCALE],
        most=problem.vehicle[:, SLOT_END] - problem.vehicle[:, SLOT_FROM],
        routes=routes,
    )
