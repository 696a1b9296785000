"""The loop around ruin and recreate: what is accepted, and when it cools.

The temperature depends on the number of the iteration only, in cooling cycles of doubling length
that each start from the best tour found. So a search stopped by the clock after k iterations and
one that was given k iterations are the same.
"""

from __future__ import annotations

from math import log

import numpy as np

from msap_mobility.compiled import kernel
from msap_mobility.optimise.dice import CHANCE_UNIT, CHANCES, draw
from msap_mobility.optimise.rounds.arrays import (
    CHOSEN,
    CLOCK,
    CYCLE_FIRST,
    CYCLE_LENGTH,
    DICE,
    DUTY,
    GAIN,
    ITERATION,
    LAST_VERSION,
    LATEST,
    LENGTH,
    LOAD,
    MEMORY_TYPE,
    PRICE,
    PROBLEM_TYPE,
    READY,
    SEQUENCE,
    SERVED,
    SETTING,
    TIMES_COVERED,
    TOTAL,
    TOUR_TYPE,
    VERSION,
    Arrays,
    Int64,
)
from msap_mobility.optimise.rounds.ruin_recreate import drop_redundant, recreate, ruin

__all__ = ["cooling_table", "finish", "improve"]

_STEPS = 1024
_STRINGS = 4
_LONGEST = 3


def cooling_table(hottest_s: int, coldest_s: int) -> Int64:
    """Temperatures of one cooling cycle, geometric, in seconds of duty.

    Whole numbers, so that no machine rounds them otherwise.

    Examples
    --------
    >>> table = cooling_table(10_000, 10)
    >>> int(table[0]), int(table[-1])
    (10000, 10)
    """
    ratio = log(coldest_s / hottest_s) / (_STEPS - 1)
    table: Int64 = np.round(hottest_s * np.exp(ratio * np.arange(_STEPS))).astype(np.int64)
    return table


@kernel(f"void({TOUR_TYPE}, {TOUR_TYPE})")
def _copy(source: Arrays, target: Arrays) -> None:
    """Make `target` equal to `source`; only shifts that differ are touched."""
    for number in range(len(source[LENGTH])):
        if source[VERSION][number] != target[VERSION][number]:
            visits = source[LENGTH][number]
            target[SEQUENCE][number, :visits] = source[SEQUENCE][number, :visits]
            target[READY][number, : visits + 1] = source[READY][number, : visits + 1]
            target[LATEST][number, : visits + 2] = source[LATEST][number, : visits + 2]
            target[LENGTH][number] = visits
            target[LOAD][number] = source[LOAD][number]
            target[VERSION][number] = source[VERSION][number]
    target[CHOSEN][:] = source[CHOSEN]
    target[TIMES_COVERED][:] = source[TIMES_COVERED]
    target[GAIN][:] = source[GAIN]
    target[TOTAL][SERVED] = source[TOTAL][SERVED]
    target[TOTAL][DUTY] = source[TOTAL][DUTY]
    target[TOTAL][LAST_VERSION] = max(source[TOTAL][LAST_VERSION], target[TOTAL][LAST_VERSION])


@kernel(f"boolean({TOUR_TYPE}, {TOUR_TYPE})")
def _is_better(tour: Arrays, other: Arrays) -> bool:
    """More weight served, or as much with less duty."""
    served, before = tour[TOTAL][SERVED], other[TOTAL][SERVED]
    less_duty = tour[TOTAL][DUTY] < other[TOTAL][DUTY]
    return bool(served > before or (served == before and less_duty))


@kernel(f"boolean({PROBLEM_TYPE}, {TOUR_TYPE}, {TOUR_TYPE}, {MEMORY_TYPE}, int64, int64[::1])")
def _is_accepted(
    problem: Arrays, tour: Arrays, accepted: Arrays, memory: Arrays, heat: int, chances: Int64
) -> bool:
    """The annealing rule, in whole numbers: worse by less than heat × −ln(u)."""
    lost = accepted[TOTAL][SERVED] - tour[TOTAL][SERVED]
    worse_s = lost * problem[SETTING][PRICE] // 1024 + tour[TOTAL][DUTY] - accepted[TOTAL][DUTY]
    return bool(worse_s * CHANCE_UNIT < heat * chances[draw(memory[DICE], CHANCES)])


@kernel(
    f"void({PROBLEM_TYPE}, {TOUR_TYPE}, {TOUR_TYPE}, {TOUR_TYPE}, {MEMORY_TYPE}, int64[::1], "
    "int64[::1], int64, int64)"
)
def improve(
    problem: Arrays,
    tour: Arrays,
    accepted: Arrays,
    best: Arrays,
    memory: Arrays,
    cooling: Int64,
    chances: Int64,
    blink: int,
    iterations: int,
) -> None:
    """Do some iterations; everything the next ones need is in the arrays."""
    clock = memory[CLOCK]
    for _ in range(iterations):
        if clock[ITERATION] == clock[CYCLE_FIRST] + clock[CYCLE_LENGTH]:
            clock[CYCLE_FIRST] = clock[ITERATION]
            clock[CYCLE_LENGTH] *= 2
            _copy(best, tour)
            _copy(best, accepted)
        age = clock[ITERATION] - clock[CYCLE_FIRST]
        heat = cooling[age * _STEPS // clock[CYCLE_LENGTH]]
        ruin(problem, tour, memory, _STRINGS, _LONGEST)
        recreate(problem, tour, accepted, memory, blink)
        if drop_redundant(problem, tour, memory):
            recreate(problem, tour, accepted, memory, blink)
        if _is_accepted(problem, tour, accepted, memory, heat, chances):
            _copy(tour, accepted)
            if _is_better(tour, best):
                _copy(tour, best)
        else:
            _copy(accepted, tour)
        clock[ITERATION] += 1


@kernel(f"void({PROBLEM_TYPE}, {TOUR_TYPE}, {TOUR_TYPE}, {TOUR_TYPE}, {MEMORY_TYPE})")
def finish(problem: Arrays, tour: Arrays, accepted: Arrays, best: Arrays, memory: Arrays) -> None:
    """Add to the best tour whatever still fits, overlooking nothing, and drop what is redundant."""
    _copy(best, tour)
    _copy(best, accepted)
    while recreate(problem, tour, accepted, memory, 0):
        drop_redundant(problem, tour, memory)
    _copy(tour, best)
