"""Putting requests into a plan and taking units out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msap_mobility.compiled import kernel
from msap_mobility.optimise.routing.native.arrays import (
    CHANGED_COUNT,
    CHOSEN,
    FIRST,
    LENGTH,
    LOADED_AFTER,
    LOADED_BEFORE,
    LOADING,
    LOADINGS,
    MISSED,
    MISSING,
    MUST,
    NODE_REQUEST,
    OWNER,
    POSITION,
    PRIZE,
    RELOADS,
    SECOND,
    SECOND_POSITION,
    SERVING,
    SLOT,
    TOUCHED_COUNT,
)
from msap_mobility.optimise.routing.native.labels import refresh, route_cost, settle
from msap_mobility.optimise.routing.native.possible import is_possible
from msap_mobility.optimise.routing.native.reload import drop_loadings

if TYPE_CHECKING:
    from msap_mobility.optimise.routing.native.arrays import Memory, Plan, Problem

__all__ = ["accept_offer", "close_up", "mark_touched", "redraw", "take_out"]


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
def _mark_changed(memory: Memory, unit: int) -> None:
    """Note that a unit enters or leaves in this iteration."""
    if not memory.is_changed[unit]:
        memory.is_changed[unit] = True
        memory.changed[memory.control[CHANGED_COUNT]] = unit
        memory.control[CHANGED_COUNT] += 1


@kernel("void(Problem, Plan, int64, int64)")
def _count_served(problem: Problem, plan: Plan, unit: int, request: int) -> None:
    """Record which request of a unit is served (−1: none), and what that changes."""
    total, before = plan.total, plan.served[unit]
    if before >= 0:
        total[MISSED] += max(0, problem.request[before, PRIZE])
        total[MISSING] += problem.unit[unit, MUST]
        total[SERVING] -= 1
    if request >= 0:
        total[MISSED] -= max(0, problem.request[request, PRIZE])
        total[MISSING] -= problem.unit[unit, MUST]
        total[SERVING] += 1
    plan.served[unit] = request


@kernel("void(Plan, int64, int64, int64)")
def _put(plan: Plan, slot: int, task: int, position: int) -> None:
    """Write a task after `position` of a route."""
    sequence, route = plan.sequence[slot], plan.route[slot]
    for later in range(route[LENGTH], position, -1):
        sequence[later + 1] = sequence[later]
    sequence[position + 1] = task
    route[LENGTH] += 1


@kernel("void(Problem, Plan, Memory, int64)")
def accept_offer(problem: Problem, plan: Plan, memory: Memory, unit: int) -> None:
    """Put the request of the offer in memory where the offer says, with its loadings."""
    offer = memory.offer
    slot, request, reloads = offer[SLOT], offer[CHOSEN], offer[RELOADS]
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
    _count_served(problem, plan, unit, request)
    mark_touched(problem, memory, slot)
    _mark_changed(memory, unit)


@kernel("void(Problem, Plan, Memory, int64)")
def take_out(problem: Problem, plan: Plan, memory: Memory, unit: int) -> None:
    """Mark the tasks of a unit as gone; `close_up` then mends their route."""
    request = plan.served[unit]
    first, second = problem.request[request, FIRST], problem.request[request, SECOND]
    mark_touched(problem, memory, plan.where[first, 0])
    plan.where[first, 0] = -1
    if second >= 0:
        plan.where[second, 0] = -1
    _count_served(problem, plan, unit, -1)
    _mark_changed(memory, unit)


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
            _count_served(problem, plan, node[task, OWNER], -1)
            _mark_changed(memory, node[task, OWNER])
    for position in range(1, count + 1):
        task = draft[position]
        sequence[position] = task
        if plan.served[node[task, OWNER]] < 0:
            _count_served(problem, plan, node[task, OWNER], node[task, NODE_REQUEST])
            _mark_changed(memory, node[task, OWNER])
    plan.route[slot, LENGTH] = count
    refresh(problem, plan, memory, slot)
    settle(problem, plan, slot, cost, length)
    mark_touched(problem, memory, slot)


@kernel("void(Problem, Plan, Memory, int64)")
def close_up(problem: Problem, plan: Plan, memory: Memory, slot: int) -> None:
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
