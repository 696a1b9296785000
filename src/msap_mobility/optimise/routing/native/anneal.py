"""What is kept, and when it cools.

The temperature depends on the number of the iteration and on the length of the cycle only, so a
search that is told both is the same whatever the clock says.
"""

from __future__ import annotations

from functools import cache
from math import log
from typing import TYPE_CHECKING

import numpy as np

from msap_mobility.compiled import kernel
from msap_mobility.optimise.routing.native.arrays import (
    ABSENT_COUNT,
    CHANGED_COUNT,
    ITERATION,
    LENGTH,
    MISSED,
    MISSING,
    MUST,
    PRIZE_SCALE,
    ROUTES_COST,
    SCORED,
    STAMP,
    TOUCHED_COUNT,
    USED,
    VEHICLES_FIRST,
)
from msap_mobility.optimise.routing.native.dice import draw
from msap_mobility.optimise.routing.native.pool import gather
from msap_mobility.optimise.routing.native.recreate import list_entering, recreate
from msap_mobility.optimise.routing.native.ruin import ruin

if TYPE_CHECKING:
    from msap_mobility.optimise.arrays import Int64
    from msap_mobility.optimise.routing.native.arrays import Memory, Plan, Problem
    from msap_mobility.optimise.routing.native.pool import Pool

__all__ = ["chance_table", "cooling_table", "improve", "restart"]

_STEPS = 1024
_CHANCES = 4096
_CHANCE_UNIT = 1 << 16


def cooling_table(hottest: float, coldest: float) -> Int64:
    """Temperatures of one cycle, geometric, in units of cost times 256.

    Whole numbers, so that no machine rounds them otherwise.

    Examples
    --------
    >>> table = cooling_table(100, 1)
    >>> int(table[0]), int(table[-1])
    (25600, 256)
    """
    ratio = log(coldest / hottest) / (_STEPS - 1)
    table: Int64 = np.round(256 * hottest * np.exp(ratio * np.arange(_STEPS))).astype(np.int64)
    return table


@cache
def chance_table() -> Int64:
    """−ln(u) for u evenly spread over (0, 1), in 1/65536."""
    u = (np.arange(_CHANCES) + 0.5) / _CHANCES
    table: Int64 = np.round(-np.log(u) * _CHANCE_UNIT).astype(np.int64)
    return table


@kernel("void(Plan, Plan, int64)")
def _copy_slot(source: Plan, target: Plan, slot: int) -> None:
    """Make a route of `target` that of `source`, labels and all."""
    count = source.route[slot, LENGTH]
    where, sequence = target.where, source.sequence
    for position in range(count + 2):
        target.sequence[slot, position] = sequence[slot, position]
        target.place[slot, position] = source.place[slot, position]
        target.edge[slot, position] = source.edge[slot, position]
        target.leave[slot, position] = source.leave[slot, position]
        target.latest[slot, position] = source.latest[slot, position]
    for position in range(count + 1):
        for label in range(3):
            for dimension in range(source.aboard.shape[3]):
                load = source.aboard[slot, position, label, dimension]
                target.aboard[slot, position, label, dimension] = load
    if source.span.shape[1] > 1:
        for position in range(count + 2):
            for bound in range(6):
                target.span[slot, position, bound] = source.span[slot, position, bound]
    for column in range(source.route.shape[1]):
        target.route[slot, column] = source.route[slot, column]
    for position in range(1, count + 1):
        task = sequence[slot, position]
        where[task, 0], where[task, 1] = slot, position


@kernel("void(Plan, Plan, Memory)")
def _copy_changes(source: Plan, target: Plan, memory: Memory) -> None:
    """Make `target` equal to `source` in all that this iteration touched."""
    control = memory.control
    for row in range(control[TOUCHED_COUNT]):
        slot = memory.touched[row]
        for position in range(1, target.route[slot, LENGTH] + 1):
            target.where[target.sequence[slot, position], 0] = -1
    for row in range(control[TOUCHED_COUNT]):
        _copy_slot(source, target, memory.touched[row])
    for row in range(control[CHANGED_COUNT]):
        unit = memory.changed[row]
        target.served[unit] = source.served[unit]
    target.total[:] = source.total


@kernel("void(Plan, Plan)")
def _copy_plan(source: Plan, target: Plan) -> None:
    """Make `target` equal to `source`; only slots that differ are copied."""
    target.where[:] = -1
    for slot in range(len(source.route)):
        if source.route[slot, STAMP] != target.route[slot, STAMP]:
            _copy_slot(source, target, slot)
    for slot in range(len(source.route)):
        for position in range(1, source.route[slot, LENGTH] + 1):
            task = source.sequence[slot, position]
            target.where[task, 0], target.where[task, 1] = slot, position
    target.served[:] = source.served
    target.total[:] = source.total


@kernel("int64(Problem, Plan)")
def _value(problem: Problem, plan: Plan) -> int:
    """Cost of routes and prizes not earned, the latter scaled where costs only guide."""
    total, setting = plan.total, problem.setting
    return int(total[ROUTES_COST] + setting[PRIZE_SCALE] * total[MISSED])


