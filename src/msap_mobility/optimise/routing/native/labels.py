"""What is known of each route, brought up to date whenever it changes.

Earliest leaving and latest beginning answer in constant time whether a task fits its windows; the
load labels, whether it fits aboard; the spans, how long the route then lasts (segments that are
concatenated, Vidal et al. 2013, doi 10.1016/j.cor.2012.07.018). Rides and several windows together
with a limited shift need the whole `schedule`; of those the labels tell what cannot be.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msap_mobility.compiled import kernel
from msap_mobility.optimise.routing.native.arrays.memory import FAVOURED, SHARE, STAMPS
from msap_mobility.optimise.routing.native.arrays.plan import (
    CHOICES,
    DRIVEN,
    DURATION,
    FAR,
    LENGTH,
    LOADINGS,
    RIDES,
    ROUTES_COST,
    STAMP,
    USED,
)
from msap_mobility.optimise.routing.native.arrays.problem import (
    BALANCE,
    BREAKS,
    BREAKS_END,
    CLASS,
    COLD,
    EARLIEST,
    EARLY,
    END,
    FIXED,
    LATE,
    LATEST_END,
    NEVER,
    PARTNER,
    PER_OVERTIME,
    PER_S,
    PLACE,
    PROFILE,
    RELEASE,
    RIDE,
    SERVICE,
    SHIFT,
    START,
    TIMED,
    TRIPS,
    WINDOWS,
)
from msap_mobility.optimise.routing.native.lasting import lasts
from msap_mobility.optimise.routing.native.trips import label_trips
from msap_mobility.optimise.routing.native.windows import closes, opens

if TYPE_CHECKING:
    from msap_mobility.optimise.arrays import Int64
    from msap_mobility.optimise.routing.native.arrays.memory import Memory
    from msap_mobility.optimise.routing.native.arrays.plan import Plan
    from msap_mobility.optimise.routing.native.arrays.problem import Problem

__all__ = ["joined", "needs_schedule", "opening_cost", "refresh", "route_cost", "time_cost"]

_SQUARE_HOUR = 3600 * 3600


@kernel("int64(int64[::1], int64)")
def time_cost(vehicle: Int64, duration: int) -> int:
    """What the length of a route costs: by the second, beyond the shift, and for balance."""
    overtime = max(0, duration - vehicle[SHIFT])
    paid = vehicle[PER_S] * duration + vehicle[PER_OVERTIME] * overtime
    return int(paid + vehicle[BALANCE] * duration * duration // _SQUARE_HOUR)


@kernel("int64(Problem, Plan, int64)")
def route_cost(problem: Problem, plan: Plan, slot: int) -> int:
    """What a route costs; nothing if it is empty."""
    route, vehicle = plan.route[slot], problem.vehicle[problem.type_of[slot]]
    if route[LENGTH] == 0:
        return 0
    cost = vehicle[FIXED] + route[DRIVEN]
    if vehicle[TIMED]:
        cost += time_cost(vehicle, route[DURATION])
    return int(cost)


@kernel("int64(Problem, Memory, int64, int64)")
def opening_cost(problem: Problem, memory: Memory, kind: int, task: int) -> int:
    """What the first task of a route is charged for its vehicle.

    All of the fixed cost; of the type this iteration favours, at most the share of the capacity
    the task takes: else nobody would ever open a large one.
    """
    fixed = problem.vehicle[kind, FIXED]
    if fixed == 0 or memory.control[FAVOURED] != kind:
        return int(fixed)
    share = 0
    for dimension in range(problem.load.shape[1]):
        most = max(1, problem.capacity[kind, dimension])
        share = max(share, fixed * abs(problem.load[task, dimension]) // most)
    return int(share * memory.control[SHARE] // 100)


@kernel("UniTuple(int64, 3)(int64, int64, int64, int64, int64, int64, int64)")
def joined(
    length: int, first: int, last: int, drive: int, then: int, then_first: int, then_last: int
) -> tuple[int, int, int]:
    """Two spans with a drive between: shortest duration, first and last moment to begin it so.

    The duration is `NEVER` if the second cannot be begun in time.
    """
    lead = length + drive
    if first + lead > then_last:
        return NEVER, 0, 0
    wait = max(0, then_first - lead - last)
    earliest = max(then_first - lead, first) - wait
    return lead + then + wait, earliest, min(then_last - lead, last)


@kernel("boolean(Plan, int64, boolean)")
def needs_schedule(plan: Plan, slot: int, timed: bool) -> bool:
    """Whether labels alone do not tell that a route is possible, or how long it lasts."""
    route = plan.route[slot]
    return bool(route[RIDES] > 0 or (timed and route[CHOICES] > 0))


@kernel("void(Problem, Plan, int64)")
def _measure(problem: Problem, plan: Plan, slot: int) -> None:
    """Places, arcs and counts of a route, and where its tasks are."""
    vehicle = problem.vehicle[problem.type_of[slot]]
    node, sequence, place = problem.node, plan.sequence[slot], plan.place[slot]
    cost, far = problem.cost[vehicle[CLASS]], problem.distance[vehicle[PROFILE]]
    route, edge, where = plan.route[slot], plan.edge[slot], plan.where
    count, tasks = route[LENGTH], len(problem.near)
    driven, distance, choices, loadings = 0, 0, 0, 0
    rides = vehicle[BREAKS_END] - vehicle[BREAKS]
    place[0], place[count + 1] = vehicle[START], vehicle[END]
    for position in range(1, count + 1):
        task = sequence[position]
        place[position] = node[task, PLACE]
        if task < tasks:
            where[task, 0], where[task, 1] = slot, position
        else:
            loadings += 1
        rides += 1 if node[task, RIDE] < NEVER or node[task, COLD] < NEVER else 0
        choices += 1 if node[task, WINDOWS] > 1 or node[task, RELEASE] > 0 else 0
    for position in range(count + 1):
        edge[position] = cost[place[position], place[position + 1]]
        driven += edge[position]
        distance += far[place[position], place[position + 1]]
    if count == 0:  # nobody drives: the way to the end is not there to be saved
        edge[0] = 0
    route[DRIVEN], route[FAR], route[RIDES], route[CHOICES] = driven, distance, rides, choices
    route[LOADINGS] = loadings


@kernel("void(Problem, Plan, int64)")
def _time(problem: Problem, plan: Plan, slot: int) -> None:
    """Earliest leaving and latest beginning at each position."""
    vehicle = problem.vehicle[problem.type_of[slot]]
    node, window, time = problem.node, problem.window, problem.time[vehicle[PROFILE]]
    sequence, place = plan.sequence[slot], plan.place[slot]
    leave, latest = plan.leave[slot], plan.latest[slot]
    count = plan.route[slot, LENGTH]
    leave[0], latest[count + 1] = vehicle[EARLIEST], vehicle[LATEST_END]
    for position in range(1, count + 1):
        task = sequence[position]
        moment = leave[position - 1] + time[place[position - 1], place[position]]
        leave[position] = opens(node[task], window, moment) + node[task, SERVICE]
    for position in range(count, 0, -1):
        task = sequence[position]
        drive = time[place[position], place[position + 1]]
        limit = latest[position + 1] - drive - node[task, SERVICE]
        latest[position] = closes(node[task], window, limit)


@kernel("void(Problem, Plan, int64, int64, int64)")
def _weigh_trip(problem: Problem, plan: Plan, slot: int, first: int, last: int) -> None:
    """Loads: what leaves single visits is aboard from the loading, what they load to the end."""
    node, load, sequence = problem.node, problem.load, plan.sequence[slot]
    aboard = plan.aboard[slot]
    for dimension in range(load.shape[1]):
        carried = 0
        for position in range(first + 1, last + 1):
            task = sequence[position]
            if node[task, PARTNER] < 0 and load[task, dimension] < 0:
                carried -= load[task, dimension]
        aboard[first, 0, dimension] = aboard[first, 1, dimension] = carried
        for position in range(first + 1, last + 1):
            carried += load[sequence[position], dimension]
            aboard[position, 0, dimension] = carried
            aboard[position, 1, dimension] = max(aboard[position - 1, 1, dimension], carried)
        aboard[last, 2, dimension] = carried
        for position in range(last - 1, first - 1, -1):
            most = max(aboard[position + 1, 2, dimension], aboard[position, 0, dimension])
            aboard[position, 2, dimension] = most


@kernel("void(Problem, Plan, int64)")
def _weigh(problem: Problem, plan: Plan, slot: int) -> None:
    """Loads of each trip, one after the other."""
    sequence, count, tasks = plan.sequence[slot], plan.route[slot, LENGTH], len(problem.near)
    first = 0
    while first <= count:
        last = first
        while last < count and sequence[last + 1] < tasks:
            last += 1
        _weigh_trip(problem, plan, slot, first, last)
        first = last + 1


@kernel("void(Problem, Plan, int64)")
def _span(problem: Problem, plan: Plan, slot: int) -> None:
    """Spans up to and from each position, and with them the shortest duration of the route."""
    vehicle = problem.vehicle[problem.type_of[slot]]
    node, time = problem.node, problem.time[vehicle[PROFILE]]
    sequence, place, span = plan.sequence[slot], plan.place[slot], plan.span[slot]
    count = plan.route[slot, LENGTH]
    span[0, 0], span[0, 1], span[0, 2] = 0, vehicle[EARLIEST], vehicle[LATEST_END]
    span[count + 1, 3] = 0
    span[count + 1, 4], span[count + 1, 5] = vehicle[EARLIEST], vehicle[LATEST_END]
    for position in range(1, count + 1):
        task = sequence[position]
        drive = time[place[position - 1], place[position]]
        length, first, last = joined(
            span[position - 1, 0],
            span[position - 1, 1],
            span[position - 1, 2],
            drive,
            node[task, SERVICE],
            node[task, EARLY],
            node[task, LATE],
        )
        span[position, 0], span[position, 1], span[position, 2] = length, first, last
    for position in range(count, -1, -1):
        service, early, late = 0, vehicle[EARLIEST], vehicle[LATEST_END]
        if position > 0:
            task = sequence[position]
            service, early, late = node[task, SERVICE], node[task, EARLY], node[task, LATE]
        length, first, last = joined(
            service,
            early,
            late,
            time[place[position], place[position + 1]],
            span[position + 1, 3],
            span[position + 1, 4],
            span[position + 1, 5],
        )
        span[position, 3], span[position, 4], span[position, 5] = length, first, last
    plan.route[slot, DURATION] = span[0, 3]


@kernel("void(Problem, Plan, Memory, int64)")
def refresh(problem: Problem, plan: Plan, memory: Memory, slot: int) -> None:
    """Bring all labels of a slot up to date after its sequence or length changed.

    The totals of the plan are the caller's: `route_cost` before and after tells the difference.
    """
    route, vehicle = plan.route[slot], problem.vehicle[problem.type_of[slot]]
    _measure(problem, plan, slot)
    _time(problem, plan, slot)
    _weigh(problem, plan, slot)
    if problem.setting[TRIPS] > 0:
        label_trips(problem, plan, slot)
    if vehicle[TIMED]:
        if needs_schedule(plan, slot, True):
            count = route[LENGTH]
            for position in range(1, count + 1):
                memory.draft[position] = plan.sequence[slot, position]
            route[DURATION] = lasts(problem, memory, vehicle, count)
        else:
            _span(problem, plan, slot)
    memory.control[STAMPS] += 1
    route[STAMP] = memory.control[STAMPS]


@kernel("void(Problem, Plan, int64, int64, int64)")
def settle(problem: Problem, plan: Plan, slot: int, cost: int, length: int) -> None:
    """Bring the totals up to date: a route that had cost `cost` and `length` tasks has changed."""
    plan.total[ROUTES_COST] += route_cost(problem, plan, slot) - cost
    plan.total[USED] += min(1, plan.route[slot, LENGTH]) - min(1, length)
