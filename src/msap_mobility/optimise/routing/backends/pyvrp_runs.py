"""Runs of PyVRP that share one budget; the best plan of all, by what the problem says."""

from __future__ import annotations

import warnings
from dataclasses import replace
from time import perf_counter
from typing import TYPE_CHECKING, Any

import numpy as np

from msap_mobility.optimise.routing.answer import solution_of
from msap_mobility.optimise.routing.backends.pyvrp_covering import lean
from msap_mobility.optimise.routing.backends.pyvrp_data import Weights, encode
from msap_mobility.optimise.routing.backends.worth import rank

if TYPE_CHECKING:
    from collections.abc import Sequence

    from msap_mobility.budget import Budget
    from msap_mobility.optimise.routing.backends.protocol import Progress, ShouldStop
    from msap_mobility.optimise.routing.backends.pyvrp_routes import Encoded
    from msap_mobility.optimise.routing.problem import RoutingProblem
    from msap_mobility.optimise.routing.solution import RoutingSolution

__all__ = ["Runs"]

_NAME = "pyvrp"
_STRICT_SHARE = 0.6
"""Of the time of a run, before what must be served may be left, if no plan serves it all."""
_TRIAL_SHARE = 1 / 6
"""Of the time of a start, for each of several ways to weigh the prizes; the rest is for one."""
_MOST_PENALTY = 100_000.0
_SEEDS = 1 << 32
_TELL_EVERY_S = 0.05


Worth = tuple[int, int, int]


