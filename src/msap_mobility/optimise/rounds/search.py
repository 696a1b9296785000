"""Run the engine: several starts, some threads, a clock between slices, the best tour kept."""

from __future__ import annotations

import threading
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from functools import partial
from numbers import Integral
from time import perf_counter
from typing import TYPE_CHECKING

import numpy as np

from msap_mobility.errors import Fault, InputError
from msap_mobility.optimise.dice import chance_table
from msap_mobility.optimise.rounds.anneal import cooling_table, finish, improve
from msap_mobility.optimise.rounds.arrays import (
    DUTY,
    ITERATION,
    PRICE,
    SERVED,
    Arrays,
    Int64,
    Memory,
    RoundsProblem,
    Tour,
    empty_tour,
    fresh_memory,
)
from msap_mobility.optimise.rounds.schedule import refresh

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from msap_mobility.budget import Budget

__all__ = ["Found", "search"]

_SLICE_S = 0.05
_BLINKS = (60, 20, 150, 5)
"""Places overlooked per thousand, by start."""
_COLDEST_S = 10


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Found:
    """The best tour of a search.

    Parameters
    ----------
    sequences
        int32 arrays: the places of each shift in driving order.
    served
        Weight of the customers served.
    duty_s
        Seconds of driving, set-up, serving and packing.
    iterations
        Done by each start: given back as `iterations_by_start`, they repeat the search.
    """

    sequences: tuple[np.ndarray[tuple[int], np.dtype[np.int32]], ...]
    served: int
    duty_s: int
    iterations: tuple[int, ...]


class _Start:
    """One independent search and its clock."""

    def __init__(self, problem: RoundsProblem, seed: int, number: int) -> None:
        self.problem = problem
        self.memory: Memory = fresh_memory(problem, _dice(seed, number))
        self.tours: tuple[Tour, Tour, Tour] = (
            empty_tour(problem),
            empty_tour(problem),
            empty_tour(problem),
        )
        for tour in self.tours:
            for shift in range(problem.shifts):
                refresh(tuple(problem), tuple(tour), shift)
        self.blink = _BLINKS[number % len(_BLINKS)]
        self.cooling: Int64 = cooling_table(_hottest_s(problem), _COLDEST_S)

    @property
    def iterations(self) -> int:
        """Done so far."""
        return int(self.memory.clock[ITERATION])

    @property
    def rank(self) -> tuple[int, int]:
        """What the best tour is worth: greater is better."""
        best = self.tours[2]
        return int(best.total[SERVED]), -int(best.total[DUTY])

    def run(self, iterations: int | None, seconds: float | None, stop: threading.Event) -> None:
        """Search until a limit is met, in slices of about `_SLICE_S`."""
        if len(self.problem.visit_shift) == 0:  # nothing can be visited: nothing to search
            return
        begin, slice_length = perf_counter(), 1
        while not stop.is_set():
            left = slice_length if iterations is None else iterations - self.iterations
            if left <= 0 or (seconds is not None and perf_counter() - begin >= seconds):
                break
            slice_begin = perf_counter()
            self._improve(min(left, slice_length))
            took = perf_counter() - slice_begin
            fitting = int(slice_length * _SLICE_S / max(took, 1e-9))
            slice_length = max(1, min(2 * slice_length, fitting))
        finish(*self._arrays)

    def _improve(self, iterations: int) -> None:
        improve(*self._arrays, self.cooling, chance_table(), self.blink, iterations)

    @property
    def _arrays(self) -> tuple[Arrays, Arrays, Arrays, Arrays, Arrays]:
        """Plain tuples, as kernels take them."""
        tour, accepted, best = self.tours
        return tuple(self.problem), tuple(tour), tuple(accepted), tuple(best), tuple(self.memory)

    def sequences(self) -> tuple[np.ndarray[tuple[int], np.dtype[np.int32]], ...]:
        """The rounds of the best tour."""
        best = self.tours[2]
        return tuple(
            best.sequence[shift, : best.length[shift]].copy()
            for shift in range(self.problem.shifts)
        )


