"""The limits of a route that do not depend on time, and by how much an order exceeds them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msap_mobility.optimise.routing.problem import ANY_DAY, NONE, RELOAD, UNLIMITED
from msap_mobility.optimise.routing.reasons.reason import Rule

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from msap_mobility.optimise.routing.reasons.asked import Asked

__all__ = ["exceeded", "unfit"]


def unfit(asked: Asked, vehicle: int, requests: Iterable[int]) -> dict[Rule, int]:
    """What requests ask of a vehicle that it is not: skills lacking, days apart.

    Parameters
    ----------
    asked
        The problem.
    vehicle
        Row of `Vehicles`.
    requests
        Those added to its route.
    """
    table, vehicles = asked.problem.requests, asked.problem.vehicles
    has, today = int(vehicles.skills[vehicle]), int(vehicles.day[vehicle])
    found = {}
    for request in requests:
        if lacking := (int(table.skills[request]) & ~has).bit_count():
            found[Rule(name="skills", request=request, vehicle=vehicle)] = lacking
        if (day := int(table.day[request])) not in (ANY_DAY, today):
            found[Rule(name="day", request=request, vehicle=vehicle)] = abs(today - day)
    return found


def exceeded(asked: Asked, vehicle: int, tasks: Sequence[int]) -> dict[Rule, int]:
    """Load in each dimension, distance, stops and trips beyond what the type of vehicle may.

    Parameters
    ----------
    asked
        The problem.
    vehicle
        Row of `Vehicles`.
    tasks
        In driving order.
    """
    vehicles = asked.problem.vehicles
    loadings = tasks.count(RELOAD)
    found = {}
    for name, value, limit in (
        ("distance", asked.length(vehicle, tasks), int(vehicles.max_distance[vehicle])),
        ("stops", len(tasks) - loadings, int(vehicles.max_stops[vehicle])),
        ("trips", loadings + 1, int(vehicles.max_trips[vehicle])),
    ):
        if limit < value and limit < UNLIMITED:
            found[Rule(name=name, vehicle=vehicle)] = value - limit
    for dimension, limit in enumerate(asked.capacity[vehicle]):
        if limit < UNLIMITED:
            fullest = max(_fullest(asked, trip, dimension) for trip in _trips(tasks))
            if fullest > limit:
                rule = Rule(name="capacity", vehicle=vehicle, dimension=dimension)
                found[rule] = fullest - limit
    return found


def _trips(tasks: Sequence[int]) -> Iterator[Sequence[int]]:
    """The tasks from one loading to the next."""
    first = 0
    for position, task in enumerate(tasks):
        if task == RELOAD:
            yield tasks[first:position]
            first = position + 1
    yield tasks[first:]


def _fullest(asked: Asked, trip: Sequence[int], dimension: int) -> int:
    """Most aboard in a trip, from when it was loaded on."""
    loads = [asked.load[task][dimension] for task in trip]
    aboard = -sum(
        load
        for task, load in zip(trip, loads, strict=True)
        if load < 0 and asked.delivery[asked.request_of[task]] == NONE
    )
    most = aboard
    for load in loads:
        aboard += load
        most = max(most, aboard)
    return most
