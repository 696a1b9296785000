"""The cheapest place for a single visit with a loading before it, after it, or both.

That makes two trips of one: what is brought is then loaded on the way, what was collected is gone,
and nobody waits any more for a release of the other trip.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msap_mobility.compiled import kernel
from msap_mobility.optimise.dice import draw
from msap_mobility.optimise.routing.native.arrays.memory import (
    ADDED,
    BLINK,
    CHOSEN,
    LOADED_AFTER,
    LOADED_BEFORE,
    POSITION,
    RELOADS,
    SECOND_POSITION,
    SLOT,
)
from msap_mobility.optimise.routing.native.arrays.plan import (
    DURATION,
    FAR,
    LENGTH,
    LOADINGS,
    OPEN,
    PICKED,
    RELEASED,
    RIDES,
    TO_RELEASE,
)
from msap_mobility.optimise.routing.native.arrays.problem import (
    CLASS,
    COLD,
    FARTHEST,
    FIRST,
    LOADING,
    LONGEST,
    MOST_LOADINGS,
    MOST_STOPS,
    NEVER,
    PLACE,
    PROFILE,
    RELEASE,
    SERVICE,
    TIMED,
)
from msap_mobility.optimise.routing.native.labels import opening_cost, time_cost
from msap_mobility.optimise.routing.native.lasting import lasts
from msap_mobility.optimise.routing.native.trips import leaves
from msap_mobility.optimise.routing.native.windows import opens

if TYPE_CHECKING:
    from msap_mobility.optimise.arrays import Int64
    from msap_mobility.optimise.routing.native.arrays.memory import Memory
    from msap_mobility.optimise.routing.native.arrays.plan import Plan
    from msap_mobility.optimise.routing.native.arrays.problem import Problem

__all__ = ["offer_visit_loaded"]

_BOTH = LOADED_BEFORE + LOADED_AFTER


@kernel("boolean(Problem, Plan, int64, int64, int64, int64)")
def _fits_aboard(
    problem: Problem, plan: Plan, slot: int, task: int, position: int, reloads: int
) -> bool:
    """Whether two trips made after `position` have room for what they hold and for the visit."""
    load, capacity = problem.load[task], problem.capacity[problem.type_of[slot]]
    aboard, trip = plan.aboard[slot, position], plan.trip[slot, position]
    for dimension in range(len(load)):
        more, most = load[dimension], capacity[dimension]
        picked = trip[PICKED + dimension]
        brought = aboard[0, dimension] - picked
        if reloads == _BOTH:
            peak = abs(more)
        elif reloads == LOADED_BEFORE:
            peak = brought - more if more < 0 else aboard[2, dimension] - picked + more
        else:
            peak = aboard[1, dimension] - brought - more if more < 0 else picked + more
        if more != 0 and peak > most:
            return False
    return True


@kernel("int64(int64[:,::1], int64, int64, int64, int64, int64)")
def _way(matrix: Int64, before: int, here: int, after: int, again: int, reloads: int) -> int:
    """From `before` to `after` over the visit and its loadings, by any matrix."""
    there, back = matrix[before, here], matrix[here, after]
    if reloads & LOADED_BEFORE:
        there = matrix[before, again] + matrix[again, here]
    if reloads & LOADED_AFTER:
        back = matrix[here, again] + matrix[again, after]
    return int(there + back)


@kernel("boolean(Problem, Plan, int64, int64, int64, int64)")
def _is_in_time(
    problem: Problem, plan: Plan, slot: int, task: int, position: int, reloads: int
) -> bool:
    """Whether windows and releases allow the visit after `position` with its loadings."""
    vehicle, node = problem.vehicle[problem.type_of[slot]], problem.node[task]
    time, loading = problem.time[vehicle[PROFILE]], problem.node[vehicle[LOADING]]
    label, place = plan.trip[slot, position], plan.place[slot]
    release, before, after = node[RELEASE], label[RELEASED], label[TO_RELEASE]
    if reloads == LOADED_AFTER:
        before = max(before, release)
    elif reloads == LOADED_BEFORE:
        release = max(release, after)
    moment, here = leaves(problem, plan, slot, position, before), place[position]
    if reloads & LOADED_BEFORE:
        moment += time[here, loading[PLACE]] + loading[SERVICE]
        moment, here = max(moment, release), loading[PLACE]
    moment = opens(node, problem.window, moment + time[here, node[PLACE]]) + node[SERVICE]
    here = node[PLACE]
    if reloads & LOADED_AFTER:
        moment += time[here, loading[PLACE]] + loading[SERVICE]
        moment, here = max(moment, after), loading[PLACE]
    return bool(moment + time[here, place[position + 1]] <= plan.latest[slot, position + 1])


@kernel("boolean(Problem, Plan, int64, int64, int64, int64)")
def _is_too_far(
    problem: Problem, plan: Plan, slot: int, task: int, position: int, reloads: int
) -> bool:
    """Whether the route gets longer than its vehicle may drive."""
    vehicle, place = problem.vehicle[problem.type_of[slot]], plan.place[slot]
    if vehicle[FARTHEST] == NEVER:
        return False
    far = problem.distance[vehicle[PROFILE]]
    before, after = place[position], place[position + 1]
    here, again = problem.node[task, PLACE], problem.node[vehicle[LOADING], PLACE]
    length = _way(far, before, here, after, again, reloads) - far[before, after]
    return bool(plan.route[slot, FAR] + length > vehicle[FARTHEST])


@kernel("int64(Problem, Plan, Memory, int64, int64, int64, int64)")
def _time_added(
    problem: Problem,
    plan: Plan,
    memory: Memory,
    slot: int,
    task: int,
    position: int,
    reloads: int,
) -> int:
    """What the visit and its loadings add to the cost of time; `NEVER` if they cannot be."""
    vehicle, route = problem.vehicle[problem.type_of[slot]], plan.route[slot]
    if not vehicle[TIMED] and route[RIDES] == 0 and problem.node[task, COLD] == NEVER:
        return 0
    draft, sequence, count = memory.draft, plan.sequence[slot], 0
    for before in range(1, position + 1):
        count += 1
        draft[count] = sequence[before]
    if reloads & LOADED_BEFORE:
        count += 1
        draft[count] = vehicle[LOADING]
    count += 1
    draft[count] = task
    if reloads & LOADED_AFTER:
        count += 1
        draft[count] = vehicle[LOADING]
    for after in range(position + 1, route[LENGTH] + 1):
        count += 1
        draft[count] = sequence[after]
    duration = lasts(problem, memory, vehicle, count)
    if duration > vehicle[LONGEST]:
        return NEVER
    if not vehicle[TIMED]:
        return 0
    held = time_cost(vehicle, route[DURATION]) if route[LENGTH] > 0 else 0
    return int(time_cost(vehicle, duration) - held)


@kernel("void(Problem, Plan, Memory, int64, int64, int64, int64, int64)")
def _offer_after(
    problem: Problem,
    plan: Plan,
    memory: Memory,
    slot: int,
    request: int,
    position: int,
    reloads: int,
    worth: int,
) -> None:
    """Better the offer by a place after `position` with its loadings."""
    kind, task, offer = problem.type_of[slot], problem.request[request, FIRST], memory.offer
    vehicle, place = problem.vehicle[kind], plan.place[slot]
    here, again = problem.node[task, PLACE], problem.node[vehicle[LOADING], PLACE]
    cost = problem.cost[vehicle[CLASS]]
    added = _way(cost, place[position], here, place[position + 1], again, reloads)
    added -= plan.edge[slot, position] + worth
    if plan.route[slot, LENGTH] == 0:
        added += opening_cost(problem, memory, kind, task)
    if added >= offer[ADDED]:
        return
    if not _fits_aboard(problem, plan, slot, task, position, reloads):
        return
    if not _is_in_time(problem, plan, slot, task, position, reloads):
        return
    if _is_too_far(problem, plan, slot, task, position, reloads):
        return
    if draw(memory.dice, 10_000) < memory.control[BLINK]:
        return
    timed = _time_added(problem, plan, memory, slot, task, position, reloads)
    added += timed
    if timed < NEVER and added < offer[ADDED]:
        offer[ADDED], offer[SLOT], offer[POSITION] = added, slot, position
        offer[SECOND_POSITION], offer[CHOSEN], offer[RELOADS] = -1, request, reloads


@kernel("void(Problem, Plan, Memory, int64, int64, int64)")
def offer_visit_loaded(
    problem: Problem, plan: Plan, memory: Memory, slot: int, request: int, worth: int
) -> None:
    """Better the offer in memory by the best position for a visit with loadings in one slot.

    Parameters
    ----------
    problem, plan, memory, slot, request, worth
        As of `offer_visit`, which is asked first.

    Notes
    -----
    A trip without tasks is made of no other; only a first trip may be empty, where the vehicle
    does not start at the place where it loads.
    """
    vehicle, route = problem.vehicle[problem.type_of[slot]], plan.route[slot]
    more, count = vehicle[MOST_LOADINGS] - route[LOADINGS], route[LENGTH]
    if more <= 0 or count - route[LOADINGS] >= vehicle[MOST_STOPS]:
        return
    place, sequence, tasks = plan.place[slot], plan.sequence[slot], len(problem.near)
    again = problem.node[vehicle[LOADING], PLACE]
    for position in range(count + 1):
        if plan.trip[slot, position, OPEN] > 0:
            continue
        begins = position == 0 or sequence[position] >= tasks
        ends = position == count or sequence[position + 1] >= tasks
        if not begins or place[position] != again:
            _offer_after(problem, plan, memory, slot, request, position, LOADED_BEFORE, worth)
        if not ends:
            _offer_after(problem, plan, memory, slot, request, position, LOADED_AFTER, worth)
        if more > 1 and not begins and not ends:
            _offer_after(problem, plan, memory, slot, request, position, _BOTH, worth)
