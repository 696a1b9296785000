"""One search from one random number: it builds, saves vehicles, cools."""

from __future__ import annotations

from collections import deque
from sys import maxsize
from time import perf_counter
from typing import TYPE_CHECKING

import numpy as np

from msap_mobility.optimise.dice import chance_table
from msap_mobility.optimise.routing.native.anneal import (
    STEPS,
    cooling_table,
    improve,
    is_better,
)
from msap_mobility.optimise.routing.native.arrays.memory import (
    BLINK,
    ITERATION,
    ROUTE_LIMIT,
    fresh_memory,
)
from msap_mobility.optimise.routing.native.arrays.plan import (
    MISSED,
    MISSING,
    ROUTES_COST,
    SERVING,
    USED,
    empty_plan,
)
from msap_mobility.optimise.routing.native.arrays.problem import PRIZE_SCALE, SCORED, VEHICLES_FIRST
from msap_mobility.optimise.routing.native.fleet import give_up_route
from msap_mobility.optimise.routing.native.keep import copy_plan, restart
from msap_mobility.optimise.routing.native.loading import load, routes_of
from msap_mobility.optimise.routing.native.pool import empty_pool

if TYPE_CHECKING:
    import threading
    from collections.abc import Sequence

    from msap_mobility.optimise.routing.native.allotment import Allotment
    from msap_mobility.optimise.routing.native.arrays.problem import Problem

__all__ = ["LAST", "STRETCHES", "Start"]

STRETCHES = 20
"""Parts of a cycle whose length is set anew where the clock decides."""
_SLICE_S = 0.05
_POOL = 20_000
_POOL_CELLS = 4_000_000
_BLINKS = (100, 200, 50, 400)
"""Positions overlooked in 10,000, by start."""
_ARCS = ((1.0, 0.01), (0.5, 0.005), (0.3, 0.003))
"""Hottest and coldest, in average costs of an arc, by cycle."""
LAST = -1
"""The cycle after all others: it polishes."""
_ARCS_LAST = (0.1, 0.003)


class Start:
    """A search that can be continued stretch by stretch.

    Parameters
    ----------
    problem
        As the kernels take it.
    dice
        State of its random numbers.
    number
        Which start it is: temperatures and blinks differ.
    initial
        Routes to begin with.
    recorded
        The `stretches` of a search to repeat, or None.
    last
        Number of the last iteration, or None: what is repeated may have been stopped anywhere.
    """

    def __init__(
        self,
        problem: Problem,
        dice: int,
        number: int,
        initial: Sequence[tuple[int, Sequence[int]]] = (),
        *,
        recorded: Sequence[int] | None = None,
        last: int | None = None,
    ) -> None:
        self.problem, self.number = problem, number
        self.recorded = None if recorded is None else deque(recorded)
        self.last = maxsize if last is None else last
        self.plan = empty_plan(problem)
        self.memory = fresh_memory(problem, dice)
        self.memory.control[BLINK] = _BLINKS[number % len(_BLINKS)]
        load(problem, self.plan, self.memory, initial)
        self.accepted, self.best = self.plan.copy(), self.plan.copy()
        restart(self.plan, self.accepted, self.best, self.memory)
        stops = self.plan.sequence.shape[1]
        capacity = max(1, min(_POOL, _POOL_CELLS // stops))
        tasks, loadings = problem.tasks, len(problem.vehicle)
        self.pool = empty_pool(tasks, stops, capacity, number, loadings=loadings)
        self.cooling = cooling_table(1, 1)
        self.stretches: list[int] = []
        self.pace = 1000.0

    @property
    def iterations(self) -> int:
        """Done so far."""
        return int(self.memory.control[ITERATION])

    @property
    def rank(self) -> tuple[int, int, int, int]:
        """What the best plan is worth: less is better."""
        total = self.best.total
        cost = int(total[ROUTES_COST] + self.problem.setting[PRIZE_SCALE] * total[MISSED])
        used = int(total[USED]) if self.problem.setting[VEHICLES_FIRST] else 0
        scored = int(total[MISSED]) if self.problem.setting[SCORED] else 0
        return int(total[MISSING]), used, scored, cost

    @property
    def routes(self) -> list[tuple[int, tuple[int, ...]]]:
        """(vehicle type, tasks) of the best plan."""
        return routes_of(self.problem, self.best)

    def heat(self, cycle: int) -> None:
        """Set the temperatures of a cycle by what an arc costs in the plan it goes on from.

        That plan and not the best one: where prizes do not yet pay for the routes just built, the
        best plan is to serve nobody, and at no heat the search would never leave what was built.
        """
        total = self.accepted.total
        arc = int(total[ROUTES_COST]) / max(1, int(total[SERVING] + total[USED]))
        hottest, coldest = _ARCS[(cycle + self.number) % len(_ARCS)]
        if cycle == LAST:
            hottest, coldest = _ARCS_LAST
        self.cooling = cooling_table(max(arc * hottest, 1 / 256), max(arc * coldest, 1 / 256))

    def next_length(self, allotment: Allotment, parts: int) -> int:
        """Iterations of the next stretch, 0: the phase is over; kept in `stretches`.

        As recorded if a search is repeated, by the allotment otherwise.
        """
        if self.recorded is None:
            length = allotment.length(parts, self.iterations, self.pace)
        elif not self.recorded:
            return 0
        else:
            length = self.recorded.popleft()
        self.stretches.append(length)
        return length

    def cool(
        self,
        part: int,
        length: int,
        stop: threading.Event,
        *,
        until_complete: bool = False,
    ) -> None:
        """Do one stretch, the `part`-th of `STRETCHES`, in slices of about 50 ms."""
        rows = part * (STEPS - 1) // STRETCHES, (part + 1) * (STEPS - 1) // STRETCHES
        stretch = np.array([self.iterations, length, *rows], dtype=np.int64)
        done = 0
        until = min(length, self.last - self.iterations)
        while done < until and not stop.is_set():
            slice_begun = perf_counter()
            was_missing = self.accepted.total[MISSING] > 0
            asked = min(until - done, max(1, int(self.pace * _SLICE_S)))
            did = improve(
                self.problem,
                self.plan,
                self.accepted,
                self.best,
                self.memory,
                self.pool,
                self.cooling,
                chance_table(),
                stretch,
                asked,
            )
            done += did
            took = max(perf_counter() - slice_begun, 1e-9)
            self.pace = min(did / took, 4 * self.pace)
            if until_complete and was_missing and self.accepted.total[MISSING] == 0:
                break

    def give_up_route(self) -> None:
        """Go on from the best plan with one vehicle less; somebody is missing until `cool` ends."""
        give_up_route(self.problem, self.plan, self.accepted, self.best, self.memory)

    def restart(self) -> None:
        """Go on from the best plan."""
        restart(self.plan, self.accepted, self.best, self.memory)

    def keep_fleet(self) -> None:
        """Go on from the best plan; no more vehicles than it has."""
        self.restart()
        self.memory.control[ROUTE_LIMIT] = max(1, self.best.total[USED])

    def allow_all(self) -> None:
        """From now on any number of vehicles may be used."""
        self.memory.control[ROUTE_LIMIT] = self.problem.slots

    def adopt(self, routes: Sequence[tuple[int, Sequence[int]]]) -> None:
        """Go on from other routes if they are a better plan."""
        load(self.problem, self.plan, self.memory, routes)
        if is_better(self.problem, self.plan, self.best):
            copy_plan(self.plan, self.best)
        restart(self.plan, self.accepted, self.best, self.memory)
