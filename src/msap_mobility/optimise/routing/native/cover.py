"""Homes within reach of a stop: which stop a home opens, and which stops nobody needs any more.

A home that is not covered opens the stop within its reach that is cheapest for each home it newly
covers; a stop all of whose homes have another is dropped.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msap_mobility.compiled import kernel
from msap_mobility.optimise.dice import draw
from msap_mobility.optimise.routing.native.arrays.memory import (
    ADDED,
    BLINK,
    BY_NEED,
    CHANGED_COUNT,
    ENTERING_COUNT,
    GENEROSITY,
    SLOT,
)
from msap_mobility.optimise.routing.native.arrays.plan import LENGTH
from msap_mobility.optimise.routing.native.arrays.problem import (
    CLASS,
    FIRST,
    FIXED,
    GAIN,
    HOME_PRIZE,
    MUST,
    NEEDED,
    NEVER,
    OWNER,
    PARTS,
    PARTS_END,
    PRIZE_SCALE,
    REACH,
    REACH_END,
    SCORED,
    SECOND,
    WORTH,
)
from msap_mobility.optimise.routing.native.moves import close_gaps, take_out
from msap_mobility.optimise.routing.native.offers import hold_offer, take_up_offer
from msap_mobility.optimise.routing.native.options import accept_unit, look_at_unit

if TYPE_CHECKING:
    from msap_mobility.optimise.routing.native.arrays.memory import Memory
    from msap_mobility.optimise.routing.native.arrays.plan import Plan
    from msap_mobility.optimise.routing.native.arrays.problem import Problem

__all__ = ["cover_home", "drop_redundant", "list_uncovered"]

_SELDOM = 10
"""Stops are overlooked so many times as often as positions."""
_FINE = 1 << 10
"""What is added for each need is told in so many parts of a unit of cost."""


@kernel("void(Problem, Plan, Memory)")
def list_uncovered(problem: Problem, plan: Plan, memory: Memory) -> None:
    """List the homes that no served request reaches."""
    units = len(problem.unit)
    for home in range(len(problem.home)):
        if plan.covered[home] == 0:
            memory.entering[memory.control[ENTERING_COUNT]] = units + home
            memory.control[ENTERING_COUNT] += 1


@kernel("int64(Problem, Plan, int64)")
def _needs_met(problem: Problem, plan: Plan, request: int) -> int:
    """How many homes that must be covered a request would newly cover."""
    total = 0
    for row in range(problem.cover_start[request], problem.cover_start[request + 1]):
        if plan.covered[problem.covers[row]] == 0:
            total += problem.home[problem.covers[row], NEEDED]
    return int(total)


@kernel("int64(int64, int64)")
def _each(added: int, needs: int) -> int:
    """What is added for each need it meets; what saves something is not divided."""
    return added if added < 0 else added * _FINE // needs


@kernel("boolean(Problem, Plan, Memory, int64, int64, int64, int64)")
def _look_at_stop(
    problem: Problem, plan: Plan, memory: Memory, request: int, needs: int, each: int, most: int
) -> bool:
    """Offer a stop if each need it meets costs less than `each`, and it adds less than `most`."""
    unit, offer = problem.node[problem.request[request, FIRST], OWNER], memory.offer
    if plan.served[unit] >= 0 or draw(memory.dice, 10_000) < _SELDOM * memory.control[BLINK]:
        return False
    worth = problem.setting[PRIZE_SCALE] * problem.unit[unit, WORTH]
    bound = most if each >= NEVER // needs else min(most, each * needs // _FINE)
    offer[ADDED], offer[SLOT] = bound + worth, -1
    look_at_unit(problem, plan, memory, unit, request)
    offer[ADDED] -= worth
    return bool(offer[SLOT] >= 0)


@kernel("void(Problem, Plan, Memory, int64)")
def cover_home(problem: Problem, plan: Plan, memory: Memory, home: int) -> None:
    """Open the stop that covers a home at least cost, if one can be opened and is worth it."""
    row, offer = problem.home[home], memory.offer
    if plan.covered[home] > 0:
        return
    free = row[NEEDED] > 0 or problem.setting[SCORED] > 0
    most = NEVER if free else row[HOME_PRIZE] * (memory.control[GENEROSITY] - 1)
    each, unit = NEVER, -1
    for at in range(row[REACH], row[REACH_END]):
        request = problem.reach[at]
        needs = max(1, _needs_met(problem, plan, request)) ** memory.control[BY_NEED]
        if _look_at_stop(problem, plan, memory, request, needs, each, most):
            unit = problem.node[problem.request[request, FIRST], OWNER]
            each = _each(offer[ADDED], needs)
            hold_offer(memory, 1)
    if unit >= 0:
        take_up_offer(memory, 1)
        accept_unit(problem, plan, memory, unit)


@kernel("int64(Problem, Plan, int64)")
def _saving(problem: Problem, plan: Plan, unit: int) -> int:
    """What is saved without a stop that no home needs; −1 if one needs it or it may not go."""
    option = plan.served[unit]
    if option < 0 or problem.unit[unit, MUST] > 0:
        return -1
    row = problem.option[option]
    request = problem.part[row[PARTS]]
    if row[PARTS_END] > row[PARTS] + 1 or problem.request[request, SECOND] >= 0:
        return -1
    for at in range(problem.cover_start[request], problem.cover_start[request + 1]):
        if plan.covered[problem.covers[at]] == 1:
            return -1
    task = problem.request[request, FIRST]
    slot, position = plan.where[task, 0], plan.where[task, 1]
    vehicle, place = problem.vehicle[problem.type_of[slot]], plan.place[slot]
    saved = plan.edge[slot, position - 1] + plan.edge[slot, position]
    if plan.route[slot, LENGTH] == 1:
        saved += vehicle[FIXED]
    else:
        saved -= problem.cost[vehicle[CLASS], place[position - 1], place[position + 1]]
    return int(saved - problem.setting[PRIZE_SCALE] * row[GAIN])


@kernel("void(Problem, Plan, Memory)")
def _list_doubtful(problem: Problem, plan: Plan, memory: Memory) -> None:
    """List the stops that reach a home that a stop opened in this iteration reaches too."""
    control = memory.control
    control[ENTERING_COUNT] = 0
    for row in range(control[CHANGED_COUNT]):
        option = plan.served[memory.changed[row]]
        if option < 0:
            continue
        for at in range(problem.option[option, PARTS], problem.option[option, PARTS_END]):
            request = problem.part[at]
            for covered in range(problem.cover_start[request], problem.cover_start[request + 1]):
                home = problem.home[problem.covers[covered]]
                for other in range(home[REACH], home[REACH_END]):
                    task = problem.request[problem.reach[other], FIRST]
                    unit = problem.node[task, OWNER]
                    if plan.where[task, 0] >= 0 and not memory.is_doubtful[unit]:
                        memory.is_doubtful[unit] = True
                        memory.entering[control[ENTERING_COUNT]] = unit
                        control[ENTERING_COUNT] += 1
    for row in range(control[ENTERING_COUNT]):
        memory.is_doubtful[memory.entering[row]] = False


@kernel("void(Problem, Plan, Memory)")
def drop_redundant(problem: Problem, plan: Plan, memory: Memory) -> None:
    """Drop the stops that nobody needs any more, the dearest first."""
    if len(problem.home) == 0:
        return
    _list_doubtful(problem, plan, memory)
    goes = 0
    while goes >= 0:
        goes, most = -1, 0
        for row in range(memory.control[ENTERING_COUNT]):
            saved = _saving(problem, plan, memory.entering[row])
            if saved > most:
                goes, most = memory.entering[row], saved
        if goes >= 0:
            take_out(problem, plan, memory, goes)
            close_gaps(problem, plan, memory)
