"""Which routes must be timed together: customers are visited at like hours."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msap_mobility.optimise.routing.pricing import apart_cost, begun, chosen_patterns
from msap_mobility.optimise.routing.problem import NONE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from msap_mobility.optimise.routing.problem import RoutingProblem
    from msap_mobility.optimise.routing.solution import Route
    from msap_mobility.optimise.routing.timing.cheapest import Together

__all__ = ["coupled"]


def coupled(
    problem: RoutingProblem, routes: Mapping[int, Route]
) -> list[tuple[list[int], list[Together]]]:
    """Sets of routes that would cost less at other hours, if at all only together.

    A set whose customers cost nothing for lying apart is left out: each of its routes is timed as
    well as it can be alone.

    Parameters
    ----------
    problem
        What was asked.
    routes
        Each at the times that are best for it alone, by any number of its own.

    Returns
    -------
    list of (numbers of routes, customers with the tasks of their visits)
    """
    if not (problem.patterns.per_s_apart > 0).any():
        return []
    route_of = {task: number for number, route in routes.items() for task in route.tasks}
    sets: list[tuple[set[int], list[Together]]] = []
    for customer, tasks in _several(problem, list(routes.values())):
        mine = {route_of[task] for task in tasks}
        among = [(customer, tasks)]
        apart = []
        for numbers, customers in sets:
            if numbers & mine:
                mine |= numbers
                among = customers + among
            else:
                apart.append((numbers, customers))
        sets = [*apart, (mine, among)]
    starts = dict(begun(list(routes.values())))
    return [
        (sorted(numbers), customers)
        for numbers, customers in sets
        if any(
            apart_cost(problem, customer, [starts[task] for task in tasks])
            for customer, tasks in customers
        )
    ]


def _several(problem: RoutingProblem, routes: Sequence[Route]) -> list[Together]:
    """Customers of several visits whose hours cost, and the tasks of their visits."""
    done = {task for route in routes for task in route.tasks}
    task_of = problem.requests.task.tolist()
    chosen = chosen_patterns(problem, [task in done for task in task_of])
    found = []
    for customer in problem.patterns.per_s_apart.nonzero()[0].tolist():
        if chosen[customer] != NONE:
            requests = problem.patterns.requests_of(chosen[customer])
            if len(requests) > 1:
                found.append((customer, tuple(task_of[row] for row in requests)))
    return found
