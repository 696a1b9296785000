"""From routes whose times are known to a solution: who is left out, and what all costs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msap_mobility.optimise.routing.problem import ANYWHERE, MANDATORY, NONE, RELOAD, UNLIMITED
from msap_mobility.optimise.routing.solution import Cost, RoutingSolution

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from msap_mobility.optimise.routing.problem import RoutingProblem
    from msap_mobility.optimise.routing.solution import Route

__all__ = ["apart_cost", "begun", "chosen_patterns", "priced", "work_s"]

_SQUARE_HOUR = 3600 * 3600


def priced(
    problem: RoutingProblem,
    routes: Iterable[Route],
    *,
    engine: str,
    iterations: tuple[int, ...] = (),
    cooling: tuple[tuple[int, ...], ...] = (),
    bound: int | None = None,
) -> RoutingSolution:
    """What timed routes serve, choose, leave out and cost.

    A customer's pattern is the cheapest whose requests are exactly those served.

    Parameters
    ----------
    problem
        What was asked.
    routes
        That keep its rules; whether they do is not asked here.
    engine, iterations, cooling, bound
        As in `RoutingSolution`.

    Examples
    --------
    >>> import numpy as np
    >>> from msap_mobility.optimise.routing.problem import Covering, Requests, Tasks, Vehicles
    >>> from msap_mobility.optimise.routing.problem import RoutingProblem
    >>> from msap_mobility.optimise.routing.solution import Route
    >>> line = np.abs(np.subtract.outer([0, 3, 5], [0, 3, 5]))
    >>> problem = RoutingProblem(
    ...     distance=line,
    ...     duration_s=line,
    ...     tasks=Tasks.of(place=[1, 2]),
    ...     requests=Requests.of(task=[0, 1], prize=0),
    ...     covering=Covering.of(reach=[[0, 1], [1]], prize=[-1, 3]),
    ...     vehicles=Vehicles.of(count=1),
    ... )
    >>> near = Route(vehicle=0, tasks=(0,), departure_s=0, starts_s=(3,), arrival_s=6)
    >>> solution = priced(problem, [near], engine="by hand")
    >>> solution.uncovered, solution.feasible, solution.cost.total
    ((1,), True, 9)
    """
    driven = tuple(routes)
    done = {task for route in driven for task in route.tasks}
    served = [task in done for task in problem.requests.task.tolist()]
    chosen = chosen_patterns(problem, served)
    uncovered = tuple(
        row
        for row in range(len(problem.covering))
        if not any(served[request] for request in problem.covering.reach_of(row))
    )
    unserved = tuple(row for row, is_served in enumerate(served) if not is_served)
    return RoutingSolution(
        routes=driven,
        unserved=unserved,
        missing=tuple(_missing(problem, served, chosen, uncovered)),
        cost=Cost(
            **_of_routes(problem, driven),
            unserved=_prizes(problem, unserved, chosen, uncovered),
            patterns=sum(int(problem.patterns.price[row]) for row in chosen if row != NONE),
            hours=_off(problem, driven) + _apart(problem, driven, chosen),
            dwell=_shortened(problem, driven),
        ),
        engine=engine,
        patterns=chosen,
        uncovered=uncovered,
        iterations=iterations,
        cooling=cooling,
        bound=bound,
    )


def chosen_patterns(problem: RoutingProblem, served: Sequence[bool]) -> tuple[int, ...]:
    """Of each customer the cheapest pattern of which all requests are served and no others."""
    patterns = problem.patterns
    members = [set(patterns.requests_of(row)) for row in range(len(patterns))]
    of_customer: list[list[int]] = [[] for _ in range(patterns.customers)]
    for row, customer in enumerate(patterns.customer.tolist()):
        of_customer[customer].append(row)
    chosen = []
    for rows in of_customer:
        visited = {request for row in rows for request in members[row] if served[request]}
        fitting = [row for row in rows if members[row] == visited]
        chosen.append(min(fitting, key=lambda row: int(patterns.price[row]), default=NONE))
    return tuple(chosen)


def _missing(
    problem: RoutingProblem,
    served: Sequence[bool],
    chosen: Sequence[int],
    uncovered: Sequence[int],
) -> Iterator[tuple[str, int]]:
    """What must be served or covered and is not."""
    for row, prize in enumerate(problem.requests.prize.tolist()):
        if prize == MANDATORY and not served[row]:
            yield "request", row
    groups = problem.requests.group.tolist()
    kept = {group for group, is_served in zip(groups, served, strict=True) if is_served}
    for row, must in enumerate(problem.groups.must.tolist()):
        if must and row not in kept:
            yield "group", row
    for row, prize in enumerate(problem.patterns.prize.tolist()):
        if prize == MANDATORY and chosen[row] == NONE:
            yield "customer", row
    for row in uncovered:
        if problem.covering.prize[row] == MANDATORY:
            yield "cover", row


def _prizes(
    problem: RoutingProblem,
    unserved: Sequence[int],
    chosen: Sequence[int],
    uncovered: Sequence[int],
) -> int:
    """Of all that is optional and left out."""
    left = [row for row, pattern in enumerate(chosen) if pattern == NONE]
    prizes = (
        problem.requests.prize[list(unserved)],
        problem.patterns.prize[left],
        problem.covering.prize[list(uncovered)],
    )
    return sum(int(each.clip(min=0).sum()) for each in prizes)


def _of_routes(problem: RoutingProblem, routes: Sequence[Route]) -> dict[str, int]:
    """The parts of the cost that vehicles cause."""
    vehicles = problem.vehicles
    parts = dict.fromkeys(("fixed", "distance", "time", "overtime", "balance"), 0)
    for route in routes:
        kind, worked_s = route.vehicle, work_s(problem, route)
        over_s = max(0, worked_s - int(vehicles.shift_s[kind]))
        parts["fixed"] += int(vehicles.fixed[kind])
        parts["distance"] += int(vehicles.per_distance[kind]) * _length(problem, route)
        parts["time"] += int(vehicles.per_s[kind]) * worked_s
        parts["overtime"] += int(vehicles.per_overtime_s[kind]) * over_s
        parts["balance"] += problem.objective.balance * worked_s * worked_s // _SQUARE_HOUR
    return parts


def work_s(problem: RoutingProblem, route: Route) -> int:
    """From departure to return, without the breaks that are not paid."""
    breaks = problem.breaks
    unpaid = [int(breaks.duration_s[row]) for row, _ in route.breaks if not breaks.paid[row]]
    return route.arrival_s - route.departure_s - sum(unpaid)


def _length(problem: RoutingProblem, route: Route) -> int:
    """From the start over all tasks and loadings to the end, if there is one."""
    vehicles, kind = problem.vehicles, route.vehicle
    place = {RELOAD: int(vehicles.reload[kind])}
    place |= {task: int(problem.tasks.place[task]) for task in route.tasks if task != RELOAD}
    places = [int(vehicles.start[kind]), *(place[task] for task in route.tasks)]
    if vehicles.end[kind] != ANYWHERE:
        places.append(int(vehicles.end[kind]))
    far = problem.distance[vehicles.profile[kind]]
    return int(far[places[:-1], places[1:]].sum())


def _off(problem: RoutingProblem, routes: Sequence[Route]) -> int:
    """Tasks that begin too far from the hour wanted."""
    tasks, cost = problem.tasks, 0
    for task, start_s in begun(routes):
        if (wanted_s := int(tasks.wanted_s[task])) < UNLIMITED:
            off_s = abs(start_s - wanted_s) - int(tasks.off_free_s[task])
            cost += int(tasks.per_s_off[task]) * max(0, off_s)
    return cost


def _apart(problem: RoutingProblem, routes: Sequence[Route], chosen: Sequence[int]) -> int:
    """Customers whose visits begin at hours too far apart."""
    patterns, cost = problem.patterns, 0
    start_of = dict(begun(routes))
    for customer in patterns.per_s_apart.nonzero()[0].tolist():
        if chosen[customer] == NONE:
            continue
        requests = list(patterns.requests_of(chosen[customer]))
        tasks = problem.requests.task[requests].tolist()
        cost += apart_cost(problem, customer, [start_of[task] for task in tasks])
    return cost


def apart_cost(problem: RoutingProblem, customer: int, starts_s: Sequence[int]) -> int:
    """What a customer costs whose visits begin at these hours."""
    patterns = problem.patterns
    apart_s = max(starts_s) - min(starts_s) - int(patterns.apart_free_s[customer])
    return int(patterns.per_s_apart[customer]) * max(0, apart_s)


def _shortened(problem: RoutingProblem, routes: Sequence[Route]) -> int:
    """Services shorter than their most."""
    tasks, cost = problem.tasks, 0
    for route in routes:
        least_s = (int(tasks.service_s[task]) for task in route.tasks)
        starts = zip(route.starts_s, least_s, strict=True)
        ends_s = route.ends_s or [start_s + service_s for start_s, service_s in starts]
        for task, start_s, end_s in zip(route.tasks, route.starts_s, ends_s, strict=True):
            if task != RELOAD:
                less_s = int(tasks.service_most_s[task]) - (end_s - start_s)
                cost += int(tasks.per_s_less[task]) * less_s
    return cost


def begun(routes: Sequence[Route]) -> Iterator[tuple[int, int]]:
    """Every task and when it begins."""
    for route in routes:
        for task, start_s in zip(route.tasks, route.starts_s, strict=True):
            if task != RELOAD:
                yield task, start_s
