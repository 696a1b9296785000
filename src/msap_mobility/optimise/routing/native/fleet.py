"""Fewer vehicles, and fitter ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msap_mobility.compiled import kernel
from msap_mobility.optimise.routing.native.arrays.memory import ROUTE_LIMIT, TOUCHED_COUNT
from msap_mobility.optimise.routing.native.arrays.plan import (
    LENGTH,
    LOADINGS,
    ROUTES_COST,
    STAMP,
    USED,
)
from msap_mobility.optimise.routing.native.arrays.problem import (
    CLASS,
    END,
    FIXED,
    LOADING,
    MOST_LOADINGS,
    MOST_STOPS,
    NEVER,
    NODE_REQUEST,
    OWNER,
    PLACE,
    SLOT_END,
    SLOT_FROM,
    START,
)
from msap_mobility.optimise.routing.native.keep import (
    copy_changes,
    forget_changes,
    list_absent,
    restart,
)
from msap_mobility.optimise.routing.native.labels import refresh, route_cost
from msap_mobility.optimise.routing.native.moves import close_gaps, mark_touched, take_out
from msap_mobility.optimise.routing.native.possible import is_possible

if TYPE_CHECKING:
    from msap_mobility.optimise.routing.native.arrays.memory import Memory
    from msap_mobility.optimise.routing.native.arrays.plan import Plan
    from msap_mobility.optimise.routing.native.arrays.problem import Problem

__all__ = ["change_vehicles", "give_up_route"]


@kernel("void(Problem, Plan, Plan, Plan, Memory)")
def give_up_route(problem: Problem, plan: Plan, accepted: Plan, best: Plan, memory: Memory) -> None:
    """Go on from the best plan without the route that is easiest to do without.

    That is the one whose units were left out least often so far (absence counters, Christiaens &
    Vanden Berghe 2020). No more routes than the rest may be used from now on.
    """
    restart(plan, accepted, best, memory)
    easiest, least, tasks = -1, NEVER, len(problem.near)
    for slot in range(len(plan.route)):
        count = plan.route[slot, LENGTH]
        stubborn = 0
        for position in range(1, count + 1):
            task = plan.sequence[slot, position]
            if task < tasks:
                stubborn += memory.absence[problem.node[task, OWNER]]
        if count > 0 and stubborn < least:
            easiest, least = slot, stubborn
    if easiest < 0:
        return
    for position in range(1, plan.route[easiest, LENGTH] + 1):
        task = plan.sequence[easiest, position]
        if task < tasks and plan.where[task, 0] >= 0:
            take_out(problem, plan, memory, problem.node[task, OWNER])
    close_gaps(problem, plan, memory)
    memory.control[ROUTE_LIMIT] = plan.total[USED]
    copy_changes(plan, accepted, memory)
    list_absent(accepted, memory)
    forget_changes(memory)


@kernel("boolean(Problem, Plan, int64, int64)")
def _may_drive(problem: Problem, plan: Plan, slot: int, kind: int) -> bool:
    """Whether a type takes the requests of a route, and has the room and the stops for it."""
    vehicle, count, tasks = problem.vehicle[kind], plan.route[slot, LENGTH], len(problem.near)
    loadings = plan.route[slot, LOADINGS]
    if count - loadings > vehicle[MOST_STOPS] or loadings > vehicle[MOST_LOADINGS]:
        return False
    for position in range(1, count + 1):
        task = plan.sequence[slot, position]
        if position == count or plan.sequence[slot, position + 1] >= tasks:
            for dimension in range(problem.load.shape[1]):
                most = plan.aboard[slot, position, 1, dimension]
                if most > problem.capacity[kind, dimension]:
                    return False
        if task >= tasks:
            continue
        if not problem.takes[problem.node[task, NODE_REQUEST], kind]:
            return False
    return True


@kernel("int64(Problem, Plan, int64, int64)")
def _driving_costs(problem: Problem, plan: Plan, slot: int, kind: int) -> int:
    """What a route costs with a vehicle of a type, but for its time."""
    vehicle, count = problem.vehicle[kind], plan.route[slot, LENGTH]
    cost, here = problem.cost[vehicle[CLASS]], vehicle[START]
    total = vehicle[FIXED]
    for position in range(1, count + 1):
        task = plan.sequence[slot, position]
        there = plan.place[slot, position]
        if task >= len(problem.near):
            there = problem.node[vehicle[LOADING], PLACE]
        total += cost[here, there]
        here = there
    return int(total + cost[here, vehicle[END]])


@kernel("void(Problem, Plan, Memory, int64, int64)")
def _hand_over(problem: Problem, plan: Plan, memory: Memory, slot: int, other: int) -> None:
    """Move a route to an empty slot, if it is possible and cheaper there."""
    before, count = route_cost(problem, plan, slot), plan.route[slot, LENGTH]
    stamp = plan.route[other, STAMP]
    for position in range(1, count + 1):
        task = plan.sequence[slot, position]
        if task >= len(problem.near):
            task = problem.vehicle[problem.type_of[other], LOADING]
        plan.sequence[other, position] = task
    plan.route[other, LENGTH], plan.route[slot, LENGTH] = count, 0
    refresh(problem, plan, memory, slot)
    refresh(problem, plan, memory, other)
    possible = is_possible(problem, plan, memory, other)
    if possible and route_cost(problem, plan, other) < before:
        plan.total[ROUTES_COST] += route_cost(problem, plan, other) - before
        mark_touched(problem, memory, other)
        return
    plan.route[other, LENGTH], plan.route[slot, LENGTH] = 0, count
    refresh(problem, plan, memory, other)
    refresh(problem, plan, memory, slot)
    plan.route[other, STAMP] = stamp  # empty as before


@kernel("void(Problem, Plan, Memory)")
def change_vehicles(problem: Problem, plan: Plan, memory: Memory) -> None:
    """Give each route that changed to a free vehicle of another type that drives it cheaper."""
    if len(problem.vehicle) == 1:
        return
    for row in range(memory.control[TOUCHED_COUNT]):
        slot = memory.touched[row]
        for kind in range(len(problem.vehicle)):
            if kind == problem.type_of[slot] or plan.route[slot, LENGTH] == 0:
                continue
            other = problem.vehicle[kind, SLOT_FROM]
            while other < problem.vehicle[kind, SLOT_END] and plan.route[other, LENGTH] > 0:
                other += 1
            if other == problem.vehicle[kind, SLOT_END] or not _may_drive(
                problem, plan, slot, kind
            ):
                continue
            if _driving_costs(problem, plan, slot, kind) < route_cost(problem, plan, slot):
                _hand_over(problem, plan, memory, slot, other)
