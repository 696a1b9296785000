"""Every order of tasks that one vehicle may drive, and where it loads again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from msap_mobility.optimise.routing.problem import ANY_DAY, NONE, RELOAD
from tests.optimise.routing.brute_force.itineraries import least_s, windows_of
from tests.optimise.routing.stated import distance_of, stops_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from msap_mobility.optimise.routing.problem import RoutingProblem

Order = tuple[int, ...]


def orders(problem: RoutingProblem, vehicle: int) -> Iterator[tuple[Order, frozenset[int]]]:
    """Within load, length, stops, skills and day; whole requests only, and which they are."""
    requests, fleet = problem.requests, problem.vehicles
    lacking = requests.skills & ~fleet.skills[vehicle]
    today = (requests.day == ANY_DAY) | (requests.day == fleet.day[vehicle])
    pairs = np.column_stack([requests.task, requests.delivery]).tolist()
    whole = {
        row: [task for task in tasks if task >= 0]
        for row, tasks in enumerate(pairs)
        if lacking[row] == 0 and today[row]
    }
    following = {tasks[0]: tasks[1:] for tasks in whole.values()}
    row_of = {task: row for row, tasks in whole.items() for task in tasks}
    loadings = int(fleet.max_trips[vehicle]) - 1 if fleet.reload[vehicle] != NONE else 0

    def grow(order: Order, due: frozenset[int]) -> Iterator[Order]:
        if not due and set(order) - {RELOAD}:
            yield order
        steps = [first for first in following if first not in order] + sorted(due)
        if not due and order[-1:] != (RELOAD,) and order.count(RELOAD) < loadings:
            steps.append(RELOAD)
        for task in steps:
            longer = (*order, task)
            if _may_grow(problem, vehicle, longer):
                yield from grow(longer, (due - {task}) | set(following.get(task, ())))

    for order in grow((), frozenset()):
        if _fits(problem, vehicle, order, following):
            yield order, frozenset(row_of[task] for task in order if task != RELOAD)


def _may_grow(problem: RoutingProblem, vehicle: int, order: Order) -> bool:
    """Whether an order may lead anywhere: it is there before the last window of every task."""
    visits = len(order) - order.count(RELOAD)
    if visits > int(problem.vehicles.max_stops[vehicle]):
        return False
    legs = problem.duration_s[problem.vehicles.profile[vehicle]]
    places = stops_of(problem, vehicle, order)
    clock = int(problem.vehicles.earliest_s[vehicle])
    for at, task in enumerate(order):
        clock += int(legs[places[at], places[at + 1]])
        opens = [max(a, clock) for a, b in windows_of(problem, task) if b >= clock]
        if not opens:
            return False
        clock = min(opens) + least_s(problem, vehicle, task)
    return clock <= int(problem.vehicles.latest_s[vehicle])


def _fits(
    problem: RoutingProblem, vehicle: int, order: Order, following: dict[int, list[int]]
) -> bool:
    """Whether length allows the order, and load each of its trips."""
    if distance_of(problem, vehicle, order) > int(problem.vehicles.max_distance[vehicle]):
        return False
    loads, room = problem.tasks.load, problem.vehicles.capacity[vehicle]
    trips: list[list[int]] = [[]]
    for task in order:
        if task == RELOAD:
            trips.append([])
        else:
            trips[-1].append(task)
    for trip in trips:
        singles = [task for task in trip if following.get(task) == []]
        aboard = -np.minimum(loads[singles], 0).sum(axis=0)
        moments = np.vstack([aboard, aboard + np.cumsum(loads[trip], axis=0)])
        if not (moments <= room).all():
            return False
    return True
