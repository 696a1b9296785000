"""What plans are worth to a search that has one number only."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from msap_mobility.optimise.routing.problem import UNLIMITED

if TYPE_CHECKING:
    from msap_mobility.optimise.routing.problem import RoutingProblem
    from msap_mobility.optimise.routing.solution import RoutingSolution

__all__ = ["covering_dear", "dearest", "horizon_s", "longest_s", "most_routes", "rank"]


def rank(problem: RoutingProblem, solution: RoutingSolution) -> tuple[int, int, int]:
    """How bad a plan is, less is better: what is missing, then routes if they count, then cost."""
    routes = len(solution.routes) if problem.objective.vehicles_first else 0
    return len(solution.missing), routes, solution.cost.total


def most_routes(problem: RoutingProblem) -> int:
    """No plan has more routes: none is empty."""
    return min(int(problem.vehicles.count.sum()), len(problem.requests))


def longest_s(problem: RoutingProblem) -> int:
    """No route lasts longer, by the limits of the vehicles."""
    fleet = problem.vehicles
    within = np.minimum(fleet.shift_s + fleet.overtime_s, fleet.latest_s - fleet.earliest_s)
    return int(within.max(initial=0))


def horizon_s(problem: RoutingProblem) -> int:
    """Whatever can be done at all can be done by then.

    Begun as early as it may, each task waits at most for the latest opening of a window and then
    for the tasks and ways before it.
    """
    tasks = problem.tasks
    opening = max(
        int(tasks.window_s[:, 0].max(initial=0)), int(problem.vehicles.earliest_s.max(initial=0))
    )
    way = int(problem.duration_s.max(initial=0))
    working = opening + int(tasks.service_s.sum()) + (len(tasks) + 1) * way
    return min(working, max(int(problem.vehicles.latest_s.max(initial=0)), 0), UNLIMITED)


def covering_dear(problem: RoutingProblem) -> int:
    """What is lost at most where nobody is covered who need not be."""
    return int(np.maximum(problem.covering.prize, 0).sum())


def dearest(problem: RoutingProblem) -> int:
    """No plan made of useful routes costs more: each task has one way in, each route one way back.

    What no vehicle is paid for to wait: a route is never longer than the horizon.
    """
    fleet, routes = problem.vehicles, most_routes(problem)
    ways_in = problem.distance.max(axis=(0, 1), initial=0)[problem.tasks.place]
    metres = int(ways_in.sum()) + routes * int(problem.distance.max(initial=0))
    lasting = min(longest_s(problem), horizon_s(problem))
    hourly = int(fleet.per_s.max(initial=0)) + int(fleet.per_overtime_s.max(initial=0))
    return (
        metres * int(fleet.per_distance.max(initial=0))
        + routes * (int(fleet.fixed.max(initial=0)) + max(lasting, 0) * hourly)
        + int(np.maximum(problem.requests.prize, 0).sum())
        + 1
    )
