"""What is accepted, and when it cools.

The temperature depends on the number of the iteration and on the length of the stretch of cooling
only, so a search that is told both is the same whatever the clock says.
"""

from __future__ import annotations

from math import log
from typing import TYPE_CHECKING

import numpy as np

from msap_mobility.compiled import kernel
from msap_mobility.optimise.dice import CHANCE_UNIT, CHANCES, draw
from msap_mobility.optimise.routing.native.arrays.memory import (
    FAVOURED,
    GENEROSITY,
    ITERATION,
    SHARE,
    TOUCHED_COUNT,
)
from msap_mobility.optimise.routing.native.arrays.plan import MISSED, MISSING, ROUTES_COST, USED
from msap_mobility.optimise.routing.native.arrays.problem import (
    FLEET_MATTERS,
    MUST,
    NEEDED,
    OPTIONAL,
    PRIZE_SCALE,
    SCORED,
    SELECTS,
    VEHICLES_FIRST,
)
from msap_mobility.optimise.routing.native.fleet import change_vehicles
from msap_mobility.optimise.routing.native.keep import (
    copy_changes,
    copy_plan,
    forget_changes,
    list_absent,
)
from msap_mobility.optimise.routing.native.pool import gather
from msap_mobility.optimise.routing.native.recreate import OPEN_HANDED, list_entering, recreate
from msap_mobility.optimise.routing.native.ruin import ruin
from msap_mobility.optimise.routing.native.selection import select_along

if TYPE_CHECKING:
    from msap_mobility.optimise.arrays import Int64
    from msap_mobility.optimise.routing.native.arrays.memory import Memory
    from msap_mobility.optimise.routing.native.arrays.plan import Plan
    from msap_mobility.optimise.routing.native.arrays.problem import Problem
    from msap_mobility.optimise.routing.native.pool import Pool

__all__ = ["STEPS", "cooling_table", "improve", "is_better"]

STEPS = 1024
_HOT = 1 << 30
"""Above it a product of heat and chance would leave int64: then fractions of a unit are no loss."""
_FAVOUR = 8
"""One iteration in so many favours a vehicle type and rebuilds whole routes."""
_SELECT = 4
"""One iteration in so many selects who is served along a route."""
_GENEROUS, _GENEROSITIES = 8, 4
"""One iteration in so many lets units enter that cost up to so many prizes more than they earn: a
route that no unit alone is worth may be worth it for several."""


def cooling_table(hottest: float, coldest: float) -> Int64:
    """Temperatures of one cycle, geometric, in units of cost times 256.

    Whole numbers, so that no machine rounds them otherwise.

    Examples
    --------
    >>> table = cooling_table(100, 1)
    >>> int(table[0]), int(table[-1])
    (25600, 256)
    """
    ratio = log(coldest / hottest) / (STEPS - 1)
    table: Int64 = np.round(256 * hottest * np.exp(ratio * np.arange(STEPS))).astype(np.int64)
    return table


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
    """How often the units and homes that are missing were left out before, added up."""
    total, units = 0, len(plan.served)
    if plan.total[MISSING] > 0:
        for unit in range(units):
            if plan.served[unit] < 0 and problem.unit[unit, MUST] > 0:
                total += memory.absence[unit]
        for home in range(len(plan.covered)):
            if plan.covered[home] == 0 and problem.home[home, NEEDED] > 0:
                total += memory.absence[units + home]
    return int(total)


@kernel("void(Problem, Plan, Memory)")
def _count_absences(problem: Problem, plan: Plan, memory: Memory) -> None:
    """Remember what had to be left out: it becomes dearer."""
    units = len(plan.served)
    for unit in range(units):
        if plan.served[unit] < 0 and problem.unit[unit, MUST] > 0:
            memory.absence[unit] += 1
    for home in range(len(plan.covered)):
        if plan.covered[home] == 0 and problem.home[home, NEEDED] > 0:
            memory.absence[units + home] += 1


@kernel("boolean(Problem, Plan, Plan, Memory, int64, int64[::1])")
def _is_accepted(
    problem: Problem, plan: Plan, accepted: Plan, memory: Memory, heat: int, chances: Int64
) -> bool:
    """Fewer or less stubborn absentees; else the rule of annealing: worse by < heat · −ln(u).

    The first plan always is: to leave again what does not pay is easier than to open routes.
    """
    if memory.control[GENEROSITY] >= OPEN_HANDED:
        return True
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
    chance = chances[draw(memory.dice, CHANCES)]
    if heat < _HOT:
        return bool(256 * worse < heat * chance // CHANCE_UNIT)
    return bool(worse < heat // 256 * chance // CHANCE_UNIT)


@kernel("int64(Problem, Memory)")
def _generosity(problem: Problem, memory: Memory) -> int:
    """What prizes are multiplied by in this iteration; in the first everybody enters who can."""
    if memory.control[ITERATION] == 0:
        return OPEN_HANDED
    if problem.setting[OPTIONAL] == 0 or draw(memory.dice, _GENEROUS) > 0:
        return 1
    return int(2 + draw(memory.dice, _GENEROSITIES))


@kernel("int64(Problem, Plan, Plan, Plan, Memory, Pool, int64[::1], int64[::1], int64[::1], int64)")
def improve(
    problem: Problem,
    plan: Plan,
    accepted: Plan,
    best: Plan,
    memory: Memory,
    pool: Pool,
    cooling: Int64,
    chances: Int64,
    stretch: Int64,
    iterations: int,
) -> int:
    """Do some iterations of a stretch of cooling; how many were done.

    Parameters
    ----------
    problem, plan, accepted, best, memory, pool
        All that the next iterations need.
    cooling, chances
        See `cooling_table` and `chance_table`.
    stretch
        Iteration at which it began, its length, and the rows of `cooling` from and to which it
        cools.
    iterations
        To do now. It ends earlier as soon as nobody is missing any more.
    """
    control = memory.control
    for done in range(iterations):
        age = min(control[ITERATION] - stretch[0], stretch[1] - 1)
        heat = cooling[stretch[2] + age * (stretch[3] - stretch[2]) // stretch[1]]
        if problem.setting[FLEET_MATTERS] > 0:
            favours = draw(memory.dice, _FAVOUR) == 0
            control[FAVOURED] = draw(memory.dice, len(problem.vehicle)) if favours else -1
            control[SHARE] = draw(memory.dice, 101)
        control[GENEROSITY] = _generosity(problem, memory)
        seed = ruin(problem, plan, memory)
        if problem.setting[SELECTS] > 0 and draw(memory.dice, _SELECT) == 0:
            slot = memory.touched[0] if control[TOUCHED_COUNT] > 0 else 0
            select_along(problem, plan, memory, slot, seed)
        list_entering(problem, plan, memory, seed)
        recreate(problem, plan, memory)
        change_vehicles(problem, plan, memory)
        control[ITERATION] += 1
        was_missing = accepted.total[MISSING]
        if _is_accepted(problem, plan, accepted, memory, heat, chances):
            copy_changes(plan, accepted, memory)
            list_absent(accepted, memory)
            if accepted.total[MISSING] == 0:
                gather(problem, accepted, memory, pool)
            if is_better(problem, accepted, best):
                copy_plan(accepted, best)
        else:
            copy_changes(accepted, plan, memory)
        forget_changes(memory)
        if was_missing > 0 and accepted.total[MISSING] == 0:
            return done + 1
    return iterations
