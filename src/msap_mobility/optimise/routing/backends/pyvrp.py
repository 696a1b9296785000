"""PyVRP's iterated local search behind the protocol.

Wouda, Lan & Kool 2024, doi 10.1287/ijoc.2023.0055. Its interface moves between releases: the
extra pins one, and only this module and `pyvrp_data` know it.

Where routes cost nothing, all that counts are prizes, and PyVRP is blind among plans that serve
the same: it is given the distance as a cost and the prizes enlarged, by several factors in turn,
since none is best everywhere, then by the best of them. Plans are compared by what the problem
says.
"""

from __future__ import annotations

from importlib import import_module
from time import perf_counter
from typing import TYPE_CHECKING, Any

import numpy as np

from msap_mobility.errors import MissingExtra
from msap_mobility.optimise.routing.backends.pyvrp_covering import (
    beside_others,
    load_asked,
    stops_and_both_asked,
)
from msap_mobility.optimise.routing.backends.pyvrp_data import Weights
from msap_mobility.optimise.routing.backends.pyvrp_runs import Runs
from msap_mobility.optimise.routing.backends.worth import (
    covering_dear,
    dearest,
    horizon_s,
    longest_s,
    most_routes,
)
from msap_mobility.optimise.routing.problem import NONE
from msap_mobility.optimise.routing.rules import further_rules

if TYPE_CHECKING:
    from msap_mobility.budget import Budget
    from msap_mobility.optimise.routing.backends.protocol import Progress, ShouldStop
    from msap_mobility.optimise.routing.problem import RoutingProblem
    from msap_mobility.optimise.routing.solution import RoutingSolution

__all__ = ["PyVRP"]

_WAYS_FOR_A_PRIZE = (3, 12, 50)
"""How many ways between neighbours a middling prize is made worth where routes cost nothing."""
_MOST = 1 << 61
"""Of any sum, with room to spare in 64 bits."""


class PyVRP:
    """PyVRP, an optional package.

    Examples
    --------
    >>> PyVRP().name
    'pyvrp'
    """

    name = "pyvrp"

    def refusals(self, problem: RoutingProblem) -> tuple[str, ...]:
        """Names of the rules in `problem` it cannot express."""
        requests, tasks = problem.requests, problem.tasks
        paired = requests.delivery != NONE
        ends = np.concatenate([requests.task[paired], requests.delivery[paired]])
        longest = min(longest_s(problem), horizon_s(problem))
        prizes = max((weights.prize for weights in _values(problem)), default=1)
        counted = most_routes(problem) * problem.objective.vehicles_first + 1
        prices = (len(requests) + len(problem.covering.reach) + 1) * prizes * counted
        found = {
            "balance": problem.objective.balance > 0,
            "max_ride_s": (requests.max_ride_s[paired] < longest).any(),
            "pair_window": (np.diff(tasks.window_start)[ends] > 1).any(),
            "pair_group": (requests.group[paired] != NONE).any(),
            "pair_stops": paired.any() and (problem.vehicles.max_stops < len(tasks)).any(),
            "covering_load": load_asked(problem),
            "covering_stops": stops_and_both_asked(problem),
            "magnitude": prices * (dearest(problem) + covering_dear(problem)) > _MOST,
        }
        own = tuple(rule for rule, there in found.items() if there)
        further = further_rules(problem)
        said = () if beside_others(problem) else ("covering",)
        return (*own, *(rule for rule in further if rule not in said))

    def solve(
        self,
        problem: RoutingProblem,
        *,
        budget: Budget,
        seed: int,
        initial: RoutingSolution | None,
        progress: Progress | None,
        should_stop: ShouldStop | None,
    ) -> RoutingSolution:
        """The best routes found; see `Backend.solve`. Workers are not used: PyVRP has one thread.

        The time is shared among starts; iterations are given to each search, of which there is one
        for each factor of prizes, and one more for the best of them.
        """
        begin = perf_counter()
        runs = Runs(
            pyvrp=_package(),
            problem=problem,
            budget=budget,
            begin=begin,
            progress=progress,
            should_stop=should_stop,
        )
        return runs.best(_values(problem), seed=seed, initial=initial)


def _package() -> Any:
    try:
        return import_module("pyvrp")
    except ImportError as error:
        raise MissingExtra("pyvrp", "pyvrp") from error


def _values(problem: RoutingProblem) -> list[Weights]:
    """What PyVRP is told to value, run by run: what the problem says, where that guides it."""
    fleet, requests = problem.vehicles, problem.requests
    paid = fleet.per_distance + fleet.per_s + fleet.per_overtime_s + fleet.fixed
    prized = requests.prize[requests.prize > 0]
    if paid.any() or len(prized) == 0 or problem.objective.vehicles_first:
        return [Weights()]
    far = bool(problem.distance.any())
    way = _way_to_neighbour(problem, problem.distance if far else problem.duration_s)
    middling = max(float(np.median(prized)), 1.0)
    factors = {max(1, round(ways * way / middling)) for ways in _WAYS_FOR_A_PRIZE}
    return [
        Weights(prize=factor, per_distance=int(far), per_s=int(not far))
        for factor in sorted(factors)
    ]


def _way_to_neighbour(problem: RoutingProblem, matrix: np.ndarray[Any, Any]) -> float:
    """The middle of what lies between places of tasks and the nearest other such place."""
    places = np.unique(problem.tasks.place)
    between = matrix[0][np.ix_(places, places)].astype(np.float64)
    np.fill_diagonal(between, np.inf)
    nearest = between.min(axis=1, initial=np.inf)
    nearest = nearest[np.isfinite(nearest) & (nearest > 0)]
    return float(np.median(nearest)) if len(nearest) else float(matrix.max(initial=1))
