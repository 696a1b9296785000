"""Does a solution keep every rule? Recomputed from the problem, by code no engine ever saw.

Solutions come from this library's engine, from another one, from a file somebody edited: all are
judged alike, by their stated times and costs. ::

    reading    rows that exist, times that are whole
    driving    travel, windows, dwell, shift, distance, stops, trips
    pausing    breaks
    carrying   load, order, ride time, release, time since loading, skills, days
    serving    fleet, tasks, pairs, groups, who is not served
    choosing   patterns, covering, who is left without
    costing    every part of the cost
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msap_mobility.optimise.routing.check.broken import Broken
from msap_mobility.optimise.routing.check.carrying import carrying
from msap_mobility.optimise.routing.check.choosing import choosing
from msap_mobility.optimise.routing.check.costing import costing
from msap_mobility.optimise.routing.check.driving import driving
from msap_mobility.optimise.routing.check.pausing import pausing
from msap_mobility.optimise.routing.check.reading import Reading
from msap_mobility.optimise.routing.check.serving import serving

if TYPE_CHECKING:
    from msap_mobility.optimise.routing.problem import RoutingProblem
    from msap_mobility.optimise.routing.solution import RoutingSolution

__all__ = ["Broken", "check"]


def check(problem: RoutingProblem, solution: RoutingSolution) -> tuple[Broken, ...]:
    """Every rule that a solution breaks; an empty tuple is one that can be driven as it says.

    Waiting is allowed anywhere. What must be served and is named in `missing` breaks no rule here:
    whether anything is missing, `RoutingSolution.feasible` tells.

    Parameters
    ----------
    problem
        What was asked.
    solution
        Whoever made it. A wrong one is told, never raised.

    Returns
    -------
    tuple of Broken
        What cannot be read, then route by route, then of the whole plan, then its cost.

    Examples
    --------
    >>> import numpy as np
    >>> from msap_mobility.optimise.routing.problem import (
    ...     Requests, RoutingProblem, Tasks, Vehicles,
    ... )
    >>> from msap_mobility.optimise.routing.solution import Cost, Route, RoutingSolution
    >>> line = np.abs(np.subtract.outer([0, 3, 5], [0, 3, 5]))
    >>> problem = RoutingProblem(
    ...     distance=line,
    ...     duration_s=line.astype(np.int32),
    ...     tasks=Tasks.of(place=[1, 2], load=[-1, -1], windows=[[(0, 2)], []]),
    ...     requests=Requests.of(task=[0, 1]),
    ...     vehicles=Vehicles.of(count=1, capacity=1),
    ... )
    >>> route = Route(vehicle=0, tasks=(0, 1), departure_s=0, starts_s=(3, 5), arrival_s=10)
    >>> cost = Cost(fixed=0, distance=9, time=0, overtime=0, balance=0, unserved=0)
    >>> solution = RoutingSolution(
    ...     routes=(route,), unserved=(), missing=(), cost=cost, engine="by hand"
    ... )
    >>> for broken in check(problem, solution):
    ...     print(broken.text("en"))
    Route 0, task 0: it begins 1 s outside its windows.
    Route 0, load dimension 0: 1 more is aboard than the vehicle holds.
    Distance: the cost is off by 1.
    """
    reading = Reading.of(problem, solution)
    broken = list(reading.broken)
    for route in reading.routes:
        broken += [*driving(problem, route), *pausing(problem, route), *carrying(problem, route)]
    broken += [*serving(problem, reading), *choosing(problem, reading)]
    return (*broken, *costing(problem, solution, reading))
