"""The cheapest places for a pickup and its delivery in one route."""

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
from msap_mobility.optimise.routing.native.arrays.plan import DURATION, FAR, LENGTH, LOADINGS, RIDES
from msap_mobility.optimise.routing.native.arrays.problem import (
    CLASS,
    FARTHEST,
    FIRST,
    LATE,
    LONGEST,
    MOST_STOPS,
    NEVER,
    PLACE,
    PROFILE,
    RIDE,
    SECOND,
    SERVICE,
    TIMED,
)
from msap_mobility.optimise.routing.native.labels import opening_cost, time_cost
from msap_mobility.optimise.routing.native.lasting import lasts
from msap_mobility.optimise.routing.native.windows import opens

if TYPE_CHECKING:
    from msap_mobility.optimise.routing.native.arrays.memory import Memory
    from msap_mobility.optimise.routing.native.arrays.plan import Plan
    from msap_mobility.optimise.routing.native.arrays.problem import Problem

__all__ = ["offer_pair"]


@kernel("boolean(Problem, Plan, int64, int64, int64)")
def _fits_aboard(problem: Problem, plan: Plan, slot: int, pickup: int, position: int) -> bool:
    """Whether what is picked up fits beside what is aboard after `position`."""
    load, aboard = problem.load[pickup], plan.aboard[slot, position, 0]
    capacity = problem.capacity[problem.type_of[slot]]
    for dimension in range(len(load)):
        if load[dimension] > 0 and aboard[dimension] + load[dimension] > capacity[dimension]:
            return False
    return True


@kernel("int64(Problem, Plan, Memory, int64, int64, int64, int64, int64)")
def _lasts(
    problem: Problem,
    plan: Plan,
    memory: Memory,
    slot: int,
    pickup: int,
    delivery: int,
    first: int,
    second: int,
) -> int:
    """Shortest duration with the pickup after position `first`, the delivery after `second`."""
    sequence, draft = plan.sequence[slot], memory.draft
    count = plan.route[slot, LENGTH]
    for position in range(1, first + 1):
        draft[position] = sequence[position]
    draft[first + 1] = pickup
    for position in range(first + 1, second + 1):
        draft[position + 1] = sequence[position]
    draft[second + 2] = delivery
    for position in range(second + 1, count + 1):
        draft[position + 2] = sequence[position]
    vehicle = problem.vehicle[problem.type_of[slot]]
    duration = lasts(problem, memory, vehicle, count + 2)
    return int(duration)


@kernel("int64(Problem, Plan, Memory, int64, int64)")
def _price_deliveries(problem: Problem, plan: Plan, memory: Memory, slot: int, place: int) -> int:
    """What a delivery alone adds at each position, and the least of that from each on."""
    vehicle = problem.vehicle[problem.type_of[slot]]
    outward, inward = problem.cost[vehicle[CLASS], place], problem.cost_to[vehicle[CLASS], place]
    places, edge, added = plan.place[slot], plan.edge[slot], memory.added
    least = NEVER
    for position in range(plan.route[slot, LENGTH], -1, -1):
        alone = inward[places[position]] + outward[places[position + 1]] - edge[position]
        least = min(least, alone)
        added[0, position], added[1, position] = alone, least
    return int(least)


@kernel("void(Problem, Plan, Memory, int64, int64, int64, int64, int64, int64)")
def _try(
    problem: Problem,
    plan: Plan,
    memory: Memory,
    slot: int,
    request: int,
    first: int,
    second: int,
    added: int,
    worth: int,
) -> None:
    """Make an offer of two positions that windows and loads allow, if it is possible at all."""
    route, vehicle = plan.route[slot], problem.vehicle[problem.type_of[slot]]
    pickup, delivery = problem.request[request, FIRST], problem.request[request, SECOND]
    offer, timed = memory.offer, vehicle[TIMED] > 0
    if draw(memory.dice, 10_000) < memory.control[BLINK]:
        return
    if timed or route[RIDES] > 0 or problem.node[delivery, RIDE] < NEVER:
        duration = _lasts(problem, plan, memory, slot, pickup, delivery, first, second)
        if duration > vehicle[LONGEST]:
            return
        if timed:
            added += time_cost(vehicle, duration)
            if route[LENGTH] > 0:
                added -= time_cost(vehicle, route[DURATION])
    if added - worth < offer[ADDED]:
        offer[ADDED], offer[SLOT], offer[POSITION] = added - worth, slot, first
        offer[SECOND_POSITION], offer[CHOSEN], offer[RELOADS] = second, request, 0


@kernel("int64(Problem, Plan, int64, int64, int64, int64)")
def _distance(
    problem: Problem, plan: Plan, slot: int, request: int, first: int, second: int
) -> int:
    """How far a route goes with the pickup after `first` and the delivery after `second`."""
    far = problem.distance[problem.vehicle[problem.type_of[slot], PROFILE]]
    place, total = plan.place[slot], plan.route[slot, FAR]
    pickup = problem.node[problem.request[request, FIRST], PLACE]
    delivery = problem.node[problem.request[request, SECOND], PLACE]
    after = place[second + 1]
    if first == second:
        detour = far[place[first], pickup] + far[pickup, delivery] + far[delivery, after]
        return int(total + detour - far[place[first], after])
    total += far[place[first], pickup] + far[pickup, place[first + 1]]
    total -= far[place[first], place[first + 1]]
    detour = far[place[second], delivery] + far[delivery, after]
    return int(total + detour - far[place[second], after])


