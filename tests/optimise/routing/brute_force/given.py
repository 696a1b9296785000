"""The best times of routes whose orders are given, by every window and every place of a break."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

from tests.optimise.routing.brute_force.hours import cheapest
from tests.optimise.routing.brute_force.itineraries import Itinerary, itineraries
from tests.optimise.routing.brute_force.plans import together_of
from tests.optimise.routing.brute_force.timing import least_work
from tests.optimise.routing.stated import stated

if TYPE_CHECKING:
    from collections.abc import Sequence

    from msap_mobility.optimise.routing.problem import RoutingProblem
    from msap_mobility.optimise.routing.solution import RoutingSolution


def possible(
    problem: RoutingProblem, vehicle: int, tasks: Sequence[int]
) -> list[tuple[int, Itinerary]]:
    """Every itinerary that can be driven, with its least work."""
    every = [(least_work(problem, way), way) for way in itineraries(problem, vehicle, tasks)]
    return [(work, way) for work, way in every if work is not None]


def best_times(
    problem: RoutingProblem, routes: Sequence[tuple[int, Sequence[int]]]
) -> RoutingSolution:
    """The routes that are possible, at the times that cost least together."""
    ways = [possible(problem, *route) for route in routes]
    ways = [each for each in ways if each]
    driven = {task for each in ways for task in each[0][1].tasks}
    served = frozenset(r for r, task in enumerate(problem.requests.task.tolist()) if task in driven)
    together = together_of(problem, served)
    found = None
    for chosen in product(*ways):
        timed = cheapest(problem, [way for _, way in chosen], together)
        assert timed is not None
        plan = stated(problem, timed)
        if found is None or plan.cost.total < found.cost.total:
            found = plan
    assert found is not None
    return found
