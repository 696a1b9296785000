"""Solutions that say honestly what they cost and whom they leave: for the tests to compare with."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from msap_mobility.optimise.routing.solution import Cost, Route, RoutingSolution

if TYPE_CHECKING:
    from collections.abc import Iterable

    from msap_mobility.optimise.routing.problem import RoutingProblem


def stated(
    problem: RoutingProblem, routes: Iterable[Route], *, bound: int | None = None
) -> RoutingSolution:
    """The solution of these routes, its lists and its cost as they are."""
    routes = tuple(routes)
    requests = problem.requests
    driven = {task for route in routes for task in route.tasks}
    unserved = tuple(
        row
        for row in range(len(requests))
        if driven.isdisjoint({int(requests.task[row]), int(requests.delivery[row])} - {-1})
    )
    served = set(range(len(requests))) - set(unserved)
    choice = choice_of(problem, served)
    uncovered = tuple(
        row
        for row in range(len(problem.covering))
        if served.isdisjoint(problem.covering.reach_of(row))
    )
    lost = [("request", row) for row in unserved if requests.prize[row] < 0]
    groups = {int(requests.group[row]) for row in served}
    lost += [("group", int(g)) for g in np.flatnonzero(problem.groups.must) if int(g) not in groups]
    prizes = [int(requests.prize[row]) for row in unserved]
    for name, table, left in (
        ("customer", problem.patterns, [c for c, row in enumerate(choice) if row < 0]),
        ("cover", problem.covering, list(uncovered)),
    ):
        lost += [(name, row) for row in left if table.prize[row] < 0]
        prizes += table.prize[left].tolist()
    parts = np.array([parts_of(problem, route) for route in routes], dtype=object).reshape(-1, 5)
    return RoutingSolution(
        routes=routes,
        unserved=unserved,
        missing=tuple(lost),
        cost=Cost(
            **dict(zip(PARTS, parts.sum(axis=0), strict=True)),
            unserved=sum(prize for prize in prizes if prize > 0),
            patterns=sum(int(problem.patterns.price[row]) for row in choice if row >= 0),
            hours=sum(_off(problem, route) for route in routes) + apart(problem, routes, served),
            dwell=sum(_shorter(problem, route) for route in routes),
        ),
        engine="by hand",
        patterns=choice,
        uncovered=uncovered,
        bound=bound,
    )


PARTS = ("fixed", "distance", "time", "overtime", "balance")


def parts_of(problem: RoutingProblem, route: Route) -> list[int]:
    """The five parts of one route's cost."""
    kind = {
        name: int(getattr(problem.vehicles, name)[route.vehicle])
        for name in ("fixed", "per_distance", "per_s", "per_overtime_s", "shift_s")
    }
    lasts = route.arrival_s - route.departure_s
    lasts -= sum(
        int(problem.breaks.duration_s[row]) * (not problem.breaks.paid[row])
        for row, _ in route.breaks
    )
    return [
        kind["fixed"],
        kind["per_distance"] * distance_of(problem, route.vehicle, route.tasks),
        kind["per_s"] * lasts,
        kind["per_overtime_s"] * max(0, lasts - kind["shift_s"]),
        problem.objective.balance * lasts * lasts // 12_960_000,
    ]


def hourly(problem: RoutingProblem, route: Route) -> int:
    """What one route costs for the hours and lengths of its tasks."""
    return _off(problem, route) + _shorter(problem, route)


def distance_of(problem: RoutingProblem, vehicle: int, tasks: Iterable[int]) -> int:
    """Of a sequence, back to the end if there is one."""
    legs = problem.distance[int(problem.vehicles.profile[vehicle])]
    return sum(int(legs[leg]) for leg in pairwise(stops_of(problem, vehicle, tasks)))


def stops_of(problem: RoutingProblem, vehicle: int, tasks: Iterable[int]) -> list[int]:
    """Places of a sequence from the start to the end if there is one; -1 loads again."""
    fleet = problem.vehicles
    stops = [int(fleet.start[vehicle])]
    stops += [int(problem.tasks.place[t] if t >= 0 else fleet.reload[vehicle]) for t in tasks]
    return stops + ([end] if (end := int(fleet.end[vehicle])) >= 0 else [])


def choice_of(problem: RoutingProblem, served: set[int]) -> tuple[int, ...]:
    """The cheapest pattern of each customer that is served and nothing else, or -1."""
    table, choice = problem.patterns, [-1] * problem.patterns.customers
    theirs: list[set[int]] = [set() for _ in choice]
    for row, customer in enumerate(table.customer.tolist()):
        theirs[customer] |= served & set(table.requests_of(row))
    dearest_first = sorted(range(len(table)), key=lambda row: (-int(table.price[row]), -row))
    for row in dearest_first:
        customer = int(table.customer[row])
        if set(table.requests_of(row)) == theirs[customer]:
            choice[customer] = row
    return tuple(choice)


def apart(problem: RoutingProblem, routes: Iterable[Route], served: set[int]) -> int:
    """What customers cost whose visits begin at different hours."""
    begun = {t: s for r in routes for t, s in zip(r.tasks, r.starts_s, strict=True) if t >= 0}
    cost = 0
    for customer, row in enumerate(choice_of(problem, served)):
        if row >= 0:
            tasks = problem.requests.task[list(problem.patterns.requests_of(row))].tolist()
            hours = sorted(begun[task] for task in tasks)
            free = int(problem.patterns.apart_free_s[customer])
            rate = int(problem.patterns.per_s_apart[customer])
            cost += rate * max(0, hours[-1] - hours[0] - free)
    return cost


def _off(problem: RoutingProblem, route: Route) -> int:
    cost, tasks = 0, problem.tasks
    for task, start_s in zip(route.tasks, route.starts_s, strict=True):
        if task >= 0 and tasks.wanted_s[task] < 1 << 40:
            off = abs(start_s - int(tasks.wanted_s[task])) - int(tasks.off_free_s[task])
            cost += max(0, off) * int(tasks.per_s_off[task])
    return cost


def _shorter(problem: RoutingProblem, route: Route) -> int:
    """Without ends every task takes its least."""
    cost, tasks = 0, problem.tasks
    for at, task in enumerate(route.tasks):
        if task >= 0:
            least = int(tasks.service_s[task])
            lasts = route.ends_s[at] - route.starts_s[at] if route.ends_s else least
            cost += (int(tasks.service_most_s[task]) - lasts) * int(tasks.per_s_less[task])
    return cost
