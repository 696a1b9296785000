"""One route on the road: in time, within windows and shift, not too long."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from msap_mobility.optimise.routing.check.broken import Broken
from msap_mobility.optimise.routing.problem import ANYWHERE, UNLIMITED

if TYPE_CHECKING:
    from collections.abc import Iterator

    from msap_mobility.optimise.routing.check.reading import Driven
    from msap_mobility.optimise.routing.problem import RoutingProblem

__all__ = ["beyond", "driving", "length"]


def driving(problem: RoutingProblem, route: Driven) -> Iterator[Broken]:
    """Every rule of time, distance and number of stops that one route breaks.

    Parameters
    ----------
    problem
        What was asked.
    route
        With its stated departure, beginnings and arrival.
    """
    yield from _travel(problem, route)
    yield from _windows(problem, route)
    vehicles, vehicle = problem.vehicles, route.vehicle
    early_s = int(vehicles.earliest_s[vehicle]) - route.departure_s
    late_s = beyond(route.arrival_s, int(vehicles.latest_s[vehicle]))
    shift_s, overtime_s = int(vehicles.shift_s[vehicle]), int(vehicles.overtime_s[vehicle])
    longest_s = UNLIMITED if UNLIMITED in (shift_s, overtime_s) else shift_s + overtime_s
    for rule, amount in (
        ("vehicle_window", max(early_s, 0)),
        ("vehicle_window", late_s),
        ("shift", beyond(route.duration_s, longest_s)),
        ("distance", beyond(length(problem, route), int(vehicles.max_distance[vehicle]))),
        ("stops", beyond(len(route.tasks), int(vehicles.max_stops[vehicle]))),
    ):
        if amount:
            yield Broken(rule=rule, amount=amount, route=route.number, vehicle=vehicle)


def length(problem: RoutingProblem, route: Driven) -> int:
    """Distance from the start over all tasks to the end, if there is one."""
    matrix = problem.distance[int(problem.vehicles.profile[route.vehicle])]
    return sum(int(matrix[here, there]) for here, there in pairwise(_places(problem, route)))


def beyond(value: int, limit: int) -> int:
    """By how much a limit is exceeded, 0 if it is not.

    Examples
    --------
    >>> beyond(7, 5), beyond(5, 5), beyond(2**50, UNLIMITED)
    (2, 0, 0)
    """
    return 0 if limit >= UNLIMITED else max(value - limit, 0)


def _places(problem: RoutingProblem, route: Driven) -> list[int]:
    """Where it goes, the end only if it has one."""
    start, end = problem.vehicles.start[route.vehicle], problem.vehicles.end[route.vehicle]
    places = [int(start), *(int(problem.tasks.place[task]) for task in route.tasks)]
    return places if end == ANYWHERE else [*places, int(end)]


def _travel(problem: RoutingProblem, route: Driven) -> Iterator[Broken]:
    """Nothing begins before the vehicle can be there; an open route ends with its last task."""
    matrix = problem.duration_s[int(problem.vehicles.profile[route.vehicle])]
    legs = list(pairwise(_places(problem, route)))
    service_s = [int(problem.tasks.service_s[task]) for task in route.tasks]
    done_s = [start + service for start, service in zip(route.starts_s, service_s, strict=True)]
    left_s = [route.departure_s, *done_s]
    begun_s = [*route.starts_s, route.arrival_s]
    names = [*route.tasks, -1]
    for row, leg in enumerate(legs):
        if (short_s := left_s[row] + int(matrix[leg]) - begun_s[row]) > 0:
            yield Broken(rule="travel", amount=short_s, route=route.number, task=names[row])
    if len(legs) == len(route.tasks) and (off_s := abs(route.arrival_s - left_s[-1])):
        yield Broken(rule="open_end", amount=off_s, route=route.number)


def _windows(problem: RoutingProblem, route: Driven) -> Iterator[Broken]:
    """Each task begins within one of its windows; the amount is the way to the nearest."""
    first, rows = problem.tasks.window_start, problem.tasks.window_s
    for task, start_s in zip(route.tasks, route.starts_s, strict=True):
        windows = rows[first[task] : first[task + 1]].tolist()
        outside = [max(opens - start_s, start_s - closes, 0) for opens, closes in windows]
        if windows and min(outside) > 0:
            yield Broken(rule="window", amount=min(outside), route=route.number, task=task)
