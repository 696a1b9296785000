"""A plan from routes known beforehand: one in hand, or one put together from a pool."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from msap_mobility.optimise.routing.native.arrays import (
    LENGTH,
    MISSED,
    MISSING,
    MUST,
    NODE_REQUEST,
    OWNER,
    PRIZE,
    ROUTES_COST,
    SERVING,
    SLOT_END,
    SLOT_FROM,
    USED,
)
from msap_mobility.optimise.routing.native.labels import refresh, route_cost
from msap_mobility.optimise.routing.native.moves import is_possible

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from msap_mobility.optimise.routing.native.arrays import Memory, Plan, Problem

__all__ = ["load", "routes_of"]


def load(
    problem: Problem, plan: Plan, memory: Memory, routes: Iterable[tuple[int, Sequence[int]]]
) -> None:
    """Make `plan` of these routes.

    Parameters
    ----------
    problem, plan, memory
        As the kernels take them.
    routes
        (vehicle type, tasks). A unit that a route before serves is left out of later ones. A
        route of which then no schedule is possible, or for which no vehicle is left, is left out.
    """
    plan.route[:, LENGTH] = 0
    plan.where[:] = -1
    plan.served[:] = -1
    free = problem.vehicle[:, SLOT_FROM].copy()
    for kind, tasks in routes:
        kept = [task for task in tasks if plan.served[problem.node[task, OWNER]] < 0]
        slot = int(free[kind])
        if not kept or slot >= problem.vehicle[kind, SLOT_END]:
            continue
        plan.sequence[slot, 1 : len(kept) + 1] = kept
        plan.route[slot, LENGTH] = len(kept)
        refresh(problem, plan, memory, slot)
        if not is_possible(problem, plan, memory, slot):
            plan.route[slot, LENGTH] = 0
            plan.where[kept] = -1
            continue
        free[kind] += 1
        node = problem.node[kept]
        plan.served[node[:, OWNER]] = node[:, NODE_REQUEST]
    memory.high[:] = np.maximum(memory.high, free)
    _sum_up(problem, plan, memory)


def _sum_up(problem: Problem, plan: Plan, memory: Memory) -> None:
    """Labels of all slots, and the totals."""
    for slot in range(problem.slots):
        refresh(problem, plan, memory, slot)
    served = plan.served[plan.served >= 0]
    absent = plan.served < 0
    prizes = problem.request[:, PRIZE].clip(min=0)
    plan.total[ROUTES_COST] = sum(
        int(route_cost(problem, plan, int(slot))) for slot in np.flatnonzero(plan.route[:, LENGTH])
    )
    plan.total[MISSED] = prizes.sum() - prizes[served].sum()
    plan.total[MISSING] = problem.unit[absent, MUST].sum()
    plan.total[USED] = (plan.route[:, LENGTH] > 0).sum()
    plan.total[SERVING] = len(served)


def routes_of(problem: Problem, plan: Plan) -> list[tuple[int, tuple[int, ...]]]:
    """(vehicle type, tasks) of each route of a plan."""
    return [
        (
            int(problem.type_of[slot]),
            tuple(plan.sequence[slot, 1 : plan.route[slot, LENGTH] + 1].tolist()),
        )
        for slot in np.flatnonzero(plan.route[:, LENGTH])
    ]
