"""What is known of the trips of each route, and how a release delays those who wait for it.

A trip leaves where it was loaded, at the start or on the way, no sooner than the last release
aboard (Cattaruzza, Absi & Feillet 2016, doi 10.1287/trsc.2015.0608). A loading ends when the trip
leaves.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msap_mobility.compiled import kernel
from msap_mobility.optimise.routing.native.arrays.plan import (
    LENGTH,
    OPEN,
    PICKED,
    RELEASED,
    TO_RELEASE,
    TRIP_FROM,
)
from msap_mobility.optimise.routing.native.arrays.problem import (
    EARLIEST,
    FIRST,
    NEVER,
    NODE_REQUEST,
    PARTNER,
    PROFILE,
    RELEASE,
    SERVICE,
)
from msap_mobility.optimise.routing.native.windows import opens

if TYPE_CHECKING:
    from msap_mobility.optimise.routing.native.arrays.plan import Plan
    from msap_mobility.optimise.routing.native.arrays.problem import Problem

__all__ = ["label_trips", "leaves"]


@kernel("void(Problem, Plan, int64, int64)")
def _follow(problem: Problem, plan: Plan, slot: int, position: int) -> None:
    """What the task of a position changes in the labels of the one before it."""
    task, label = plan.sequence[slot, position], plan.trip[slot, position]
    node, load, before = problem.node[task], problem.load[task], plan.trip[slot, position - 1]
    for column in range(len(label)):
        label[column] = before[column]
    if node[PARTNER] < 0:
        label[RELEASED] = max(before[RELEASED], node[RELEASE])
        for dimension in range(len(load)):
            label[PICKED + dimension] += max(0, load[dimension])
    elif problem.request[node[NODE_REQUEST], FIRST] == task:
        label[OPEN] += 1
    else:
        label[OPEN] -= 1


@kernel("int64(Problem, Plan, int64, int64, int64)")
def _loaded(problem: Problem, plan: Plan, slot: int, position: int, release: int) -> int:
    """When a trip leaves the position of its loading if its last release is `release`."""
    vehicle = problem.vehicle[problem.type_of[slot]]
    if position == 0:
        return int(max(vehicle[EARLIEST], release))
    place, loading = plan.place[slot], problem.node[plan.sequence[slot, position]]
    drive = problem.time[vehicle[PROFILE], place[position - 1], place[position]]
    return int(max(plan.leave[slot, position - 1] + drive + loading[SERVICE], release))


@kernel("int64(Problem, Plan, int64, int64, int64)")
def _goes_on(problem: Problem, plan: Plan, slot: int, position: int, moment: int) -> int:
    """When a position is left at the earliest if the one before it is left at `moment`."""
    place, node = plan.place[slot], problem.node[plan.sequence[slot, position]]
    time = problem.time[problem.vehicle[problem.type_of[slot], PROFILE]]
    begin = opens(node, problem.window, moment + time[place[position - 1], place[position]])
    return int(begin + node[SERVICE])


@kernel("void(Problem, Plan, int64)")
def _wait(problem: Problem, plan: Plan, slot: int) -> None:
    """Earliest leaving of a route in which somebody waits for a release."""
    leave, count, tasks = plan.leave[slot], plan.route[slot, LENGTH], len(problem.near)
    first = 0
    while first <= count:
        last = first
        while last < count and plan.sequence[slot, last + 1] < tasks:
            last += 1
        moment = _loaded(problem, plan, slot, first, plan.trip[slot, first, TO_RELEASE])
        leave[first] = moment
        for position in range(first + 1, last + 1):
            moment = _goes_on(problem, plan, slot, position, moment)
            leave[position] = moment
        first = last + 1


@kernel("void(Problem, Plan, int64)")
def label_trips(problem: Problem, plan: Plan, slot: int) -> None:
    """The labels of trips; earliest leaving then waits for releases."""
    node, sequence, trip = problem.node, plan.sequence[slot], plan.trip[slot]
    tasks, count = len(problem.near), plan.route[slot, LENGTH]
    trip[0, :] = 0
    waits = False
    for position in range(1, count + 1):
        task = sequence[position]
        if task >= tasks:
            trip[position, :] = 0
            trip[position, TRIP_FROM] = position
        else:
            _follow(problem, plan, slot, position)
            waits = waits or node[task, RELEASE] > 0
    trip[count, TO_RELEASE] = 0
    for position in range(count, 0, -1):
        task, later = sequence[position], trip[position, TO_RELEASE]
        trip[position - 1, TO_RELEASE] = 0 if task >= tasks else max(later, node[task, RELEASE])
    if waits:
        _wait(problem, plan, slot)


@kernel("int64(Problem, Plan, int64, int64, int64)")
def leaves(problem: Problem, plan: Plan, slot: int, position: int, release: int) -> int:
    """When a position is left at the earliest if the last release of its trip were `release`.

    `NEVER` or later if somebody up to there could then not be reached in time.
    """
    label = plan.trip[slot, position]
    if release == max(label[RELEASED], label[TO_RELEASE]):
        return int(plan.leave[slot, position])
    first = label[TRIP_FROM]
    moment = _loaded(problem, plan, slot, first, release)
    if moment == plan.leave[slot, first]:
        return int(plan.leave[slot, position])
    for later in range(first + 1, position + 1):
        moment = _goes_on(problem, plan, slot, later, moment)
        if moment >= NEVER:
            return NEVER
    return int(moment)
