"""What can be proven: single visits without hours, for themselves or for who comes to them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from msap_mobility.errors import Faults
from msap_mobility.optimise.routing.backends.worth import dearest
from msap_mobility.optimise.routing.problem import NONE, UNLIMITED
from msap_mobility.optimise.routing.rules import further_rules

if TYPE_CHECKING:
    from msap_mobility.optimise.routing.problem import RoutingProblem

__all__ = ["MARKED", "MOST_STOPS", "SCALE", "dear", "refuse_unprovable", "unprovable", "useful"]

MOST_STOPS = 62
"""A set of stops is one word of 64 bits."""
MARKED = 62
"""How many customers are known to have paid; others pay at every stop within their reach."""
SCALE = 1 << 16
"""Prices are whole multiples of 1/65536 of a unit of cost: no sum of them is ever rounded."""
_MOST = 1 << 60
_ALLOWED = ("covering", "days")


def unprovable(problem: RoutingProblem) -> tuple[str, ...]:
    """Names of the rules in `problem` that `proven` cannot reckon with; empty if it can with all.

    Beside those of `rules.further_rules` but ``covering`` and ``days``::

        pairs           pickups with deliveries
        groups          requests of which at most one is served
        windows         hours of tasks
        vehicles_first  `Objective.vehicles_first`
        balance         `Objective.balance`
        mixed_load      what comes aboard takes the room of what left
        stops           more than `MOST_STOPS` requests, idle ones left aside
        magnitude       costs whose sums may leave the range of whole numbers

    Parameters
    ----------
    problem
        What was asked.

    Examples
    --------
    >>> import numpy as np
    >>> from msap_mobility.optimise.routing.problem import (
    ...     Requests, RoutingProblem, Tasks, Vehicles,
    ... )
    >>> here = np.zeros((1, 1), dtype=np.int64)
    >>> problem = RoutingProblem(
    ...     distance=here,
    ...     duration_s=here,
    ...     tasks=Tasks.of(place=[0, 0], load=[1, -1], windows=[[(0, 9)], []]),
    ...     requests=Requests.of(task=[0, 1]),
    ...     vehicles=Vehicles.of(count=1),
    ... )
    >>> unprovable(problem)
    ('windows', 'mixed_load')
    """
    requests, load = problem.requests, problem.tasks.load
    found = {
        "pairs": (requests.delivery != NONE).any(),
        "groups": (requests.group != NONE).any(),
        "windows": len(problem.tasks.window_s) > 0,
        "vehicles_first": problem.objective.vehicles_first,
        "balance": problem.objective.balance > 0,
        "mixed_load": ((load > 0).any(axis=0) & (load < 0).any(axis=0)).any(),
        "stops": len(useful(problem)) > MOST_STOPS,
        "magnitude": _largest(problem) * SCALE > _MOST,
    }
    own = tuple(rule for rule, there in found.items() if there)
    return own + tuple(rule for rule in further_rules(problem) if rule not in _ALLOWED)


def useful(problem: RoutingProblem) -> list[int]:
    """The requests that are served for anybody or anything, or because a way by them is shorter."""
    covering = set(problem.covering.reach.tolist())
    place = problem.tasks.place[problem.requests.task].tolist()
    return [
        row
        for row, prize in enumerate(problem.requests.prize.tolist())
        if prize != 0 or row in covering or _shortens(problem, place[row])
    ]


def _shortens(problem: RoutingProblem, place: int) -> bool:
    """Whether some way by a place is shorter than the direct one."""
    return any(
        bool((matrix[:, :, [place]] + matrix[:, [place], :].astype(np.int64) < matrix).any())
        for matrix in (problem.distance, problem.duration_s)
    )


def dear(problem: RoutingProblem) -> int:
    """A price above whatever a plan can cost."""
    return dearest(problem) + int(problem.covering.prize.clip(min=0).sum())


def _largest(problem: RoutingProblem) -> int:
    """No sum of prices is larger."""
    left = len(problem.requests) + len(problem.covering) + 2
    limits = problem.vehicles.max_distance[problem.vehicles.max_distance < UNLIMITED]
    return left * dear(problem) + int(limits.max(initial=0))


def refuse_unprovable(problem: RoutingProblem) -> None:
    """Raise if `proven` cannot reckon with every rule of `problem`.

    Raises
    ------
    InputError
        ``routing_not_provable`` for each rule.
    """
    with Faults() as faults:
        for rule in unprovable(problem):
            faults.add("routing_not_provable", value=rule)