@kernel("boolean(Problem, Plan, int64, int64, int64, int64, int64, int64)")
def _may_deliver(
    problem: Problem,
    plan: Plan,
    slot: int,
    delivery: int,
    second: int,
    before: int,
    moment: int,
    moving: int,
) -> bool:
    """Whether windows and the ride allow the delivery after `second`.

    The vehicle leaves `before` at `moment`, and has moved and served for `moving` seconds since the
    pickup.
    """
    node = problem.node[delivery]
    time = problem.time[problem.vehicle[problem.type_of[slot], PROFILE]]
    there, after = node[PLACE], plan.place[slot, second + 1]
    if moving + time[before, there] > node[RIDE]:
        return False
    begin = opens(node, problem.window, moment + time[before, there])
    return bool(begin + node[SERVICE] + time[there, after] <= plan.latest[slot, second + 1])


@kernel("int64(Problem, Plan, int64, int64, int64)")
def _direct(problem: Problem, plan: Plan, slot: int, request: int, first: int) -> int:
    """What driving to a pickup after `first` and the delivery right after it costs."""
    vehicle, place = problem.vehicle[problem.type_of[slot]], plan.place[slot]
    cost = problem.cost[vehicle[CLASS]]
    pickup = problem.node[problem.request[request, FIRST], PLACE]
    delivery = problem.node[problem.request[request, SECOND], PLACE]
    there = cost[place[first], pickup] + cost[pickup, delivery]
    return int(there + cost[delivery, place[first + 1]] - plan.edge[slot, first])


@kernel("void(Problem, Plan, Memory, int64, int64, int64, int64, int64)")
def _deliver(
    problem: Problem,
    plan: Plan,
    memory: Memory,
    slot: int,
    request: int,
    first: int,
    alone: int,
    worth: int,
) -> None:
    """With the pickup after `first`, which costs `alone`: drive on and deliver where it is best."""
    vehicle = problem.vehicle[problem.type_of[slot]]
    pickup, delivery = problem.request[request, FIRST], problem.request[request, SECOND]
    node, window, offer = problem.node, problem.window, memory.offer
    time, place, limit = problem.time[vehicle[PROFILE]], plan.place[slot], vehicle[FARTHEST]
    before = node[pickup, PLACE]
    moment = plan.leave[slot, first] + time[place[first], before]
    moment = opens(node[pickup], window, moment) + node[pickup, SERVICE]
    moving, total = 0, _direct(problem, plan, slot, request, first)
    for second in range(first, plan.route[slot, LENGTH] + 1):
        if second > first:  # drive on to the next task, the load still aboard
            if plan.sequence[slot, second] >= len(problem.near):
                return
            if alone + memory.added[1, second] - worth >= offer[ADDED]:
                return
            total = alone + memory.added[0, second]
            task = node[plan.sequence[slot, second]]
            drive = time[before, place[second]]
            begin = opens(task, window, moment + drive)
            moving += drive
            if begin > plan.latest[slot, second] or moving > node[delivery, RIDE]:
                return
            if not _fits_aboard(problem, plan, slot, pickup, second):
                return
            moment, before = begin + task[SERVICE], place[second]
            moving += task[SERVICE]
        if total - worth >= offer[ADDED]:
            continue
        if not _may_deliver(problem, plan, slot, delivery, second, before, moment, moving):
            continue
        if limit == NEVER or _distance(problem, plan, slot, request, first, second) <= limit:
            _try(problem, plan, memory, slot, request, first, second, total, worth)


@kernel("void(Problem, Plan, Memory, int64, int64, int64)")
def offer_pair(
    problem: Problem, plan: Plan, memory: Memory, slot: int, request: int, worth: int
) -> None:
    """Better the offer in memory by the best two positions for a pair in one slot.

    Parameters
    ----------
    problem, plan, memory
        ``offer[ADDED]`` is what must be bettered.
    slot
        A route, or a vehicle that is not used yet.
    request
        A pair.
    worth
        Taken off the cost.
    """
    kind = problem.type_of[slot]
    vehicle, node = problem.vehicle[kind], problem.node
    pickup, delivery = problem.request[request, FIRST], problem.request[request, SECOND]
    here, there = node[pickup, PLACE], node[delivery, PLACE]
    outward, inward = problem.cost[vehicle[CLASS], here], problem.cost_to[vehicle[CLASS], here]
    time = problem.time[vehicle[PROFILE]]
    place, edge, offer = plan.place[slot], plan.edge[slot], memory.offer
    leave, count = plan.leave[slot], plan.route[slot, LENGTH]
    if count - plan.route[slot, LOADINGS] + 1 >= vehicle[MOST_STOPS]:
        return
    fixed = opening_cost(problem, memory, problem.type_of[slot], pickup) if count == 0 else 0
    _price_deliveries(problem, plan, memory, slot, there)
    for first in range(count + 1):
        if leave[first] > node[pickup, LATE]:
            return
        before, after = place[first], place[first + 1]
        alone = inward[before] + outward[after] - edge[first]
        cheapest = _direct(problem, plan, slot, request, first) + fixed
        if first < count:
            cheapest = min(cheapest, alone + fixed + memory.added[1, first + 1])
        if cheapest - worth >= offer[ADDED]:
            continue
        begin = opens(node[pickup], problem.window, leave[first] + time[before, here])
        if begin >= NEVER or not _fits_aboard(problem, plan, slot, pickup, first):
            continue
        _deliver(problem, plan, memory, slot, request, first, alone, worth - fixed)
