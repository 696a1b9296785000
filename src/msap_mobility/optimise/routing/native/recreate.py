"""Units enter one after the other, each where it costs least."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msap_mobility.compiled import kernel
from msap_mobility.optimise.dice import draw
from msap_mobility.optimise.routing.native.arrays.memory import (
    ABSENT_COUNT,
    ADDED,
    BY_NEED,
    CHANGED_COUNT,
    ENTERING_COUNT,
    GENEROSITY,
    KEEPS_DAYS,
    SLOT,
)
from msap_mobility.optimise.routing.native.arrays.problem import (
    BARGAINS,
    MUST,
    NEVER,
    OWNER,
    SCORED,
    WORTH,
)
from msap_mobility.optimise.routing.native.cover import (
    cover_home,
    drop_redundant,
    list_uncovered,
)
from msap_mobility.optimise.routing.native.moves import is_loose, mark_changed
from msap_mobility.optimise.routing.native.options import accept_unit, look_at_unit, tie_up

if TYPE_CHECKING:
    from msap_mobility.optimise.routing.native.arrays.memory import Memory
    from msap_mobility.optimise.routing.native.arrays.plan import Plan
    from msap_mobility.optimise.routing.native.arrays.problem import Problem

__all__ = ["OPEN_HANDED", "list_entering", "recreate"]

OPEN_HANDED = 1 << 16
"""With this generosity everybody who is absent is tried, whatever it costs."""
_NEED_POWERS = 4
"""Stops are compared by what they add for each newly covered home to a power below it."""
_SHORTCUT = 64
"""A unit without a prize of its own is tried once in so many times, where homes open stops."""
_ALL = 24
"""Of more optional units that are absent, only so many near the ruin are tried."""


@kernel("void(Memory, int64)")
def _list(memory: Memory, unit: int) -> None:
    """Put a unit on the list of those that enter."""
    memory.entering[memory.control[ENTERING_COUNT]] = unit
    memory.control[ENTERING_COUNT] += 1


@kernel("boolean(Problem, Memory, int64)")
def _is_asked(problem: Problem, memory: Memory, unit: int) -> bool:
    """Whether a unit enters for its own sake; one without a prize mostly waits for a home.

    Not always: where the direct way is longer than a detour, it may be a shortcut.
    """
    row = problem.unit[unit]
    if row[MUST] > 0 or row[WORTH] > 0 or len(problem.home) == 0:
        return True
    return bool(draw(memory.dice, _SHORTCUT) == 0)


@kernel("void(Problem, Plan, Memory, int64)")
def _list_near(problem: Problem, plan: Plan, memory: Memory, seed: int) -> None:
    """List some optional units near the ruin that are absent."""
    control, near = memory.control, problem.near
    most = control[ENTERING_COUNT] + _ALL
    for rank in range(near.shape[1]):
        unit = problem.node[near[seed, rank], OWNER]
        if problem.unit[unit, MUST] > 0 or plan.served[unit] >= 0 or memory.is_changed[unit]:
            continue
        if control[ENTERING_COUNT] >= most:
            return
        if _is_asked(problem, memory, unit) and draw(memory.dice, 2) == 0:
            mark_changed(memory, unit)  # so that none is listed twice
            _list(memory, unit)


@kernel("void(Problem, Plan, Memory, int64)")
def list_entering(problem: Problem, plan: Plan, memory: Memory, seed: int) -> None:
    """List what may enter: what has left, what must be served, and some optional units."""
    control = memory.control
    control[ENTERING_COUNT], control[BY_NEED] = 0, draw(memory.dice, _NEED_POWERS)
    list_uncovered(problem, plan, memory)
    for row in range(control[CHANGED_COUNT]):
        unit = memory.changed[row]
        if plan.served[unit] >= 0:
            if control[KEEPS_DAYS] > 0 and is_loose(problem, plan, unit):
                _list(memory, unit)
        elif _is_asked(problem, memory, unit):
            _list(memory, unit)
    few = control[ABSENT_COUNT] <= _ALL or control[GENEROSITY] >= OPEN_HANDED
    for row in range(control[ABSENT_COUNT]):
        unit = memory.absent[row]
        asked = problem.unit[unit, MUST] > 0 or (few and _is_asked(problem, memory, unit))
        if asked and plan.served[unit] < 0:  # unless selected meanwhile
            _list(memory, unit)
    if not few:
        _list_near(problem, plan, memory, seed)


@kernel("void(Memory, int64, int64, int64)")
def _file(memory: Memory, place: int, unit: int, value: int) -> None:
    """Put a unit where it belongs among the `place` before it, which are sorted."""
    entering, sort = memory.entering, memory.sort
    while place > 0 and sort[place - 1] > value:
        sort[place], entering[place] = sort[place - 1], entering[place - 1]
        place -= 1
    sort[place], entering[place] = value, unit


@kernel("void(Problem, Memory)")
def _sort(problem: Problem, memory: Memory) -> None:
    """Sort the list by a key drawn from `Problem.order`, or at random."""
    dice, order, count = memory.dice, problem.order, memory.control[ENTERING_COUNT]
    entering = memory.entering
    row = order[draw(dice, len(order))]
    for place in range(count):
        unit = entering[place]
        value = draw(dice, 1 << 30) if row < 0 else problem.key[row, unit]
        _file(memory, place, unit, value)


@kernel("void(Problem, Plan, Memory, int64)")
def _look(problem: Problem, plan: Plan, memory: Memory, unit: int) -> None:
    """Find where it costs least to serve a unit, if that is possible and worth it."""
    row, offer, generosity = problem.unit[unit], memory.offer, memory.control[GENEROSITY]
    offer[ADDED], offer[SLOT] = NEVER, -1
    if row[MUST] == 0 and problem.setting[SCORED] == 0 and generosity < OPEN_HANDED:
        offer[ADDED] = row[WORTH] * generosity
    look_at_unit(problem, plan, memory, unit, -1)


@kernel("void(Problem, Plan, Memory)")
def _sort_by_bargain(problem: Problem, plan: Plan, memory: Memory) -> None:
    """Sort the list by what a unit adds for its prize, give or take a quarter."""
    entering, dice = memory.entering, memory.dice
    for place in range(memory.control[ENTERING_COUNT]):
        unit = entering[place]
        if unit >= len(problem.unit) or plan.served[unit] >= 0:
            _file(memory, place, unit, draw(dice, 1 << 30))
            continue
        _look(problem, plan, memory, unit)
        value = 1024 * max(0, memory.offer[ADDED]) // max(1, problem.unit[unit, WORTH])
        if memory.offer[SLOT] < 0:
            value = NEVER // 2048
        value = value * (768 + draw(dice, 512)) // 1024
        _file(memory, place, unit, value)


@kernel("void(Problem, Plan, Memory)")
def recreate(problem: Problem, plan: Plan, memory: Memory) -> None:
    """Let what is listed enter, in some order."""
    if len(problem.order) > 0 and draw(memory.dice, 100) < problem.setting[BARGAINS]:
        _sort_by_bargain(problem, plan, memory)
    else:
        _sort(problem, memory)
    units = len(problem.unit)
    for row in range(memory.control[ENTERING_COUNT]):
        unit = memory.entering[row]
        if unit >= units:
            cover_home(problem, plan, memory, unit - units)
            continue
        if plan.served[unit] >= 0:  # or a home has opened it meanwhile, and nothing is loose
            tie_up(problem, plan, memory, unit)
        if plan.served[unit] < 0:
            _look(problem, plan, memory, unit)
            if memory.offer[SLOT] >= 0:
                accept_unit(problem, plan, memory, unit)
    drop_redundant(problem, plan, memory)
