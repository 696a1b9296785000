"""Loadings that nobody needs any more leave their route."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msap_mobility.compiled import kernel
from msap_mobility.optimise.routing.native.arrays.plan import LENGTH, PICKED
from msap_mobility.optimise.routing.native.arrays.problem import CLASS
from msap_mobility.optimise.routing.native.labels import refresh, route_cost
from msap_mobility.optimise.routing.native.possible import is_possible

if TYPE_CHECKING:
    from msap_mobility.optimise.routing.native.arrays.memory import Memory
    from msap_mobility.optimise.routing.native.arrays.plan import Plan
    from msap_mobility.optimise.routing.native.arrays.problem import Problem

__all__ = ["drop_loadings"]


@kernel("boolean(Problem, Plan, int64, int64)")
def _fits_in_one(problem: Problem, plan: Plan, slot: int, position: int) -> bool:
    """Whether the trips before and after the loading at `position` have room in one."""
    capacity, aboard = problem.capacity[problem.type_of[slot]], plan.aboard[slot]
    for dimension in range(len(capacity)):
        most = capacity[dimension]
        picked = plan.trip[slot, position - 1, PICKED + dimension]
        if aboard[position - 1, 1, dimension] + aboard[position, 0, dimension] > most:
            return False
        if aboard[position, 2, dimension] + picked > most:
            return False
    return True


@kernel("boolean(Problem, Plan, int64, int64)")
def _is_detour(problem: Problem, plan: Plan, slot: int, position: int) -> bool:
    """Whether the way over the loading at `position` costs no less than the direct way."""
    cost = problem.cost[problem.vehicle[problem.type_of[slot], CLASS]]
    place, edge = plan.place[slot], plan.edge[slot]
    direct = cost[place[position - 1], place[position + 1]]
    return bool(edge[position - 1] + edge[position] >= direct)


@kernel("void(Problem, Plan, Memory, int64)")
def drop_loadings(problem: Problem, plan: Plan, memory: Memory, slot: int) -> None:
    """Leave out each loading without which the route is possible and no dearer.

    The totals of the plan are the caller's.
    """
    sequence, route = plan.sequence[slot], plan.route[slot]
    for position in range(route[LENGTH], 0, -1):
        loading = sequence[position]
        if loading < len(problem.near):
            continue
        if not _is_detour(problem, plan, slot, position):
            continue
        if not _fits_in_one(problem, plan, slot, position):
            continue
        cost = route_cost(problem, plan, slot)
        for later in range(position, route[LENGTH]):
            sequence[later] = sequence[later + 1]
        route[LENGTH] -= 1
        refresh(problem, plan, memory, slot)
        if is_possible(problem, plan, memory, slot) and route_cost(problem, plan, slot) <= cost:
            continue
        for later in range(route[LENGTH], position - 1, -1):
            sequence[later + 1] = sequence[later]
        sequence[position] = loading
        route[LENGTH] += 1
        refresh(problem, plan, memory, slot)
