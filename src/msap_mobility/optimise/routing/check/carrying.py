"""One route's load: what is aboard and when, for how long, and with which skills."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from msap_mobility.optimise.routing.check.broken import Broken
from msap_mobility.optimise.routing.check.driving import beyond
from msap_mobility.optimise.routing.problem import ANY_DAY, RELOAD

if TYPE_CHECKING:
    from collections.abc import Iterator

    from msap_mobility.optimise.routing.check.reading import Driven
    from msap_mobility.optimise.routing.problem import RoutingProblem

__all__ = ["carrying"]


def carrying(problem: RoutingProblem, route: Driven) -> Iterator[Broken]:
    """Every rule of load, order, ride time, release, skill and day that one route breaks.

    A delivery whose pickup stands elsewhere is told by `serving`, not here.

    Parameters
    ----------
    problem
        What was asked.
    route
        With its stated beginnings and ends.
    """
    requests, vehicles, vehicle = problem.requests, problem.vehicles, route.vehicle
    yield from _capacity(problem, route)
    yield from _since_loading(problem, route)
    for request in _requests_of(problem, route):
        yield from _pair(problem, route, request)
        asked, has = requests.skills[request], vehicles.skills[vehicle]
        if lacking := (int(asked) & ~int(has)).bit_count():
            yield Broken(rule="skills", amount=lacking, route=route.number, request=request)
        day, today = int(requests.day[request]), int(vehicles.day[vehicle])
        if day not in (ANY_DAY, today):
            yield Broken(rule="day", amount=abs(today - day), route=route.number, request=request)


def _requests_of(problem: RoutingProblem, route: Driven) -> list[int]:
    """Rows of the requests of which a task stands in the route."""
    among = np.asarray(route.visits)
    here = np.isin(problem.requests.task, among) | np.isin(problem.requests.delivery, among)
    return [int(row) for row in np.flatnonzero(here)]


def _trips(route: Driven) -> list[tuple[int, list[tuple[int, int]]]]:
    """Of each trip when it leaves its loading, and its tasks with their beginnings."""
    trips: list[tuple[int, list[tuple[int, int]]]] = [(route.departure_s, [])]
    for task, start_s, end_s in zip(route.tasks, route.starts_s, route.ends_s, strict=True):
        if task == RELOAD:
            trips.append((end_s, []))
        else:
            trips[-1][1].append((task, start_s))
    return trips


def _capacity(problem: RoutingProblem, route: Driven) -> Iterator[Broken]:
    """In each dimension, the moment when it is fullest; before a trip's first task it has none."""
    single = np.ones(len(problem.tasks), dtype=np.bool_)
    single[problem.requests.delivery[problem.requests.delivery >= 0]] = False
    limits = problem.vehicles.capacity[route.vehicle].tolist()
    for dimension, limit in enumerate(limits):
        fullest, at = 0, -1
        for _, visits in _trips(route):
            loads = [int(problem.tasks.load[task, dimension]) for task, _ in visits]
            tasks = [task for task, _ in visits]
            brought = [-load for task, load in zip(tasks, loads, strict=True) if single[task]]
            aboard = [sum(load for load in brought if load > 0)]
            for load in loads:
                aboard.append(aboard[-1] + load)
            if max(aboard) > fullest:
                fullest = max(aboard)
                at = (-1, *tasks)[aboard.index(fullest)]
        if over := beyond(fullest, limit):
            yield Broken(
                rule="capacity", amount=over, route=route.number, task=at, dimension=dimension
            )


def _since_loading(problem: RoutingProblem, route: Driven) -> Iterator[Broken]:
    """A trip leaves its loading after all releases, and not too long before its tasks begin."""
    requests = problem.requests
    request_of = {task: row for row, task in enumerate(requests.task.tolist())}
    for loaded_s, visits in _trips(route):
        for task, start_s in visits:
            if (row := request_of.get(task)) is None:
                continue
            if (early_s := int(requests.release_s[row]) - loaded_s) > 0:
                yield Broken(rule="release", amount=early_s, route=route.number, request=row)
            if over_s := beyond(start_s - loaded_s, int(requests.max_cold_s[row])):
                yield Broken(rule="cold", amount=over_s, route=route.number, request=row)


def _pair(problem: RoutingProblem, route: Driven, request: int) -> Iterator[Broken]:
    """The pickup before the delivery in the same trip, and not too long before."""
    pickup, delivery = (
        int(problem.requests.task[request]),
        int(problem.requests.delivery[request]),
    )
    if delivery < 0 or pickup not in route.tasks or delivery not in route.tasks:
        return
    at_pickup, at_delivery = route.tasks.index(pickup), route.tasks.index(delivery)
    if at_delivery < at_pickup:
        ahead = at_pickup - at_delivery
        yield Broken(rule="precedence", amount=ahead, route=route.number, request=request)
        return
    if loadings := route.tasks[at_pickup:at_delivery].count(RELOAD):
        yield Broken(rule="aboard", amount=loadings, route=route.number, request=request)
    ride_s = route.starts_s[at_delivery] - route.ends_s[at_pickup]
    if over_s := beyond(ride_s, int(problem.requests.max_ride_s[request])):
        yield Broken(rule="ride", amount=over_s, route=route.number, request=request)
