"""The cheapest place for a single visit: cost first, then whether it is possible."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msap_mobility.compiled import kernel
from msap_mobility.optimise.dice import draw
from msap_mobility.optimise.routing.native.arrays.memory import (
    ADDED,
    BLINK,
    CHOSEN,
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
    RELEASED,
    RIDES,
    TO_RELEASE,
)
from msap_mobility.optimise.routing.native.arrays.problem import (
    CLASS,
    COLD,
    EARLY,
    FARTHEST,
    FIRST,
    LATE,
    LONGEST,
    MOST_STOPS,
    NEVER,
    PLACE,
    PROFILE,
    RATE,
    RELEASE,
    SERVICE,
    TIMED,
    WINDOWS,
)
from msap_mobility.optimise.routing.native.labels import (
    joined,
    needs_schedule,
    opening_cost,
    time_cost,
)
from msap_mobility.optimise.routing.native.lasting import lasts
from msap_mobility.optimise.routing.native.trips import leaves
from msap_mobility.optimise.routing.native.windows import opens

if TYPE_CHECKING:
    from msap_mobility.optimise.routing.native.arrays.memory import Memory
    from msap_mobility.optimise.routing.native.arrays.plan import Plan
    from msap_mobility.optimise.routing.native.arrays.problem import Problem

__all__ = ["offer_visit"]

_NOWHERE, _ANYWHERE, _DEPENDS = range(3)
"""Where in a route there is room aboard for a visit."""


@kernel("int64(Problem, Plan, int64, int64)")
def _room(problem: Problem, plan: Plan, slot: int, task: int) -> int:
    """Whether a visit fits aboard somewhere in a route."""
    load, aboard = problem.load[task], plan.aboard[slot]
    capacity, count = problem.capacity[problem.type_of[slot]], plan.route[slot, LENGTH]
    if plan.route[slot, LOADINGS] > 0:
        return _DEPENDS
    answer = _ANYWHERE
    for dimension in range(len(load)):
        more, most = load[dimension], capacity[dimension]
        if more < 0:
            if aboard[0, 0, dimension] - more > most:
                return _NOWHERE
            if aboard[count, 1, dimension] - more > most:
                answer = _DEPENDS
        elif more > 0:
            if aboard[count, 0, dimension] + more > most:
                return _NOWHERE
            if aboard[0, 2, dimension] + more > most:
                answer = _DEPENDS
    return answer


@kernel("boolean(Problem, Plan, int64, int64, int64)")
def _fits_aboard(problem: Problem, plan: Plan, slot: int, task: int, position: int) -> bool:
    """Whether there is room for a visit after `position`."""
    load, aboard = problem.load[task], plan.aboard[slot]
    capacity = problem.capacity[problem.type_of[slot]]
    for dimension in range(len(load)):
        more = load[dimension]
        peak = aboard[position, 1, dimension] if more < 0 else aboard[position, 2, dimension]
        if more != 0 and peak + abs(more) > capacity[dimension]:
            return False
    return True


@kernel("int64(Problem, Plan, Memory, int64, int64, int64)")
def _lasts(
    problem: Problem, plan: Plan, memory: Memory, slot: int, task: int, position: int
) -> int:
    """Shortest duration of a route with a visit after `position`, or `NEVER`."""
    vehicle, node = problem.vehicle[problem.type_of[slot]], problem.node[task]
    alone = node[WINDOWS] > 1 or node[RELEASE] > 0 or node[COLD] < NEVER
    if alone or needs_schedule(plan, slot, vehicle[TIMED] > 0):
        count, draft = plan.route[slot, LENGTH], memory.draft
        for before in range(1, position + 1):
            draft[before] = plan.sequence[slot, before]
        draft[position + 1] = task
        for after in range(position + 1, count + 1):
            draft[after + 1] = plan.sequence[slot, after]
        duration = lasts(problem, memory, vehicle, count + 1)
        return int(duration)
    time, span = problem.time[vehicle[PROFILE]], plan.span[slot]
    here, there = plan.place[slot, position], plan.place[slot, position + 1]
    length, first, last = joined(
        span[position, 0],
        span[position, 1],
        span[position, 2],
        time[here, node[PLACE]],
        node[SERVICE],
        node[EARLY],
        node[LATE],
    )
    if length >= NEVER:
        return NEVER
    length, _, _ = joined(
        length,
        first,
        last,
        time[node[PLACE], there],
        span[position + 1, 3],
        span[position + 1, 4],
        span[position + 1, 5],
    )
    return int(length)


@kernel("boolean(Problem, Plan, int64, int64, int64)")
def _fits(problem: Problem, plan: Plan, slot: int, task: int, position: int) -> bool:
    """Whether windows and the longest distance allow a visit after `position`."""
    node, vehicle = problem.node[task], problem.vehicle[problem.type_of[slot]]
    time, far = problem.time[vehicle[PROFILE]], problem.distance[vehicle[PROFILE]]
    before, after = plan.place[slot, position], plan.place[slot, position + 1]
    here = node[PLACE]
    moment = plan.leave[slot, position]
    if node[RELEASE] > 0:
        label = plan.trip[slot, position]
        release = max(node[RELEASE], label[RELEASED], label[TO_RELEASE])
        moment = leaves(problem, plan, slot, position, release)
    begin = opens(node, problem.window, moment + time[before, here])
    if begin + node[SERVICE] + time[here, after] > plan.latest[slot, position + 1]:
        return False
    if vehicle[FARTHEST] == NEVER:
        return True
    detour = far[before, here] + far[here, after] - far[before, after]
    return bool(plan.route[slot, FAR] + detour <= vehicle[FARTHEST])


@kernel("int64(Problem, Plan, Memory, int64, int64, int64)")
def _time_added(
    problem: Problem, plan: Plan, memory: Memory, slot: int, task: int, position: int
) -> int:
    """What a visit after `position` adds to the cost of time; `NEVER` if it cannot be."""
    vehicle, route = problem.vehicle[problem.type_of[slot]], plan.route[slot]
    if not vehicle[TIMED] and route[RIDES] == 0 and problem.node[task, COLD] == NEVER:
        return 0
    duration = _lasts(problem, plan, memory, slot, task, position)
    if duration > vehicle[LONGEST]:
        return NEVER
    if not vehicle[TIMED]:
        return 0
    before = time_cost(vehicle, route[DURATION]) if route[LENGTH] > 0 else 0
    return int(time_cost(vehicle, duration) - before)


@kernel("int64(Problem, Plan, int64)")
def _ceiling(problem: Problem, plan: Plan, slot: int) -> int:
    """No more may be added to the cost of driving, or the route gets too long."""
    vehicle, route = problem.vehicle[problem.type_of[slot]], plan.route[slot]
    if vehicle[FARTHEST] == NEVER or vehicle[RATE] == 0:
        return NEVER
    driven = route[FAR] if route[LENGTH] > 0 else 0
    return int((vehicle[FARTHEST] - driven) * vehicle[RATE])


@kernel("void(Problem, Plan, Memory, int64, int64, int64)")
def offer_visit(
    problem: Problem, plan: Plan, memory: Memory, slot: int, request: int, worth: int
) -> None:
    """Better the offer in memory by the best position for a single visit in one slot.

    Parameters
    ----------
    problem, plan, memory
        ``offer[ADDED]`` is what must be bettered.
    slot
        A route, or a vehicle that is not used yet.
    request
        A single visit.
    worth
        Taken off the cost.

    Notes
    -----
    Only positions that are cheaper than the best so far are looked at, and of these one in a
    hundred is overlooked (a blink).
    """
    task, offer = problem.request[request, FIRST], memory.offer
    vehicle, here = problem.vehicle[problem.type_of[slot]], problem.node[task, PLACE]
    count, late = plan.route[slot, LENGTH], problem.node[task, LATE]
    is_full = count - plan.route[slot, LOADINGS] >= vehicle[MOST_STOPS]
    room = _NOWHERE if is_full else _room(problem, plan, slot, task)
    if room == _NOWHERE:
        return
    outward, inward = problem.cost[vehicle[CLASS], here], problem.cost_to[vehicle[CLASS], here]
    place, edge, leave = plan.place[slot], plan.edge[slot], plan.leave[slot]
    fixed = opening_cost(problem, memory, problem.type_of[slot], task) if count == 0 else 0
    best, ceiling = offer[ADDED] + worth, _ceiling(problem, plan, slot)
    for position in range(count + 1):
        driven = inward[place[position]] + outward[place[position + 1]] - edge[position]
        if driven + fixed >= best or driven > ceiling:
            continue
        if leave[position] > late:
            return
        if not _fits(problem, plan, slot, task, position):
            continue
        if room == _DEPENDS and not _fits_aboard(problem, plan, slot, task, position):
            continue
        if draw(memory.dice, 10_000) < memory.control[BLINK]:
            continue
        timed = _time_added(problem, plan, memory, slot, task, position)
        added = driven + fixed + timed
        if timed < NEVER and added < best:
            best = added
            offer[ADDED], offer[SLOT], offer[POSITION] = added - worth, slot, position
            offer[SECOND_POSITION], offer[CHOSEN], offer[RELOADS] = -1, request, 0
