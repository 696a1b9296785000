"""OR-Tools' routing library behind the protocol: what is always installed.

Insertion or savings, then guided local search (Voudouris & Tsang 1999,
doi 10.1016/S0377-2217(98)00099-X). It has no seed and one thread: the seed, starts and workers of
a search change nothing.
"""

from __future__ import annotations

import warnings
from dataclasses import replace
from time import perf_counter
from typing import TYPE_CHECKING, Any

import numpy as np

from msap_mobility.optimise.routing.answer import solution_of
from msap_mobility.optimise.routing.backends.ortools_model import Model
from msap_mobility.optimise.routing.backends.takers import usable
from msap_mobility.optimise.routing.backends.worth import dearest, most_routes, rank
from msap_mobility.optimise.routing.problem import NONE, UNLIMITED
from msap_mobility.optimise.routing.rules import further_rules

if TYPE_CHECKING:
    from msap_mobility.budget import Budget
    from msap_mobility.optimise.routing.backends.protocol import Progress, ShouldStop
    from msap_mobility.optimise.routing.problem import RoutingProblem
    from msap_mobility.optimise.routing.solution import RoutingSolution

__all__ = ["ORTools"]

_LONGEST_S = 366 * 24 * 3600
_MOST = 1 << 61
"""Of any sum, with room to spare in 64 bits."""
_TELL_EVERY_S = 0.05
_PATIENCE = 100
"""How often OR-Tools may ask for each pair of tasks before it accepts another plan. Where no move
is left it would look for one for ever."""


Plan = list[tuple[int, list[int]]]


class ORTools:
    """OR-Tools.

    Examples
    --------
    >>> ORTools().name
    'ortools'
    """

    name = "ortools"

    def refusals(self, problem: RoutingProblem) -> tuple[str, ...]:
        """Names of the rules in `problem` it cannot express."""
        counted = most_routes(problem) * problem.objective.vehicles_first + 1
        found = {
            "balance": problem.objective.balance > 0,
            "magnitude": (len(problem.requests) + 1) * dearest(problem) * counted > _MOST,
        }
        own = tuple(rule for rule, there in found.items() if there)
        return (*own, *further_rules(problem))

    def solve(
        self,
        problem: RoutingProblem,
        *,
        budget: Budget,
        seed: int,  # noqa: ARG002 - it has none
        initial: RoutingSolution | None,
        progress: Progress | None,
        should_stop: ShouldStop | None,
    ) -> RoutingSolution:
        """The best routes found; see `Backend.solve`. An iteration is a plan OR-Tools accepts."""
        begin = perf_counter()
        found = solution_of(problem, [], engine=ORTools.name, iterations=(0,))
        if len(problem.requests) == 0 or not usable(problem).any():
            return found
        library = _library()
        model = Model(library, problem)
        watch = _Watch(model, budget, begin, progress, should_stop)
        assignment = _searched(library, model, watch, initial)
        plans = [] if assignment is None else [model.sequences(assignment)]
        if initial is not None:
            plans.append([(route.vehicle, list(route.tasks)) for route in initial.routes])
        for plan in plans:
            answer = solution_of(problem, plan, engine=ORTools.name)
            found = min(found, answer, key=lambda each: rank(problem, each))
        return replace(found, iterations=(watch.plans,))


def _library() -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of its wrapper's own types
        from ortools.constraint_solver import pywrapcp  # noqa: PLC0415 - heavy
    return pywrapcp


def _searched(library: Any, model: Model, watch: _Watch, initial: RoutingSolution | None) -> Any:
    """The best assignment, or None."""
    from ortools.constraint_solver import routing_enums_pb2 as kinds  # noqa: PLC0415 - heavy

    parameters = library.DefaultRoutingSearchParameters()
    first = kinds.FirstSolutionStrategy
    parameters.first_solution_strategy = (
        first.SAVINGS if _loads_only(model.problem) else first.PARALLEL_CHEAPEST_INSERTION
    )
    guided = kinds.LocalSearchMetaheuristic.GUIDED_LOCAL_SEARCH
    parameters.local_search_metaheuristic = guided
    if watch.budget.iterations is not None:
        parameters.solution_limit = watch.budget.iterations
    parameters.time_limit.FromSeconds(_LONGEST_S)
    model.routing.CloseModelWithParameters(parameters)
    model.routing.AddAtSolutionCallback(watch.at_plan)
    if watch.should_stop is not None or watch.budget.iterations is not None:
        model.routing.AddSearchMonitor(model.solver.CustomLimit(watch.stopped))
    begin = model.assignment(initial) if initial is not None and initial.routes else None
    parameters.time_limit.FromMilliseconds(max(1, int(1000 * watch.left_s())))
    if begin is None:
        return model.routing.SolveWithParameters(parameters)
    return model.routing.SolveFromAssignmentWithParameters(begin, parameters)


def _loads_only(problem: RoutingProblem) -> bool:
    """Single visits that must be served from one depot, without hours."""
    requests, fleet = problem.requests, problem.vehicles
    return (
        len(problem.tasks.window_s) == 0
        and bool((requests.delivery == NONE).all() and (requests.prize < 0).all())
        and len(np.unique(fleet.start)) == 1
        and bool((fleet.start == fleet.end).all() and (fleet.latest_s == UNLIMITED).all())
    )


class _Watch:
    """The clock of a search, and what OR-Tools calls while searching."""

    def __init__(
        self,
        model: Model,
        budget: Budget,
        begin: float,
        progress: Progress | None,
        should_stop: ShouldStop | None,
    ) -> None:
        self.model, self.budget, self.begin = model, budget, begin
        self.progress, self.should_stop = progress, should_stop
        self.plans = 0
        self.newest: tuple[int, Plan] | None = None
        self.costed: tuple[int, Plan] = (0, [])
        self.told = begin
        self.asked, self.answer = begin, False
        self.patience = _PATIENCE * (10 + len(model.problem.tasks)) ** 2
        self.idle = 0

    def left_s(self) -> float:
        """Seconds left."""
        if self.budget.seconds is None:
            return _LONGEST_S
        return self.budget.seconds - (perf_counter() - self.begin)

    def stopped(self) -> bool:
        """Whether to stop; OR-Tools asks a million times a second, others are asked 20 times."""
        if self.budget.iterations is not None:
            self.idle += 1
            self.answer |= self.idle > self.patience
        if self.should_stop is not None and not self.answer:
            now = perf_counter()
            if now - self.asked >= _TELL_EVERY_S:
                self.asked, self.answer = now, bool(self.should_stop())
        return self.answer

    def at_plan(self) -> None:
        """A plan was accepted."""
        self.plans, self.idle = self.plans + 1, 0
        if self.progress is None:
            return
        worth = self.model.routing.CostVar().Min()
        if self.newest is None or worth < self.newest[0]:
            self.newest = (worth, self.model.sequences())
        now = perf_counter()
        if now - self.told < _TELL_EVERY_S:
            return
        self.told = now
        if self.newest[1] is not self.costed[1]:
            plan = solution_of(self.model.problem, self.newest[1], engine=ORTools.name)
            self.costed = (plan.cost.total, self.newest[1])
        shares = [0.0]
        if self.budget.seconds is not None:
            shares.append((now - self.begin) / self.budget.seconds)
        if self.budget.iterations is not None:
            shares.append(self.plans / self.budget.iterations)
        self.progress(min(1.0, max(shares)), float(self.costed[0]))
