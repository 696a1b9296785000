"""When what is done: without windows each route leaves as early as it may and never waits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msap_mobility.optimise.routing.problem import ANYWHERE
from msap_mobility.optimise.routing.solution import Route

if TYPE_CHECKING:
    from msap_mobility.optimise.routing.problem import RoutingProblem
    from msap_mobility.optimise.routing.proof.columns import Driven
    from msap_mobility.optimise.routing.proof.ground import Ground

__all__ = ["timed"]


def timed(problem: RoutingProblem, ground: Ground, driven: Driven) -> Route:
    """A route with its times."""
    vehicle, fleet = ground.kinds[driven[0]].vehicle, problem.vehicles
    tasks = problem.requests.task[ground.stops[list(driven[1])]].tolist()
    far_s = problem.duration_s[fleet.profile[vehicle]]
    here, clock = int(fleet.start[vehicle]), int(fleet.earliest_s[vehicle])
    starts_s, ends_s = [], []
    for task in tasks:
        there = int(problem.tasks.place[task])
        starts_s.append(clock + int(far_s[here, there]))
        here, clock = there, starts_s[-1] + int(problem.tasks.service_s[task])
        ends_s.append(clock)
    end = int(fleet.end[vehicle])
    return Route(
        vehicle=vehicle,
        tasks=tuple(tasks),
        departure_s=int(fleet.earliest_s[vehicle]),
        starts_s=tuple(starts_s),
        ends_s=tuple(ends_s),
        arrival_s=clock if end == ANYWHERE else clock + int(far_s[here, end]),
    )
