"""What is asked of the routing engine: tables of arrays.

A **task** is something done at a place: so long, within these windows, this much loaded or
unloaded. A **request** is one task, or a pickup and its delivery. A **group** holds requests of
which at most one, or exactly one, is served. A **pattern** holds requests that are served
together, and each customer has one of its patterns; what is served may **cover** others. A
**vehicle type** is a row with a count, on one day; its drivers take **breaks**.

All numbers are whole. Distances and costs are in any unit of the caller's, times in seconds.
"""

from __future__ import annotations

from msap_mobility.optimise.routing.problem.breaks import Breaks
from msap_mobility.optimise.routing.problem.covering import Covering
from msap_mobility.optimise.routing.problem.marks import (
    ANY_DAY,
    ANYWHERE,
    MANDATORY,
    NONE,
    RELOAD,
    UNLIMITED,
)
from msap_mobility.optimise.routing.problem.patterns import Patterns
from msap_mobility.optimise.routing.problem.requests import Groups, Requests
from msap_mobility.optimise.routing.problem.routing import RoutingProblem
from msap_mobility.optimise.routing.problem.tasks import Tasks
from msap_mobility.optimise.routing.problem.vehicles import Objective, Vehicles

__all__ = [
    "ANYWHERE",
    "ANY_DAY",
    "MANDATORY",
    "NONE",
    "RELOAD",
    "UNLIMITED",
    "Breaks",
    "Covering",
    "Groups",
    "Objective",
    "Patterns",
    "Requests",
    "RoutingProblem",
    "Tasks",
    "Vehicles",
]
