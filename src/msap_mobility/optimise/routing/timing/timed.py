"""The best times of routes whose order is given."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msap_mobility.optimise.routing.problem import NONE, RELOAD
from msap_mobility.optimise.routing.timing.apart import coupled
from msap_mobility.optimise.routing.timing.cheapest import cheapest
from msap_mobility.optimise.routing.timing.least import is_simple, least_work

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from msap_mobility.optimise.routing.problem import RoutingProblem
    from msap_mobility.optimise.routing.solution import Route
    from msap_mobility.optimise.routing.timing.rules import Order

__all__ = ["timed"]


def timed(
    problem: RoutingProblem, routes: Iterable[tuple[int, Sequence[int]]]
) -> list[Route | None]:
    """The cheapest schedule of each route whose order is given, under every rule of time.

    Rules that no time can mend are not asked: load, length, stops, skills, days and who is served
    twice. The cheapest are those of all routes together, where customers are visited on several
    days at hours that cost (`Patterns.per_s_apart`). Among the cheapest those with the fewest
    breaks are taken, and everything is as early as the rest allows.

    Where balance costs (`Objective.balance`), each route first takes its least work, then what
    its hours cost least: the balance of days is square and rounded, and no program of this kind
    finds the best of both.

    Parameters
    ----------
    problem
        What was asked.
    routes
        (row of `Vehicles`, tasks in order) of each, `RELOAD` where the vehicle loads again.

    Returns
    -------
    list of Route or None
        One of each, None where no schedule is possible or nobody is visited.

    Examples
    --------
    Half an hour of lunch at noon, before a visit that begins at one:

    >>> import numpy as np
    >>> from msap_mobility.optimise.routing.problem import (
    ...     Breaks, Requests, RoutingProblem, Tasks, Vehicles,
    ... )
    >>> minutes = 60 * np.abs(np.subtract.outer([0, 20], [0, 20]))
    >>> problem = RoutingProblem(
    ...     distance=minutes,
    ...     duration_s=minutes,
    ...     tasks=Tasks.of(place=[1], service_s=600, windows=[[(46_800, 50_400)]]),
    ...     requests=Requests.of(task=[0]),
    ...     vehicles=Vehicles.of(count=1, per_s=1),
    ...     breaks=Breaks.of(vehicle=[0], duration_s=1800, earliest_s=43_200, latest_s=45_000),
    ... )
    >>> (route,) = timed(problem, [(0, [0])])
    >>> route.departure_s, route.breaks, route.starts_s, route.arrival_s
    (43800, ((0, 43800),), (46800,), 48600)
    """
    orders = [(int(kind), tuple(int(task) for task in tasks)) for kind, tasks in routes]
    found = _alone(problem, orders)
    for numbers, customers in coupled(problem, found):
        together = cheapest(problem, [orders[number] for number in numbers], customers)
        if together is not None:
            found |= zip(numbers, together, strict=True)
    return [found.get(number) for number in range(len(orders))]


def _alone(problem: RoutingProblem, orders: Sequence[Order]) -> dict[int, Route]:
    """Of each route that is possible, by number, the cheapest times if no other mattered."""
    asked = {number: order for number, order in enumerate(orders) if _can_be_asked(problem, order)}
    simple = {number: order for number, order in asked.items() if is_simple(problem, order)}
    found: dict[int, Route | None] = {}
    if simple:
        found |= zip(simple, least_work(problem, list(simple.values())), strict=True)
    for number in asked.keys() - simple.keys():
        routes = cheapest(problem, [asked[number]])
        found[number] = routes[0] if routes else None
    return {number: route for number, route in found.items() if route is not None}


def _can_be_asked(problem: RoutingProblem, order: Order) -> bool:
    """Whether somebody is visited, and the vehicle knows where it loads again if it does."""
    kind, tasks = order
    can_load = RELOAD not in tasks or problem.vehicles.reload[kind] != NONE
    return can_load and any(task != RELOAD for task in tasks)
