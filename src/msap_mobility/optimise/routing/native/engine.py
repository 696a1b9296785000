"""The engine behind `solve`: starts, workers, barriers, the clock."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import nullcontext
from dataclasses import replace
from functools import partial
from time import perf_counter
from typing import TYPE_CHECKING, Any

import numpy as np

from msap_mobility.optimise.routing.answer import solution_of
from msap_mobility.optimise.routing.native.allotment import Allotment
from msap_mobility.optimise.routing.native.arrays.plan import MISSING
from msap_mobility.optimise.routing.native.encode import encoded
from msap_mobility.optimise.routing.native.master import Master
from msap_mobility.optimise.routing.native.phases import (
    build,
    complete,
    cool,
    cool_with_fewer,
    save_vehicles,
)
from msap_mobility.optimise.routing.native.recombine import recombine, recombine_again
from msap_mobility.optimise.routing.native.start import LAST, Start
from msap_mobility.optimise.routing.rules import further_rules

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from contextlib import AbstractContextManager

    from msap_mobility.budget import Budget
    from msap_mobility.optimise.routing.backends import Progress, ShouldStop
    from msap_mobility.optimise.routing.problem import RoutingProblem
    from msap_mobility.optimise.routing.solution import RoutingSolution

    Phase = Callable[[Start, Allotment, threading.Event], None]

__all__ = ["Native"]

_TICK_S = 0.05
_SMALL = 150
"""Tasks up to which several cycles of cooling pay."""
_CYCLES, _POLISH = 3, 0.08
"""Cycles of small problems; share of the budget that follows the last recombination."""
_KNOWN = ("days", "patterns", "covering", "breaks", "reload", "release_s", "max_cold_s")
"""Of `further_rules`, those it searches with."""
_MASTER_SHARE, _MASTER_LEAST_S = 0.05, 0.3
"""Of the seconds, for each recombination; with less it is left out."""
_MASTER_WORK, _MASTER_LEAST_WORK, _ITERATIONS_A_WORK = 10_000, 2_000, 20
"""Most and least work of a recombination, and iterations for each unit of it."""


class Native:
    """The engine of this library.

    Parameters
    ----------
    replay
        An answer of this engine: what led to it is done again, whatever the clock says.

    Examples
    --------
    >>> Native().name
    'native'
    """

    name = "native"

    def __init__(self, replay: RoutingSolution | None = None) -> None:
        self._replay = replay

    def refusals(self, problem: RoutingProblem) -> tuple[str, ...]:
        """Names of the rules in `problem` it cannot express."""
        return tuple(rule for rule in further_rules(problem) if rule not in _KNOWN)

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
        """The best routes found within `budget`, see `solve`."""
        begun = perf_counter()
        if len(problem.requests) == 0 or not problem.vehicles.count.sum():
            return solution_of(problem, [], engine=self.name)
        arrays = encoded(problem)
        known = [(route.vehicle, route.tasks) for route in initial.routes] if initial else []
        starts = [
            Start(arrays, _dice(seed, number), number, known, **self._recorded(number))
            for number in range(budget.starts)
        ]
        if self._replay is not None:
            budget = replace(budget, seconds=None, iterations=max(self._replay.iterations))
        search = _Search(starts, budget, begun, progress, should_stop, self._replay)
        search.run(vehicles_first=problem.objective.vehicles_first)
        found = solution_of(
            problem,
            search.best.routes,
            engine=self.name,
            iterations=tuple(start.iterations for start in starts),
            cooling=tuple(tuple(start.stretches) for start in starts),
        )
        return replace(found, recombined=tuple(search.recombined))

    def _recorded(self, number: int) -> dict[str, Any]:
        """What a start is told of the one it repeats."""
        replay = self._replay
        if replay is None:
            return {}
        return {"recorded": replay.cooling[number], "last": replay.iterations[number]}


class _Search:
    """Runs all starts through the phases; between two phases they wait for each other."""

    def __init__(
        self,
        starts: Sequence[Start],
        budget: Budget,
        begun: float,
        progress: Progress | None,
        should_stop: ShouldStop | None,
        replay: RoutingSolution | None,
    ) -> None:
        self.starts, self.budget, self.begun = starts, budget, begun
        self.known = None if replay is None else iter(replay.recombined)
        self.recombined: list[tuple[int, ...]] = []
        self.progress, self.should_stop = progress, should_stop
        self.stop = threading.Event()

    @property
    def best(self) -> Start:
        """The start with the best plan; of equals the first."""
        return min(self.starts, key=lambda start: start.rank)

    def run(self, *, vehicles_first: bool) -> None:
        """All phases. A phase that ends early leaves its share to those after it."""
        program: list[tuple[Phase, float]] = [(build, 0.0), (complete, 0.3)]
        if vehicles_first:
            program.append((save_vehicles, 0.7))
        cycles = _CYCLES if self.starts[0].problem.tasks <= _SMALL else 1
        covers = len(self.starts[0].problem.home) > 0 and not vehicles_first
        for cycle in range(cycles):
            cooled = partial(cool_with_fewer if covers and cycle > 0 else cool, cycle=cycle)
            program.append((cooled, (1 - _POLISH) / cycles))
        program.append((partial(cool, cycle=LAST), _POLISH))
        workers = self.budget.workers
        with self._master() as master, ThreadPoolExecutor(max_workers=workers) as pool:
            for number, (phase, share) in enumerate(program):
                left = sum(later for _, later in program[number:])
                self._run_phase(pool, phase, share / left)
                if self.stop.is_set():
                    break
                if number >= len(program) - 1 - cycles and number < len(program) - 1:
                    self._recombine(master)

    def _master(self) -> AbstractContextManager[Master | None]:
        """Who recombines routes, if the budget is large enough for it and nobody did before."""
        if self.known is not None:
            return nullcontext()
        seconds, work = self._master_limits()
        enough = (seconds or _MASTER_LEAST_S) >= _MASTER_LEAST_S and work >= _MASTER_LEAST_WORK
        return Master() if enough else nullcontext()

    def _master_limits(self) -> tuple[float | None, int]:
        """Seconds and work of one recombination."""
        budget = self.budget
        seconds = None if budget.seconds is None else _MASTER_SHARE * budget.seconds
        work = _MASTER_WORK
        if budget.iterations is not None:
            work = min(work, budget.iterations * budget.starts // _ITERATIONS_A_WORK)
        return seconds, work

    def _recombine(self, master: Master | None) -> None:
        """A better plan from the routes of all starts, if there is one, or if there was one."""
        chosen: tuple[int, ...] = ()
        if self.known is not None:
            if (again := next(self.known, None)) is None:
                return  # it had been stopped by then
            chosen = again
            recombine_again(self.starts, self.best, chosen)
        elif master is not None and self.best.best.total[MISSING] == 0:
            seconds, work = self._master_limits()
            chosen = recombine(master, self.starts, self.best, work=work, seconds=seconds)
        self.recombined.append(chosen)

    def _run_phase(self, pool: ThreadPoolExecutor, phase: Phase, share: float) -> None:
        """One phase of all starts, while the caller is asked and told."""
        running = [pool.submit(self._run_start, phase, start, share) for start in self.starts]
        try:
            while wait(running, timeout=_TICK_S).not_done:
                if self.should_stop is not None and self.should_stop():
                    self.stop.set()
                if self.progress is not None:
                    self.progress(self._spent(), float(sum(self.best.rank[-1:])))
        except KeyboardInterrupt:
            self.stop.set()
        except BaseException:
            self.stop.set()
            raise
        for future in running:
            future.result()

    def _run_start(self, phase: Phase, start: Start, share: float) -> None:
        budget = self.budget
        allotment = Allotment.of(
            share=share,
            end=None if budget.seconds is None else self.begun + budget.seconds,
            most=budget.iterations,
            done=start.iterations,
            waves=-(-budget.starts // budget.workers),
        )
        phase(start, allotment, self.stop)

    def _spent(self) -> float:
        """Share of the budget used, 0 to 1."""
        by_clock = by_count = 0.0
        if self.budget.seconds is not None:
            by_clock = (perf_counter() - self.begun) / self.budget.seconds
        if self.budget.iterations is not None:
            done = sum(start.iterations for start in self.starts)
            by_count = done / (self.budget.iterations * len(self.starts))
        return min(1.0, max(by_clock, by_count))


def _dice(seed: int, number: int) -> int:
    """First random state of a start: never 0, different for every (seed, number)."""
    words = np.random.SeedSequence([seed % 2**64, number]).generate_state(1, dtype=np.uint64)
    return int(words[0]) or 1
