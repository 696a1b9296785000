"""One route on the road: in time, within windows and shift, not too long."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from msap_mobility.optimise.routing.check.broken import Broken
from msap_mobility.optimise.routing.problem import ANYWHERE, RELOAD, UNLIMITED

if TYPE_CHECKING:
    from collections.abc import Iterator

    from msap_mobility.optimise.routing.check.reading import Driven
    from msap_mobility.optimise.routing.problem import RoutingProblem

__all__ = ["beyond", "driving", "gaps", "length", "work_s"]


def driving(problem: RoutingProblem, route: Driven) -> Iterator[Broken]:
    """Every rule of time, distance and number of stops that one route breaks.

    Parameters
    ----------
    problem
        What was asked.
    route
        With its stated departure, beginnings, ends and arrival.
    """
    yield from _travel(problem, route)
    yield from _windows(problem, route)
    yield from _lasting(problem, route)
    vehicles, vehicle = problem.vehicles, route.vehicle
    early_s = int(vehicles.earliest_s[vehicle]) - route.departure_s
    late_s = beyond(route.arrival_s, int(vehicles.latest_s[vehicle]))
    shift_s, overtime_s = int(vehicles.shift_s[vehicle]), int(vehicles.overtime_s[vehicle])
    longest_s = UNLIMITED if UNLIMITED in (shift_s, overtime_s) else shift_s + overtime_s
    for rule, amount in (
        ("vehicle_window", max(early_s, 0)),
        ("vehicle_window", late_s),
        ("shift", beyond(work_s(problem, route), longest_s)),
        ("distance", beyond(length(problem, route), int(vehicles.max_distance[vehicle]))),
        ("stops", beyond(len(route.visits), int(vehicles.max_stops[vehicle]))),
        ("trips", beyond(route.tasks.count(RELOAD) + 1, int(vehicles.max_trips[vehicle]))),
    ):
        if amount:
            yield Broken(rule=rule, amount=amount, route=route.number, vehicle=vehicle)


def length(problem: RoutingProblem, route: Driven) -> int:
    """Distance from the start over all tasks to the end, if there is one."""
    matrix = problem.distance[int(problem.vehicles.profile[route.vehicle])]
    return sum(int(matrix[here, there]) for here, there in pairwise(_places(problem, route)))


def work_s(problem: RoutingProblem, route: Driven) -> int:
    """From departure to return, without the breaks that are not paid."""
    breaks = problem.breaks
    unpaid = (int(breaks.duration_s[row]) for row, _ in route.breaks if not breaks.paid[row])
    return route.duration_s - sum(unpaid)


def gaps(route: Driven) -> list[tuple[int, int]]:
    """(end of what is before, begin of what is after) of every drive, the last to the arrival."""
    return list(
        zip((route.departure_s, *route.ends_s), (*route.starts_s, route.arrival_s), strict=True)
    )


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
    vehicles = problem.vehicles
    start, end = vehicles.start[route.vehicle], vehicles.end[route.vehicle]
    places = [int(start)]
    for task in route.tasks:
        there = vehicles.reload[route.vehicle] if task == RELOAD else problem.tasks.place[task]
        places.append(int(there))
    return places if end == ANYWHERE else [*places, int(end)]


def _travel(problem: RoutingProblem, route: Driven) -> Iterator[Broken]:
    """Nothing begins before the vehicle can be there; each drive is driven between two breaks.

    An open route ends with its last task, or with a break after it.
    """
    matrix = problem.duration_s[int(problem.vehicles.profile[route.vehicle])]
    legs = list(pairwise(_places(problem, route)))
    names = [*(task if task != RELOAD else -1 for task in route.tasks), -1]
    between = gaps(route)
    for row, leg in enumerate(legs):
        most_s = max(_free_s(problem, route, *between[row]))
        if (short_s := int(matrix[leg]) - most_s) > 0:
            yield Broken(rule="travel", amount=short_s, route=route.number, task=names[row])
    if len(legs) == len(route.tasks):
        resting = [start_s + _break_s(problem, row) for row, start_s in route.breaks]
        if off_s := abs(route.arrival_s - max([route.ends_s[-1], *resting])):
            yield Broken(rule="open_end", amount=off_s, route=route.number)


def _free_s(problem: RoutingProblem, route: Driven, done_s: int, begun_s: int) -> list[int]:
    """How long the times are that the breaks between two tasks leave."""
    free, clock = [], done_s
    for row, start_s in sorted(route.breaks, key=lambda each: each[1]):
        if done_s <= start_s and start_s + _break_s(problem, row) <= begun_s:
            free.append(start_s - clock)
            clock = start_s + _break_s(problem, row)
    return [*free, begun_s - clock]


def _break_s(problem: RoutingProblem, row: int) -> int:
    return int(problem.breaks.duration_s[row])


def _windows(problem: RoutingProblem, route: Driven) -> Iterator[Broken]:
    """Each task begins within one of its windows; the amount is the way to the nearest."""
    first, rows = problem.tasks.window_start, problem.tasks.window_s
    for task, start_s in zip(route.tasks, route.starts_s, strict=True):
        if task == RELOAD:
            continue
        windows = rows[first[task] : first[task + 1]].tolist()
        outside = [max(opens - start_s, start_s - closes, 0) for opens, closes in windows]
        if windows and min(outside) > 0:
            yield Broken(rule="window", amount=min(outside), route=route.number, task=task)


def _lasting(problem: RoutingProblem, route: Driven) -> Iterator[Broken]:
    """Each task takes between its least and its most, each loading what it takes."""
    tasks, loading_s = problem.tasks, int(problem.vehicles.reload_s[route.vehicle])
    for task, start_s, end_s in zip(route.tasks, route.starts_s, route.ends_s, strict=True):
        least_s = loading_s if task == RELOAD else int(tasks.service_s[task])
        most_s = loading_s if task == RELOAD else int(tasks.service_most_s[task])
        if off_s := max(least_s - (end_s - start_s), end_s - start_s - most_s, 0):
            yield Broken(rule="dwell", amount=off_s, route=route.number, task=task)
