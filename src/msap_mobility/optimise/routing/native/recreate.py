"""Units enter one after the other, each where it costs least."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msap_mobility.compiled import kernel
from msap_mobility.optimise.routing.native.arrays import (
    ABSENT_COUNT,
    ADDED,
    CHANGED_COUNT,
    ENTERING_COUNT,
    MEMBERS,
    MEMBERS_END,
    MUST,
    NEVER,
    OWNER,
    PRIZE,
    PRIZE_SCALE,
    SECOND,
    SLOT,
    WORTH,
)
from msap_mobility.optimise.routing.native.dice import draw
from msap_mobility.optimise.routing.native.moves import accept_offer
from msap_mobility.optimise.routing.native.pair import offer_pair
from msap_mobility.optimise.routing.native.visit import offer_visit

if TYPE_CHECKING:
    from msap_mobility.optimise.routing.native.arrays import Memory, Plan, Problem

__all__ = ["enter", "list_entering", "recreate"]

_ALL = 24
"""Of more optional units that are absent, only so many near the ruin are tried."""


@kernel("void(Memory, int64)")
def _list(memory: Memory, unit: int) -> None:
    """Put a unit on the list of those that enter."""
    memory.entering[memory.control[ENTERING_COUNT]] = unit
    memory.control[ENTERING_COUNT] += 1


@kernel("void(Problem, Plan, Memory, int64)")
def list_entering(problem: Problem, plan: Plan, memory: Memory, seed: int) -> None:
    """List what may enter: what has left, what must be served, and some optional units."""
    control, near, dice = memory.control, problem.near, memory.dice
    control[ENTERING_COUNT] = 0
    for row in range(control[CHANGED_COUNT]):
        _list(memory, memory.changed[row])
    few = control[ABSENT_COUNT] <= _ALL
    for row in range(control[ABSENT_COUNT]):
        unit = memory.absent[row]
        if few or problem.unit[unit, MUST] > 0:
            _list(memory, unit)
    if few:
        return
    most = control[ENTERING_COUNT] + _ALL
    for rank in range(near.shape[1]):
        unit = problem.node[near[seed, rank], OWNER]
        if problem.unit[unit, MUST] > 0 or plan.served[unit] >= 0 or memory.is_changed[unit]:
            continue
        if control[ENTERING_COUNT] >= most:
            return
        if draw(dice, 2) == 0:
            memory.is_changed[unit] = True  # so that no group is listed twice
            memory.changed[control[CHANGED_COUNT]] = unit
            control[CHANGED_COUNT] += 1
            _list(memory, unit)


@kernel("void(Problem, Memory)")
def _sort(problem: Problem, memory: Memory) -> None:
    """Sort the list by a key drawn from `Problem.order`, or at random."""
    dice, order, count = memory.dice, problem.order, memory.control[ENTERING_COUNT]
    entering, sort = memory.entering, memory.sort
    row = order[draw(dice, len(order))]
    for place in range(count):
        unit = entering[place]
        value = draw(dice, 1 << 30) if row < 0 else problem.key[row, unit]
        slot = place
        while slot > 0 and sort[slot - 1] > value:
            sort[slot], entering[slot] = sort[slot - 1], entering[slot - 1]
            slot -= 1
        sort[slot], entering[slot] = value, unit


@kernel("boolean(Problem, Plan, Memory, int64)")
def enter(problem: Problem, plan: Plan, memory: Memory, unit: int) -> bool:
    """Serve a unit where that costs least, if it is possible and worth it; whether it is served."""
    row, offer, scale = problem.unit[unit], memory.offer, problem.setting[PRIZE_SCALE]
    offer[ADDED], offer[SLOT] = NEVER, -1
    if row[MUST] == 0:
        offer[ADDED] = row[WORTH] * scale
    for at in range(row[MEMBERS], row[MEMBERS_END]):
        request = problem.member[at]
        worth = max(0, problem.request[request, PRIZE]) - row[WORTH]
        if problem.request[request, SECOND] >= 0:
            offer_pair(problem, plan, memory, request, worth * scale)
        else:
            offer_visit(problem, plan, memory, request, worth * scale)
    if offer[SLOT] < 0:
        return False
    accept_offer(problem, plan, memory, unit)
    return True


@kernel("void(Problem, Plan, Memory)")
def recreate(problem: Problem, plan: Plan, memory: Memory) -> None:
    """Let what is listed enter, in some order."""
    _sort(problem, memory)
    for row in range(memory.control[ENTERING_COUNT]):
        enter(problem, plan, memory, memory.entering[row])
