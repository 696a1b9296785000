"""Whether a route whose order is given keeps its rules."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msap_mobility.compiled import kernel
from msap_mobility.optimise.routing.native.arrays.plan import DURATION, FAR, LENGTH, RIDES
from msap_mobility.optimise.routing.native.arrays.problem import (
    END,
    FARTHEST,
    LATEST_END,
    LONGEST,
    NEVER,
    PROFILE,
    TIMED,
)
from msap_mobility.optimise.routing.native.lasting import lasts

if TYPE_CHECKING:
    from msap_mobility.optimise.routing.native.arrays.memory import Memory
    from msap_mobility.optimise.routing.native.arrays.plan import Plan
    from msap_mobility.optimise.routing.native.arrays.problem import Problem

__all__ = ["is_possible"]


@kernel("boolean(Problem, Plan, Memory, int64)")
def is_possible(problem: Problem, plan: Plan, memory: Memory, slot: int) -> bool:
    """Whether a route keeps its rules of time and distance.

    It may not after tasks have left where a detour is shorter than the direct way.
    """
    vehicle, route = problem.vehicle[problem.type_of[slot]], plan.route[slot]
    count = route[LENGTH]
    last = problem.time[vehicle[PROFILE], plan.place[slot, count], vehicle[END]]
    if plan.leave[slot, count] + last > vehicle[LATEST_END] or route[FAR] > vehicle[FARTHEST]:
        return False
    if vehicle[TIMED] and route[DURATION] > vehicle[LONGEST]:
        return False
    if route[RIDES] > 0 and not vehicle[TIMED]:
        for position in range(1, count + 1):
            memory.draft[position] = plan.sequence[slot, position]
        duration = lasts(problem, memory, vehicle, count)
        return bool(duration < NEVER)
    return True
