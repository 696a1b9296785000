"""Which of the rules that not every engine knows a problem really asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msap_mobility.optimise.routing.problem import ANY_DAY, NONE, UNLIMITED

if TYPE_CHECKING:
    from msap_mobility.optimise.routing.problem import RoutingProblem

__all__ = ["further_rules"]


def further_rules(problem: RoutingProblem) -> tuple[str, ...]:
    """Names of the rules beyond visits, pairs, groups and vehicles that change what is allowed.

    A table that is there and asks nothing (vehicles of one day and requests of the same, a place
    to reload but a single trip) counts as no rule. ::

        days        requests of one day, vehicles of another
        patterns    `Patterns`
        hours       `Patterns.per_s_apart`, `Tasks.per_s_off`
        covering    `Covering`
        breaks      `Breaks`
        reload      `Vehicles.reload` with more than one trip
        release_s   `Requests.release_s`
        max_cold_s  `Requests.max_cold_s`
        dwell       `Tasks.service_most_s`

    Parameters
    ----------
    problem
        What is asked.

    Examples
    --------
    >>> import numpy as np
    >>> from msap_mobility.optimise.routing.problem import (
    ...     Breaks, Requests, RoutingProblem, Tasks, Vehicles,
    ... )
    >>> here = np.zeros((1, 1), dtype=np.int64)
    >>> problem = RoutingProblem(
    ...     distance=here,
    ...     duration_s=here,
    ...     tasks=Tasks.of(place=[0], service_s=[600], service_most_s=[900]),
    ...     requests=Requests.of(task=[0], day=0),
    ...     vehicles=Vehicles.of(count=1, day=0),
    ...     breaks=Breaks.of(vehicle=[0], duration_s=1200),
    ... )
    >>> further_rules(problem)
    ('breaks', 'dwell')
    """
    tasks, requests, fleet = problem.tasks, problem.requests, problem.vehicles
    dated = requests.day[requests.day != ANY_DAY]
    wanted = (tasks.wanted_s < UNLIMITED) & (tasks.per_s_off > 0)
    found = {
        "days": (dated[:, None] != fleet.day[None, :]).any(),
        "patterns": problem.patterns.customers > 0,
        "hours": wanted.any() or (problem.patterns.per_s_apart > 0).any(),
        "covering": len(problem.covering) > 0,
        "breaks": len(problem.breaks) > 0,
        "reload": ((fleet.reload != NONE) & (fleet.max_trips > 1)).any(),
        "release_s": (requests.release_s > 0).any(),
        "max_cold_s": (requests.max_cold_s < UNLIMITED).any(),
        "dwell": (tasks.service_most_s > tasks.service_s).any(),
    }
    return tuple(rule for rule, there in found.items() if there)
