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
    lost = [("request", row) for row in unserved if requests.prize[row] < 0]
    chosen = {int(requests.group[row]) for row in range(len(requests)) if row not in unserved}
    lost += [("group", int(g)) for g in np.flatnonzero(problem.groups.must) if int(g) not in chosen]
    prizes = sum(int(requests.prize[row]) for row in unserved if requests.prize[row] > 0)
    parts = np.array([parts_of(problem, route) for route in routes], dtype=object).reshape(-1, 5)
    return RoutingSolution(
        routes=routes,
        unserved=unserved,
        missing=tuple(lost),
        cost=Cost(**dict(zip(PARTS, parts.sum(axis=0), strict=True)), unserved=prizes),
        engine="by hand",
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
    return [
        kind["fixed"],
        kind["per_distance"] * distance_of(problem, route.vehicle, route.tasks),
        kind["per_s"] * lasts,
        kind["per_overtime_s"] * max(0, lasts - kind["shift_s"]),
        problem.objective.balance * lasts * lasts // 12_960_000,
    ]


def distance_of(problem: RoutingProblem, vehicle: int, tasks: Iterable[int]) -> int:
    """Of a sequence, back to the end if there is one."""
    stops = [int(problem.vehicles.start[vehicle])]
    stops += [int(problem.tasks.place[task]) for task in tasks]
    stops += [end] if (end := int(problem.vehicles.end[vehicle])) >= 0 else []
    legs = problem.distance[int(problem.vehicles.profile[vehicle])]
    return sum(int(legs[a, b]) for a, b in pairwise(stops))
