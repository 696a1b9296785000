"""Fewer vehicles: a route is given up, and who was aboard must find room in the others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msap_mobility.compiled import kernel
from msap_mobility.optimise.routing.native.arrays import (
    LENGTH,
    NEVER,
    OWNER,
    ROUTE_LIMIT,
    USED,
)
from msap_mobility.optimise.routing.native.keep import (
    copy_changes,
    forget_changes,
    list_absent,
    restart,
)
from msap_mobility.optimise.routing.native.moves import close_up, take_out

if TYPE_CHECKING:
    from msap_mobility.optimise.routing.native.arrays import Memory, Plan, Problem

__all__ = ["give_up_route"]


@kernel("void(Problem, Plan, Plan, Plan, Memory)")
def give_up_route(problem: Problem, plan: Plan, accepted: Plan, best: Plan, memory: Memory) -> None:
    """Go on from the best plan without the route that is easiest to do without.

    That is the one whose units were left out least often so far (absence counters, Christiaens &
    Vanden Berghe 2020). No more routes than the rest may be used from now on.
    """
    restart(plan, accepted, best, memory)
    easiest, least = -1, NEVER
    for slot in range(len(plan.route)):
        count = plan.route[slot, LENGTH]
        stubborn = 0
        for position in range(1, count + 1):
            stubborn += memory.absence[problem.node[plan.sequence[slot, position], OWNER]]
        if count > 0 and stubborn < least:
            easiest, least = slot, stubborn
    if easiest < 0:
        return
    for position in range(1, plan.route[easiest, LENGTH] + 1):
        task = plan.sequence[easiest, position]
        if plan.where[task, 0] >= 0:
            take_out(problem, plan, memory, problem.node[task, OWNER])
    close_up(problem, plan, memory, easiest)
    memory.control[ROUTE_LIMIT] = plan.total[USED]
    copy_changes(plan, accepted, memory)
    list_absent(accepted, memory)
    forget_changes(memory)