class Runs:
    """One after the other, the best plan so far kept.

    Parameters
    ----------
    pyvrp
        The package.
    problem, budget, progress, should_stop
        As `solve` is given them.
    begin
        When the time began to run, by ``perf_counter``.
    """

    def __init__(
        self,
        *,
        pyvrp: Any,
        problem: RoutingProblem,
        budget: Budget,
        begin: float,
        progress: Progress | None,
        should_stop: ShouldStop | None,
    ) -> None:
        self.pyvrp, self.problem, self.budget, self.begin = pyvrp, problem, budget, begin
        self.progress, self.should_stop = progress, should_stop
        self.found = solution_of(problem, [], engine=_NAME)
        self.iterations: list[int] = []

    def best(
        self, values: Sequence[Weights], *, seed: int, initial: RoutingSolution | None
    ) -> RoutingSolution:
        """The best plan of all starts.

        With several `values` a start tries each for a while, then goes on with the best of them.
        """
        if initial is not None:
            self.keep([(route.vehicle, route.tasks) for route in initial.routes])
        for start in range(self.budget.starts):
            number = (seed + start) % _SEEDS
            chosen, begun = values[0], initial
            if len(values) > 1:
                worth = []
                for tried, weights in enumerate(values, 1):
                    until = self._until(start, tried * _TRIAL_SHARE)
                    worth.append((self._run(weights, number, until, initial), tried - 1))
                chosen, begun = values[min(worth)[1]], self.found
            self._run(chosen, number, self._until(start, 1.0), begun)
        return replace(self.found, iterations=tuple(self.iterations))

    def _until(self, start: int, share: float) -> float:
        """When that share of the time of a start is over."""
        if self.budget.seconds is None:
            return np.inf
        return self.begin + self.budget.seconds * (start + share) / self.budget.starts

    def over(self, until: float) -> bool:
        """Whether it is time to end."""
        stopped = self.should_stop is not None and self.should_stop()
        return stopped or perf_counter() >= until

    def keep(self, routes: Sequence[tuple[int, Sequence[int]]]) -> Worth:
        """Keep a plan if none so far is as good by what the problem says; how good it is."""
        if len(self.problem.covering) > 0:
            routes = lean(self.problem, routes, _NAME)
        plan = solution_of(self.problem, routes, engine=_NAME)
        worth = rank(self.problem, plan)
        if worth < rank(self.problem, self.found):
            self.found = plan
        return worth

    def tell(self, iterations: int) -> None:
        """Tell how far the search is."""
        if self.progress is None:
            return
        shares = [0.0]
        if self.budget.seconds is not None:
            shares.append((perf_counter() - self.begin) / self.budget.seconds)
        if self.budget.iterations is not None:
            shares.append(iterations / self.budget.iterations)
        self.progress(min(1.0, max(shares)), float(self.found.cost.total))

    def _run(
        self, weights: Weights, seed: int, until: float, initial: RoutingSolution | None
    ) -> Worth:
        """One run; a second one, lenient, if none that serves all it must was found."""
        encoded = encode(self.pyvrp, self.problem, weights)
        if encoded is None or (self.iterations and self.over(until)):
            self.iterations.append(0)
            return rank(self.problem, self.found)
        now = perf_counter()
        strict_until = now + _STRICT_SHARE * (until - now) if encoded.must else until
        done, worth, complete = self._searched(encoded, seed, (strict_until, until), initial)
        if encoded.must and not complete and not self.over(until):
            lenient = encode(self.pyvrp, self.problem, replace(weights, lenient=True))
            if lenient is not None:
                more, other, _ = self._searched(lenient, seed, (until, until), initial)
                done, worth = done + more, min(worth, other)
        self.iterations.append(done)
        return worth

    def _searched(
        self,
        encoded: Encoded,
        seed: int,
        until: tuple[float, float],
        initial: RoutingSolution | None,
    ) -> tuple[int, Worth, bool]:
        """Iterations done, how good the best plan is, and whether it keeps every rule."""
        pyvrp, watch = self.pyvrp, _Watch(self, encoded, until)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it warns of penalties at their bound
            result = pyvrp.solve(
                encoded.data,
                watch.over,
                seed=seed,
                collect_stats=False,
                params=pyvrp.SolveParams(
                    ils=pyvrp.IteratedLocalSearchParams(callbacks=watch),
                    penalty=pyvrp.PenaltyParams(max_penalty=self._most_penalty()),
                ),
                initial_solution=self._initial(encoded, initial),
            )
        repaired = [self._repaired(encoded, route) for route in result.best.routes()]
        left = [route for route in repaired if route is not None]
        worth = self.keep(encoded.sequences(self.problem, left))
        return int(result.num_iterations), worth, bool(result.is_feasible())

    def _most_penalty(self) -> float:
        """What a unit too much may cost at most: PyVRP's own bound, or the dearest way.

        Its own is made for small numbers; under it, dear ways in a fine unit make too much aboard
        the cheaper choice.
        """
        fleet = self.problem.vehicles
        far = self.problem.distance.max(axis=(1, 2), initial=0)[fleet.profile]
        way = int((fleet.fixed + fleet.per_distance * far).max(initial=0))
        return max(_MOST_PENALTY, float(way))

    def _initial(self, encoded: Encoded, initial: RoutingSolution | None) -> Any:
        if initial is None or not initial.routes or len(self.problem.covering) > 0:
            return None  # a plan of stops does not say which copies are visited
        routes = encoded.routes(self.pyvrp, self.problem, initial)
        return self.pyvrp.Solution(encoded.data, routes)

    def _repaired(self, encoded: Encoded, route: Any) -> Any:
        """The route without the requests that break a rule; None if nothing is left.

        They are tried in driving order, a shipment where it is picked up.
        """
        if route.is_feasible():
            return route
        stops = [stop for stop in route if not stop.is_depot()]
        kept: list[tuple[bool, int]] = []
        best = None
        for request in dict.fromkeys((stop.is_client(), stop.idx) for stop in stops):
            tried = [*kept, request]
            visits = [
                self.pyvrp.Activity(stop.type, stop.idx)
                for stop in stops
                if (stop.is_client(), stop.idx) in tried
            ]
            shorter = self.pyvrp.Route(encoded.data, visits, route.vehicle_type())
            if shorter.is_feasible():
                kept, best = tried, shorter
        return best


class _Watch:
    """The clock of one search, and what PyVRP calls while searching."""

    def __init__(self, runs: Runs, encoded: Encoded, until: tuple[float, float]) -> None:
        self.runs, self.encoded, self.until = runs, encoded, until
        self.iterations = 0
        self.newest: Any = None
        self.told = perf_counter()

    def over(self, best_cost: int) -> bool:
        """Whether it is time to end: later if what must be served is."""
        most = self.runs.budget.iterations
        if most is not None and self.iterations >= most:
            return True
        return self.runs.over(self.until[int(best_cost < np.iinfo(np.int64).max)])

    def on_start(self, _: Any) -> None:
        """Nothing to do."""

    def on_end(self, _: Any) -> None:
        """Nothing to do."""

    def on_restart(self, _: Any) -> None:
        """Nothing to do."""

    def on_best(self, best: Any) -> None:
        """A better plan."""
        self.newest = best

    def on_iteration(self, *_: Any) -> None:
        """Count, and tell from time to time."""
        self.iterations += 1
        if self.runs.progress is None or perf_counter() - self.told < _TELL_EVERY_S:
            return
        if self.newest is not None and self.newest.is_feasible():
            routes = self.newest.routes()
            self.runs.keep(self.encoded.sequences(self.runs.problem, routes))
            self.newest = None
        self.runs.tell(self.iterations)
        self.told = perf_counter()