def search(
    problem: RoundsProblem,
    *,
    budget: Budget,
    seed: int = 0,
    progress: Callable[[float, int, int], None] | None = None,
    should_stop: Callable[[], bool] | None = None,
    iterations_by_start: Sequence[int] | None = None,
) -> Found:
    """Look for the tour that serves most weight, then takes least duty.

    Parameters
    ----------
    problem
        See `RoundsProblem`.
    budget
        Limits, starts and workers. Workers are threads and never change the answer.
    seed
        Of all random numbers, together with the number of the start.
    progress
        Called about 20 times a second with the share of the budget spent, the weight served and
        the duty of the best tour so far.
    should_stop
        Asked as often; the search ends with the best so far as soon as it says yes.
    iterations_by_start
        Exactly so many iterations for each start instead of the budget's limits: a replay.

    Raises
    ------
    InputError
        ``not_replayable``: `iterations_by_start` is empty or has a negative number.

    Notes
    -----
    Ctrl-C in the calling thread ends the search with the best so far.
    """
    limits = _limits(budget, iterations_by_start)
    starts = [_Start(problem, seed, number) for number in range(len(limits))]
    stop = threading.Event()
    with ThreadPoolExecutor(max_workers=budget.workers) as pool:
        running = [
            pool.submit(start.run, *limit, stop)
            for start, limit in zip(starts, limits, strict=True)
        ]
        spent = partial(_spent, starts, limits, budget, perf_counter())
        try:
            while not _ended(running):
                if should_stop is not None and should_stop():
                    stop.set()
                if progress is not None:
                    progress(spent(), *_best(starts))
        except KeyboardInterrupt:
            stop.set()
        except BaseException:
            stop.set()
            raise
    for future in running:
        future.result()
    winner = max(starts, key=lambda start: start.rank)
    return Found(
        sequences=winner.sequences(),
        served=winner.rank[0],
        duty_s=-winner.rank[1],
        iterations=tuple(start.iterations for start in starts),
    )


def _limits(
    budget: Budget, iterations_by_start: Sequence[int] | None
) -> list[tuple[int | None, float | None]]:
    """Iterations and seconds of each start; starts that wait for a worker share the seconds."""
    if iterations_by_start is not None:
        whole = all(isinstance(number, Integral) for number in iterations_by_start)
        if not iterations_by_start or not whole or min(iterations_by_start) < 0:
            listed = ", ".join(map(str, iterations_by_start))
            raise InputError([Fault(code="not_replayable", column="iterations", value=listed)])
        return [(iterations, None) for iterations in iterations_by_start]
    waves = -(-budget.starts // budget.workers)
    seconds = None if budget.seconds is None else budget.seconds / waves
    return [(budget.iterations, seconds)] * budget.starts


def _ended(running: list[Future[None]]) -> bool:
    """Wait a moment; whether all have ended."""
    return not wait(running, timeout=_SLICE_S).not_done


def _best(starts: list[_Start]) -> tuple[int, int]:
    served, minus_duty = max(start.rank for start in starts)
    return served, -minus_duty


def _spent(
    starts: list[_Start],
    limits: list[tuple[int | None, float | None]],
    budget: Budget,
    begin: float,
) -> float:
    """Share of the budget used since `begin`, 0 to 1."""
    by_clock = 0.0
    if budget.seconds is not None and limits[0][1] is not None:
        by_clock = (perf_counter() - begin) / budget.seconds
    wanted = sum(iterations for iterations, _ in limits if iterations is not None)
    done = sum(start.iterations for start in starts)
    by_count = done / wanted if wanted else 0.0
    return min(1.0, max(by_clock, by_count))


def _dice(seed: int, number: int) -> int:
    """First random state of a start: never 0, different for every (seed, number)."""
    words = np.random.SeedSequence([seed % 2**64, number]).generate_state(1, dtype=np.uint64)
    return int(words[0]) or 1


def _hottest_s(problem: RoundsProblem) -> int:
    """A temperature at which losing a typical stop is often accepted.

    Half the price of a typical place, that of all customers shared by all places: cooler searches
    end more often in a tour that further iterations do not better.
    """
    price_of_all = int(problem.weight.sum()) * int(problem.setting[PRICE]) // 1024
    return max(_COLDEST_S + 1, min(price_of_all // max(1, 2 * problem.places), 10**9))
