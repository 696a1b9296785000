"""Where a request costs least: routes that pass near it first, the others only if none takes it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msap_mobility.compiled import kernel
from msap_mobility.optimise.routing.native.arrays.memory import NEARBY_COUNT, ROUTE_LIMIT, SLOT
from msap_mobility.optimise.routing.native.arrays.plan import LENGTH, USED
from msap_mobility.optimise.routing.native.arrays.problem import (
    FIRST,
    LOADING,
    SECOND,
    SLOT_END,
    SLOT_FROM,
)
from msap_mobility.optimise.routing.native.pair import offer_pair
from msap_mobility.optimise.routing.native.visit import offer_visit
from msap_mobility.optimise.routing.native.visit_loaded import offer_visit_loaded

if TYPE_CHECKING:
    from msap_mobility.optimise.routing.native.arrays.memory import Memory
    from msap_mobility.optimise.routing.native.arrays.plan import Plan
    from msap_mobility.optimise.routing.native.arrays.problem import Problem

__all__ = ["hold_offer", "offer_request", "take_up_offer"]

_NEARBY = 40
"""A route is near if it serves one of so many nearest tasks of the day."""


@kernel("void(Problem, Plan, Memory, int64)")
def _list_nearby(problem: Problem, plan: Plan, memory: Memory, task: int) -> None:
    """Add the routes near a task to the list, the nearest first."""
    beside, where = problem.beside, plan.where
    for rank in range(min(_NEARBY, beside.shape[1])):
        slot = where[beside[task, rank], 0]
        if slot >= 0 and not memory.is_nearby[slot]:
            memory.is_nearby[slot] = True
            memory.nearby[memory.control[NEARBY_COUNT]] = slot
            memory.control[NEARBY_COUNT] += 1


@kernel("void(Problem, Plan, Memory, int64, int64, int64)")
def _offer_in(
    problem: Problem, plan: Plan, memory: Memory, slot: int, request: int, worth: int
) -> None:
    """Better the offer by the best place of one slot, if its vehicle takes the request."""
    vehicle = problem.vehicle[problem.type_of[slot]]
    if not problem.takes[request, problem.type_of[slot]]:
        return
    if problem.request[request, SECOND] >= 0:
        offer_pair(problem, plan, memory, slot, request, worth)
    else:
        offer_visit(problem, plan, memory, slot, request, worth)
        if vehicle[LOADING] >= 0:
            offer_visit_loaded(problem, plan, memory, slot, request, worth)


@kernel("void(Problem, Plan, Memory, int64, int64)")
def _offer_in_empty(problem: Problem, plan: Plan, memory: Memory, request: int, worth: int) -> None:
    """Better the offer by a vehicle that is not used yet: of each type the first."""
    for kind in range(len(problem.vehicle)):
        if not problem.takes[request, kind]:
            continue
        for slot in range(problem.vehicle[kind, SLOT_FROM], problem.vehicle[kind, SLOT_END]):
            if plan.route[slot, LENGTH] == 0:
                _offer_in(problem, plan, memory, slot, request, worth)
                break


@kernel("void(Problem, Plan, Memory, int64, int64)")
def _offer_afar(problem: Problem, plan: Plan, memory: Memory, request: int, worth: int) -> None:
    """Better the offer by a route that is not near."""
    for kind in range(len(problem.vehicle)):
        if not problem.takes[request, kind]:
            continue
        for slot in range(problem.vehicle[kind, SLOT_FROM], memory.high[kind]):
            if plan.route[slot, LENGTH] > 0 and not memory.is_nearby[slot]:
                _offer_in(problem, plan, memory, slot, request, worth)


@kernel("void(Problem, Plan, Memory, int64, int64)")
def offer_request(problem: Problem, plan: Plan, memory: Memory, request: int, worth: int) -> None:
    """Better the offer in memory if a place for a request costs less.

    Parameters
    ----------
    problem, plan, memory
        ``offer[ADDED]`` is what must be bettered.
    request
        A single visit or a pair.
    worth
        Taken off the cost: what it gains beyond the dearest alternative, 0 or less, and the homes
        it newly covers.
    """
    control = memory.control
    control[NEARBY_COUNT] = 0
    _list_nearby(problem, plan, memory, problem.request[request, FIRST])
    if problem.request[request, SECOND] >= 0:
        _list_nearby(problem, plan, memory, problem.request[request, SECOND])
    for row in range(control[NEARBY_COUNT]):
        _offer_in(problem, plan, memory, memory.nearby[row], request, worth)
    if plan.total[USED] < control[ROUTE_LIMIT]:
        _offer_in_empty(problem, plan, memory, request, worth)
    if memory.offer[SLOT] < 0:
        _offer_afar(problem, plan, memory, request, worth)
    for row in range(control[NEARBY_COUNT]):
        memory.is_nearby[memory.nearby[row]] = False


@kernel("void(Memory, int64)")
def hold_offer(memory: Memory, row: int) -> None:
    """Hold the offer in memory while others are looked for."""
    for column in range(len(memory.offer)):
        memory.held[row, column] = memory.offer[column]


@kernel("void(Memory, int64)")
def take_up_offer(memory: Memory, row: int) -> None:
    """Go back to an offer that was held."""
    for column in range(len(memory.offer)):
        memory.offer[column] = memory.held[row, column]
