"""A plan from routes known beforehand: one in hand, or one put together from a pool."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from msap_mobility.optimise.routing.native.arrays import (
    LENGTH,
    LOADING,
    LOADINGS,
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
from msap_mobility.optimise.routing.native.possible import is_possible
from msap_mobility.optimise.routing.native.reload import drop_loadings
from msap_mobility.optimise.routing.problem import RELOAD

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
        (vehicle type, tasks and loadings; `RELOAD` is one too). A unit that a route before serves
        is left out of later ones, and so are loadings then useless. A route of which then no
        schedule is possible, or for which no vehicle is left, is left out.
    """
    plan.route[:, LENGTH] = 0
    plan.where[:] = -1
    plan.served[:] = -1
    free = problem.vehicle[:, SLOT_FROM].copy()
    for kind, tasks in routes:
        stops = _kept(problem, plan, kind, tasks)
        kept = [task for task in stops if task < problem.tasks]
        slot = int(free[kind])
        if not kept or slot >= problem.vehicle[kind, SLOT_END]:
            continue
        plan.sequence[slot, 1 : len(stops) + 1] = stops
        plan.route[slot, LENGTH] = len(stops)
        refresh(problem, plan, memory, slot)
        if plan.route[slot, LOADINGS] > 0:
            drop_loadings(problem, plan, memory, slot)
        if not is_possible(problem, plan, memory, slot):
            plan.route[slot, LENGTH] = 0
            plan.where[kept] = -1
            continue
        free[kind] += 1
        node = problem.node[kept]
        plan.served[node[:, OWNER]] = node[:, NODE_REQUEST]
    memory.high[:] = np.maximum(memory.high, free)
    _sum_up(problem, plan, memory)


def _kept(problem: Problem, plan: Plan, kind: int, tasks: Sequence[int]) -> list[int]:
    """Tasks of units nobody serves yet, and loadings, of which no two stand together."""
    kept: list[int] = []
    for task in tasks:
        if task == RELOAD or task >= problem.tasks:
            if not kept or kept[-1] < problem.tasks:
                kept.append(int(problem.vehicle[kind, LOADING]))
        elif plan.served[problem.node[task, OWNER]] < 0:
            kept.append(task)
    return kept


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
    """(vehicle type, tasks, `RELOAD` for each loading) of each route of a plan."""
    found = []
    for slot in np.flatnonzero(plan.route[:, LENGTH]):
        stops = plan.sequence[slot, 1 : plan.route[slot, LENGTH] + 1].tolist()
        tasks = tuple(stop if stop < problem.tasks else RELOAD for stop in stops)
        found.append((int(problem.type_of[slot]), tasks))
    return found