@kernel("boolean(Problem, Plan, Plan)")
def is_better(problem: Problem, plan: Plan, other: Plan) -> bool:
    """Whether a plan is strictly better: what must be served, vehicles if they count, value."""
    setting = problem.setting
    if plan.total[MISSING] != other.total[MISSING]:
        return bool(plan.total[MISSING] < other.total[MISSING])
    if setting[VEHICLES_FIRST] and plan.total[USED] != other.total[USED]:
        return bool(plan.total[USED] < other.total[USED])
    if setting[SCORED] and plan.total[MISSED] != other.total[MISSED]:
        return bool(plan.total[MISSED] < other.total[MISSED])
    return _value(problem, plan) < _value(problem, other)


@kernel("int64(Problem, Plan, Memory)")
def _absences(problem: Problem, plan: Plan, memory: Memory) -> int:
    """How often the units that are missing were left out before, added up."""
    total = 0
    if plan.total[MISSING] > 0:
        for unit in range(len(plan.served)):
            if plan.served[unit] < 0 and problem.unit[unit, MUST] > 0:
                total += memory.absence[unit]
    return int(total)


@kernel("void(Problem, Plan, Memory)")
def _count_absences(problem: Problem, plan: Plan, memory: Memory) -> None:
    """Remember what had to be left out: it becomes dearer."""
    for unit in range(len(plan.served)):
        if plan.served[unit] < 0 and problem.unit[unit, MUST] > 0:
            memory.absence[unit] += 1


@kernel("boolean(Problem, Plan, Plan, Memory, int64, int64[::1])")
def _is_accepted(
    problem: Problem, plan: Plan, accepted: Plan, memory: Memory, heat: int, chances: Int64
) -> bool:
    """Fewer or less stubborn absentees; else the rule of annealing: worse by < heat · −ln(u)."""
    missing, before = plan.total[MISSING], accepted.total[MISSING]
    if missing + before > 0:
        stubborn = _absences(problem, plan, memory)
        held = _absences(problem, accepted, memory)
        if missing > 0:
            _count_absences(problem, plan, memory)
        if missing < before or (before > 0 and stubborn < held):
            return True
        if missing > before:
            return False
    worse = _value(problem, plan) - _value(problem, accepted)
    if worse <= 0:
        return True
    return bool(worse * 256 * _CHANCE_UNIT < heat * chances[draw(memory.dice, _CHANCES)])


@kernel("void(Plan, Memory)")
def _list_absent(accepted: Plan, memory: Memory) -> None:
    """List who is not served in the accepted plan after units changed."""
    control, absent = memory.control, memory.absent
    count = 0
    for row in range(control[ABSENT_COUNT]):
        unit = absent[row]
        if accepted.served[unit] < 0 and not memory.is_changed[unit]:
            absent[count] = unit
            count += 1
    for row in range(control[CHANGED_COUNT]):
        unit = memory.changed[row]
        if accepted.served[unit] < 0:
            absent[count] = unit
            count += 1
    control[ABSENT_COUNT] = count


@kernel("void(Memory)")
def _forget_changes(memory: Memory) -> None:
    """Begin a new iteration."""
    control = memory.control
    for row in range(control[TOUCHED_COUNT]):
        memory.is_touched[memory.touched[row]] = False
    for row in range(control[CHANGED_COUNT]):
        memory.is_changed[memory.changed[row]] = False
    control[TOUCHED_COUNT], control[CHANGED_COUNT] = 0, 0


@kernel("void(Plan, Plan, Plan, Memory)")
def restart(plan: Plan, accepted: Plan, best: Plan, memory: Memory) -> None:
    """Go on from the best plan."""
    _copy_plan(best, plan)
    _copy_plan(best, accepted)
    count = 0
    for unit in range(len(best.served)):
        if best.served[unit] < 0:
            memory.absent[count] = unit
            count += 1
    memory.control[ABSENT_COUNT] = count


@kernel(
    "int64(Problem, Plan, Plan, Plan, Memory, Pool, int64[::1], int64[::1], int64, int64, int64)"
)
def improve(
    problem: Problem,
    plan: Plan,
    accepted: Plan,
    best: Plan,
    memory: Memory,
    pool: Pool,
    cooling: Int64,
    chances: Int64,
    first: int,
    length: int,
    iterations: int,
) -> int:
    """Do some iterations of a cycle; how many were done.

    Parameters
    ----------
    problem, plan, accepted, best, memory, pool
        All that the next iterations need.
    cooling, chances
        See `cooling_table` and `chance_table`.
    first, length
        Iteration at which the cycle began, and how many it has.
    iterations
        To do now. It ends earlier as soon as nobody is missing any more.
    """
    control = memory.control
    for done in range(iterations):
        age = min(control[ITERATION] - first, length - 1)
        heat = cooling[age * _STEPS // length]
        seed = ruin(problem, plan, memory)
        list_entering(problem, plan, memory, seed)
        recreate(problem, plan, memory)
        control[ITERATION] += 1
        was_missing = accepted.total[MISSING]
        if _is_accepted(problem, plan, accepted, memory, heat, chances):
            _copy_changes(plan, accepted, memory)
            _list_absent(accepted, memory)
            if accepted.total[MISSING] == 0:
                gather(accepted, memory, pool)
            if is_better(problem, accepted, best):
                _copy_plan(accepted, best)
        else:
            _copy_changes(accepted, plan, memory)
        _forget_changes(memory)
        if was_missing > 0 and accepted.total[MISSING] == 0:
            return done + 1
    return iterations
