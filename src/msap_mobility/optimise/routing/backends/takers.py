"""Which vehicles could take a request if there were no other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from msap_mobility.optimise.routing.backends.worth import horizon_s
from msap_mobility.optimise.routing.problem import NONE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from msap_mobility.optimise.routing.problem import RoutingProblem

__all__ = ["takers", "usable", "windows_of"]

Bools = np.ndarray[Any, np.dtype[np.bool_]]


def usable(problem: RoutingProblem) -> NDArray[np.bool_]:
    """Types of vehicle of which there is one that may be under way at some time, bool (V,)."""
    fleet = problem.vehicles
    ready: Bools = (fleet.count > 0) & (fleet.earliest_s <= fleet.latest_s)
    return ready


def windows_of(problem: RoutingProblem, task: int) -> list[tuple[int, int]]:
    """The windows of a task, up to the time by which all that can be done is done."""
    tasks, horizon = problem.tasks, horizon_s(problem)
    first, end = tasks.window_start[task : task + 2].tolist()
    if first == end:
        return [(0, horizon)]
    rows = tasks.window_s[first:end].tolist()
    return [(early, min(late, horizon)) for early, late in rows if early <= horizon]


def takers(problem: RoutingProblem) -> NDArray[np.bool_]:
    """Which types have the skills and the room a request asks for, bool (Q, V).

    None has where no window is ever open, or the delivery's closes before the pickup's opens.
    """
    requests, fleet = problem.requests, problem.vehicles
    skilled = (requests.skills[:, None] & ~fleet.skills[None, :]) == 0
    load = np.abs(problem.tasks.load[requests.task])
    fits = (load[:, None, :] <= fleet.capacity[None, :, :]).all(axis=2)
    open_ = np.array([_ever_open(problem, row) for row in range(len(requests))], dtype=np.bool_)
    taken: Bools = skilled & fits & usable(problem)[None, :] & open_[:, None]
    return taken


def _ever_open(problem: RoutingProblem, row: int) -> bool:
    """Whether the windows, the ride limit and the service leave any time at all."""
    requests = problem.requests
    task, delivery = int(requests.task[row]), int(requests.delivery[row])
    if delivery == NONE:
        return bool(windows_of(problem, task))
    service = int(problem.tasks.service_s[task])
    most = service + int(requests.max_ride_s[row])
    return any(
        there - late <= most and until - early >= service
        for early, late in windows_of(problem, task)
        for there, until in windows_of(problem, delivery)
    )
