"""Putting requests into a plan and taking units out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msap_mobility.compiled import kernel
from msap_mobility.optimise.routing.native.arrays.memory import (
    CHANGED_COUNT,
    LOADED_AFTER,
    LOADED_BEFORE,
    POSITION,
    RELOADS,
    SECOND_POSITION,
    SLOT,
    TOUCHED_COUNT,
)
from msap_mobility.optimise.routing.native.arrays.plan import (
    LENGTH,
    LOADINGS,
    MISSED,
    MISSING,
    SERVING,
)
from msap_mobility.optimise.routing.native.arrays.problem import (
    FIRST,
    GAIN,
    HOME_PRIZE,
    LOADING,
    MUST,
    NEEDED,
    NODE_REQUEST,
    OWNER,
    PARTS,
    PARTS_END,
    SECOND,
)
from msap_mobility.optimise.routing.native.labels import refresh, route_cost, settle
from msap_mobility.optimise.routing.native.possible import is_possible
from msap_mobility.optimise.routing.native.reload import drop_loadings

if TYPE_CHECKING:
    from msap_mobility.optimise.arrays import Int64
    from msap_mobility.optimise.routing.native.arrays.memory import Memory
    from msap_mobility.optimise.routing.native.arrays.plan import Plan
    from msap_mobility.optimise.routing.native.arrays.problem import Problem

__all__ = [
    "close_gaps",
    "count_served",
    "is_loose",
    "loosen",
    "mark_changed",
    "mark_touched",
    "put_part",
    "redraw",
    "take_out",
    "take_part",
]


@kernel("void(Problem, Memory, int64)")
def mark_touched(problem: Problem, memory: Memory, slot: int) -> None:
    """Note that a slot changes in this iteration, and is in use."""
    if not memory.is_touched[slot]:
        memory.is_touched[slot] = True
        memory.touched[memory.control[TOUCHED_COUNT]] = slot
        memory.control[TOUCHED_COUNT] += 1
        kind = problem.type_of[slot]
        memory.high[kind] = max(memory.high[kind], slot + 1)


@kernel("void(Memory, int64)")
def mark_changed(memory: Memory, unit: int) -> None:
    """Note that a unit enters or leaves in this iteration."""
    if not memory.is_changed[unit]:
        memory.is_changed[unit] = True
        memory.changed[memory.control[CHANGED_COUNT]] = unit
        memory.control[CHANGED_COUNT] += 1


@kernel("void(Problem, Plan, int64, int64)")
def _count_covered(problem: Problem, plan: Plan, request: int, more: int) -> None:
    """Record at each home within reach that a request is served (1) or no more (−1)."""
    total, covered = plan.total, plan.covered
    for row in range(problem.cover_start[request], problem.cover_start[request + 1]):
        home = problem.covers[row]
        before = covered[home]
        covered[home] = before + more
        if before == 0 or before + more == 0:
            total[MISSED] -= more * problem.home[home, HOME_PRIZE]
            total[MISSING] -= more * problem.home[home, NEEDED]


@kernel("void(Problem, Plan, int64, int64, int64)")
def _count_option(problem: Problem, plan: Plan, unit: int, option: int, more: int) -> None:
    """Record that a unit is served by an option (1) or no more (−1)."""
    total, row = plan.total, problem.option[option]
    total[MISSED] -= more * row[GAIN]
    total[MISSING] -= more * problem.unit[unit, MUST]
    total[SERVING] += more * (row[PARTS_END] - row[PARTS])
    if len(problem.home) > 0:
        for at in range(row[PARTS], row[PARTS_END]):
            _count_covered(problem, plan, problem.part[at], more)


@kernel("void(Problem, Plan, int64, int64)")
def count_served(problem: Problem, plan: Plan, unit: int, option: int) -> None:
    """Record which option of a unit is served (−1: none), and what that changes."""
    if plan.served[unit] >= 0:
        _count_option(problem, plan, unit, plan.served[unit], -1)
    if option >= 0:
        _count_option(problem, plan, unit, option, 1)
    plan.served[unit] = option


@kernel("void(Plan, int64, int64, int64)")
def _put(plan: Plan, slot: int, task: int, position: int) -> None:
    """Write a task after `position` of a route."""
    sequence, route = plan.sequence[slot], plan.route[slot]
    for later in range(route[LENGTH], position, -1):
        sequence[later + 1] = sequence[later]
    sequence[position + 1] = task
    route[LENGTH] += 1


@kernel("void(Problem, Plan, Memory, int64, int64[::1])")
def put_part(problem: Problem, plan: Plan, memory: Memory, request: int, offer: Int64) -> None:
    """Put a request where an offer says, with its loadings."""
    slot, reloads = offer[SLOT], offer[RELOADS]
    loading = problem.vehicle[problem.type_of[slot], LOADING]
    cost, length = route_cost(problem, plan, slot), plan.route[slot, LENGTH]
    if problem.request[request, SECOND] >= 0:
        _put(plan, slot, problem.request[request, SECOND], offer[SECOND_POSITION])
    if reloads & LOADED_AFTER:
        _put(plan, slot, loading, offer[POSITION])
    _put(plan, slot, problem.request[request, FIRST], offer[POSITION])
    if reloads & LOADED_BEFORE:
        _put(plan, slot, loading, offer[POSITION])
    refresh(problem, plan, memory, slot)
    if reloads:
        drop_loadings(problem, plan, memory, slot)
    settle(problem, plan, slot, cost, length)
    mark_touched(problem, memory, slot)


@kernel("void(Problem, Plan, Memory, int64)")
def take_part(problem: Problem, plan: Plan, memory: Memory, request: int) -> None:
    """Mark the tasks of a request as gone, if it is in a route; `close_gaps` mends that."""
    first, second = problem.request[request, FIRST], problem.request[request, SECOND]
    slot = plan.where[first, 0]
    if slot < 0:
        return
    mark_touched(problem, memory, slot)
    memory.has_gap[slot] = True
    plan.where[first, 0] = -1
    if second >= 0:
        plan.where[second, 0] = -1


@kernel("void(Problem, Plan, Memory, int64)")
def take_out(problem: Problem, plan: Plan, memory: Memory, unit: int) -> None:
    """Mark all tasks of a unit as gone."""
    option = plan.served[unit]
    for at in range(problem.option[option, PARTS], problem.option[option, PARTS_END]):
        take_part(problem, plan, memory, problem.part[at])
    count_served(problem, plan, unit, -1)
    mark_changed(memory, unit)


@kernel("void(Problem, Plan, Memory, int64)")
def loosen(problem: Problem, plan: Plan, memory: Memory, task: int) -> None:
    """Mark the request of a task as gone, but let its unit keep the option it is a part of.

    Whoever has but one part is taken out.
    """
    unit, option = problem.node[task, OWNER], plan.served[problem.node[task, OWNER]]
    if problem.option[option, PARTS_END] == problem.option[option, PARTS] + 1:
        take_out(problem, plan, memory, unit)
        return
    take_part(problem, plan, memory, problem.node[task, NODE_REQUEST])
    mark_changed(memory, unit)


@kernel("boolean(Problem, Plan, int64)")
def is_loose(problem: Problem, plan: Plan, unit: int) -> bool:
    """Whether a part of the option of a unit that is served is in no route."""
    option = plan.served[unit]
    for at in range(problem.option[option, PARTS], problem.option[option, PARTS_END]):
        if plan.where[problem.request[problem.part[at], FIRST], 0] < 0:
            return True
    return False


@kernel("void(Problem, Plan, Memory, int64, int64)")
def redraw(problem: Problem, plan: Plan, memory: Memory, slot: int, count: int) -> None:
    """Make a route of the `count` tasks in the draft, single visits that keep every rule."""
    cost, length = route_cost(problem, plan, slot), plan.route[slot, LENGTH]
    sequence, where, draft, node = plan.sequence[slot], plan.where, memory.draft, problem.node
    for position in range(1, length + 1):
        where[sequence[position], 0] = -1
    for position in range(1, count + 1):
        where[draft[position], 0] = slot
    for position in range(1, length + 1):
        task = sequence[position]
        if where[task, 0] < 0:
            count_served(problem, plan, node[task, OWNER], -1)
            mark_changed(memory, node[task, OWNER])
    for position in range(1, count + 1):
        task = draft[position]
        sequence[position] = task
        if plan.served[node[task, OWNER]] < 0:
            count_served(problem, plan, node[task, OWNER], node[task, NODE_REQUEST])
            mark_changed(memory, node[task, OWNER])
    plan.route[slot, LENGTH] = count
    refresh(problem, plan, memory, slot)
    settle(problem, plan, slot, cost, length)
    mark_touched(problem, memory, slot)


@kernel("void(Problem, Plan, Memory, int64)")
def _close_up(problem: Problem, plan: Plan, memory: Memory, slot: int) -> None:
    """Close the gaps of a route some of whose tasks are gone; all go if the rest is impossible."""
    cost, length = route_cost(problem, plan, slot), plan.route[slot, LENGTH]
    sequence, where, tasks = plan.sequence[slot], plan.where, len(problem.near)
    kept, loadings = 0, 0
    for position in range(1, length + 1):
        task = sequence[position]
        if task >= tasks or where[task, 0] >= 0:
            kept += 1
            sequence[kept] = task
            loadings += 1 if task >= tasks else 0
    plan.route[slot, LENGTH] = kept if kept > loadings else 0
    refresh(problem, plan, memory, slot)
    if kept > loadings and not is_possible(problem, plan, memory, slot):
        for position in range(1, kept + 1):
            task = sequence[position]
            if task < tasks and where[task, 0] >= 0:
                take_out(problem, plan, memory, problem.node[task, OWNER])
        plan.route[slot, LENGTH] = 0
        refresh(problem, plan, memory, slot)
    if plan.route[slot, LOADINGS] > 0:
        drop_loadings(problem, plan, memory, slot)
    settle(problem, plan, slot, cost, length)
    memory.has_gap[slot] = False


@kernel("void(Problem, Plan, Memory)")
def close_gaps(problem: Problem, plan: Plan, memory: Memory) -> None:
    """Close the gaps of all routes; where one becomes impossible, others may get gaps in turn."""
    closed = False
    while not closed:
        closed = True
        row = 0
        while row < memory.control[TOUCHED_COUNT]:
            slot = memory.touched[row]
            if memory.has_gap[slot]:
                _close_up(problem, plan, memory, slot)
                closed = False
            row += 1
