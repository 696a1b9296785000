"""A plan from routes known beforehand: one in hand, or one put together from a pool."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from msap_mobility.optimise.routing.native.arrays.plan import (
    LENGTH,
    LOADINGS,
    ROUTES_COST,
    USED,
    empty_plan,
)
from msap_mobility.optimise.routing.native.arrays.problem import (
    FIRST,
    GAIN,
    LOADING,
    MEMBERS,
    MEMBERS_END,
    OWNER,
    SECOND,
    SLOT_END,
    SLOT_FROM,
)
from msap_mobility.optimise.routing.native.choices import parts_of
from msap_mobility.optimise.routing.native.keep import forget_changes
from msap_mobility.optimise.routing.native.labels import refresh, route_cost
from msap_mobility.optimise.routing.native.moves import close_gaps, count_served, take_part
from msap_mobility.optimise.routing.native.possible import is_possible
from msap_mobility.optimise.routing.native.reload import drop_loadings
from msap_mobility.optimise.routing.problem import RELOAD

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from msap_mobility.optimise.routing.native.arrays.memory import Memory
    from msap_mobility.optimise.routing.native.arrays.plan import Plan
    from msap_mobility.optimise.routing.native.arrays.problem import Problem

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
        (vehicle type, tasks and loadings; `RELOAD` is one too). A request that a route before
        serves is left out of later ones, and so are loadings then useless. A route of which then no
        schedule is possible, or for which no vehicle is left, is left out; so are the tasks of
        whoever is served by none of its options then.
    """
    plan.route[:, LENGTH] = 0
    plan.where[:] = -1
    plan.served[:] = -1
    plan.covered[:] = 0
    plan.total[:] = empty_plan(problem).total
    driven = list(routes)
    chosen = _chosen(problem, {int(task) for _, tasks in driven for task in tasks})
    _put_routes(problem, plan, memory, driven, _tasks_of(problem, chosen))
    for slot in range(problem.slots):
        refresh(problem, plan, memory, slot)
    for unit, option in chosen.items():
        if all(plan.where[task, 0] >= 0 for task in _tasks_of(problem, {unit: option})):
            count_served(problem, plan, unit, option)
        else:
            for request in parts_of(problem, option):
                take_part(problem, plan, memory, request)
    close_gaps(problem, plan, memory)
    forget_changes(memory)
    plan.total[ROUTES_COST] = sum(
        int(route_cost(problem, plan, int(slot))) for slot in np.flatnonzero(plan.route[:, LENGTH])
    )
    plan.total[USED] = (plan.route[:, LENGTH] > 0).sum()


def _chosen(problem: Problem, tasks: set[int]) -> dict[int, int]:
    """Of each unit the option that gains most among those of which all tasks are driven."""
    chosen: dict[int, int] = {}
    for unit in sorted({int(problem.node[task, OWNER]) for task in tasks}):
        first, end = problem.unit[unit, MEMBERS], problem.unit[unit, MEMBERS_END]
        driven = [
            option
            for option in problem.member[first:end].tolist()
            if _tasks_of(problem, {unit: option}) <= tasks
        ]
        if driven:
            chosen[unit] = max(driven, key=lambda option: int(problem.option[option, GAIN]))
    return chosen


def _tasks_of(problem: Problem, chosen: dict[int, int]) -> set[int]:
    """All tasks of some options."""
    requests = [request for option in chosen.values() for request in parts_of(problem, option)]
    listed = problem.request[requests][:, [FIRST, SECOND]].ravel() if requests else ()
    return {int(task) for task in listed if task >= 0}


def _put_routes(
    problem: Problem,
    plan: Plan,
    memory: Memory,
    routes: Sequence[tuple[int, Sequence[int]]],
    wanted: set[int],
) -> None:
    """Write each task that is wanted into the first route that has it."""
    free = problem.vehicle[:, SLOT_FROM].copy()
    left = set(wanted)
    for kind, tasks in routes:
        stops = _kept(problem, kind, tasks, left)
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
        left.difference_update(kept)
    memory.high[:] = np.maximum(memory.high, free)


def _kept(problem: Problem, kind: int, tasks: Sequence[int], wanted: set[int]) -> list[int]:
    """Tasks that are wanted, and loadings, of which no two stand together."""
    kept: list[int] = []
    for task in tasks:
        if task == RELOAD or task >= problem.tasks:
            if not kept or kept[-1] < problem.tasks:
                kept.append(int(problem.vehicle[kind, LOADING]))
        elif task in wanted:
            kept.append(task)
    return kept


def routes_of(problem: Problem, plan: Plan) -> list[tuple[int, tuple[int, ...]]]:
    """(vehicle type, tasks, `RELOAD` for each loading) of each route of a plan."""
    found = []
    for slot in np.flatnonzero(plan.route[:, LENGTH]):
        stops = plan.sequence[slot, 1 : plan.route[slot, LENGTH] + 1].tolist()
        tasks = tuple(stop if stop < problem.tasks else RELOAD for stop in stops)
        found.append((int(problem.type_of[slot]), tasks))
    return found
