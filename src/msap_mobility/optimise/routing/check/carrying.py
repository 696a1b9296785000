"""One route's load: what is aboard and when, for how long, and with which skills."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from msap_mobility.optimise.routing.check.broken import Broken
from msap_mobility.optimise.routing.check.driving import beyond

if TYPE_CHECKING:
    from collections.abc import Iterator

    from msap_mobility.optimise.routing.check.reading import Driven
    from msap_mobility.optimise.routing.problem import RoutingProblem

__all__ = ["carrying"]


def carrying(problem: RoutingProblem, route: Driven) -> Iterator[Broken]:
    """Every rule of load, order, ride time and skill that one route breaks.

    A delivery whose pickup stands elsewhere is told by `serving`, not here.

    Parameters
    ----------
    problem
        What was asked.
    route
        With its stated beginnings.
    """
    yield from _capacity(problem, route)
    for request in _requests_of(problem, route):
        yield from _pair(problem, route, request)
        asked, has = problem.requests.skills[request], problem.vehicles.skills[route.vehicle]
        if lacking := (int(asked) & ~int(has)).bit_count():
            yield Broken(rule="skills", amount=lacking, route=route.number, request=request)


def _requests_of(problem: RoutingProblem, route: Driven) -> list[int]:
    """Rows of the requests of which a task stands in the route."""
    among = np.asarray(route.tasks)
    here = np.isin(problem.requests.task, among) | np.isin(problem.requests.delivery, among)
    return [int(row) for row in np.flatnonzero(here)]


def _capacity(problem: RoutingProblem, route: Driven) -> Iterator[Broken]:
    """In each dimension, the moment when it is fullest; before the first task it has no task."""
    single = np.ones(len(problem.tasks), dtype=np.bool_)
    single[problem.requests.delivery[problem.requests.delivery >= 0]] = False
    limits = problem.vehicles.capacity[route.vehicle].tolist()
    for dimension, limit in enumerate(limits):
        loads = [int(problem.tasks.load[task, dimension]) for task in route.tasks]
        brought = [-load for task, load in zip(route.tasks, loads, strict=True) if single[task]]
        aboard = [sum(load for load in brought if load > 0)]
        for load in loads:
            aboard.append(aboard[-1] + load)
        if over := beyond(max(aboard), limit):
            yield Broken(
                rule="capacity",
                amount=over,
                route=route.number,
                task=(-1, *route.tasks)[aboard.index(max(aboard))],
                dimension=dimension,
            )


def _pair(problem: RoutingProblem, route: Driven, request: int) -> Iterator[Broken]:
    """The pickup before the delivery, and not too long before."""
    pickup, delivery = (
        int(problem.requests.task[request]),
        int(problem.requests.delivery[request]),
    )
    if pickup not in route.tasks or delivery not in route.tasks:
        return
    at_pickup, at_delivery = route.tasks.index(pickup), route.tasks.index(delivery)
    if at_delivery < at_pickup:
        ahead = at_pickup - at_delivery
        yield Broken(rule="precedence", amount=ahead, route=route.number, request=request)
        return
    aboard_s = route.starts_s[at_pickup] + int(problem.tasks.service_s[pickup])
    ride_s = route.starts_s[at_delivery] - aboard_s
    if over_s := beyond(ride_s, int(problem.requests.max_ride_s[request])):
        yield Broken(rule="ride", amount=over_s, route=route.number, request=request)
