"""Units enter one after the other, each where it costs least."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msap_mobility.compiled import kernel
from msap_mobility.optimise.dice import draw
from msap_mobility.optimise.routing.native.arrays import (
    ABSENT_COUNT,
    ADDED,
    BARGAINS,
    CHANGED_COUNT,
    ENTERING_COUNT,
    GENEROSITY,
    MEMBERS,
    MEMBERS_END,
    MUST,
    NEVER,
    OWNER,
    PRIZE,
    PRIZE_SCALE,
    SCORED,
    SLOT,
    WORTH,
)
from msap_mobility.optimise.routing.native.moves import accept_offer
from msap_mobility.optimise.routing.native.offers import offer_request

if TYPE_CHECKING:
    from msap_mobility.optimise.routing.native.arrays import Memory, Plan, Problem

__all__ = ["OPEN_HANDED", "list_entering", "recreate"]

OPEN_HANDED = 1 << 16
"""With this generosity everybody who is absent is tried, whatever it costs."""
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
        if plan.served[memory.changed[row]] < 0:
            _list(memory, memory.changed[row])
    few = control[ABSENT_COUNT] <= _ALL or control[GENEROSITY] >= OPEN_HANDED
    for row in range(control[ABSENT_COUNT]):
        unit = memory.absent[row]  # unless selected meanwhile
        if plan.served[unit] < 0 and (few or problem.unit[unit, MUST] > 0):
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
    row, offer, scale = problem.unit[unit], memory.offer, problem.setting[PRIZE_SCALE]
    offer[ADDED], offer[SLOT] = NEVER, -1
    generosity = memory.control[GENEROSITY]
    if row[MUST] == 0 and problem.setting[SCORED] == 0 and generosity < OPEN_HANDED:
        offer[ADDED] = row[WORTH] * generosity
    for at in range(row[MEMBERS], row[MEMBERS_END]):
        request = problem.member[at]
        worth = max(0, problem.request[request, PRIZE]) - row[WORTH]
        offer_request(problem, plan, memory, request, worth * scale)


@kernel("void(Problem, Plan, Memory)")
def _sort_by_bargain(problem: Problem, plan: Plan, memory: Memory) -> None:
    """Sort the list by what a unit adds for its prize, give or take a quarter."""
    entering, dice = memory.entering, memory.dice
    for place in range(memory.control[ENTERING_COUNT]):
        unit = entering[place]
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
    for row in range(memory.control[ENTERING_COUNT]):
        _look(problem, plan, memory, memory.entering[row])
        if memory.offer[SLOT] >= 0:
            accept_offer(problem, plan, memory, memory.entering[row])
