"""What the engine of rounds works on: one tuple of arrays for the problem, one for a tour.

Kernels receive plain tuples and open them with the constants below, which name the fields in the
order of `RoundsProblem` and `Tour`.

A **place** may be visited; a **shift** is one vehicle on one day with its crew; a **pattern** of a
place is the set of shifts in which it is visited together (the same weekday every second week); a
**customer** is served as soon as one of the places that cover it is visited at all.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "Arrays",
    "Int32",
    "Int64",
    "Memory",
    "RoundsProblem",
    "Tour",
    "empty_tour",
    "fresh_memory",
]

Int32 = NDArray[np.int32]
Int64 = NDArray[np.int64]
Arrays = tuple[Any, ...]
"""A `RoundsProblem`, `Tour` or `Memory` as kernels take it: a plain tuple."""

NEVER = 1 << 30
"""A time after everything, a cost above everything: safe to add to any other in int64."""


class RoundsProblem(NamedTuple):
    """Places, shifts, patterns and customers.

    Parameters
    ----------
    travel_s
        int32 (locations, locations); the places come first, bases (depots) after them.
    dwell_s, units
        int32 per place: serving time and load of one visit.
    window_start, window_s
        CSR over (place, day): rows ``window_start[place * days + day]`` onward of `window_s`,
        int32 (windows, 2), sorted and disjoint: when serving is possible.
    shift
        int32 (shifts, columns), see the constants `DAY` … `CAPACITY`.
    pattern_start, visit_start, visit_shift
        CSR of CSR: the patterns of place p are ``pattern_start[p]`` onward, the shifts of pattern
        o are ``visit_shift[visit_start[o]:visit_start[o + 1]]``.
    cover_start, cover_customer
        CSR: the customers each place covers.
    served_start, served_place
        Its transpose: the places that cover each customer.
    weight
        int64 per customer: what serving it is worth.
    near
        int32 (places, k): the nearest places, itself first.
    setting
        int64: days, step of the opening clock in seconds, price of one unit of weight in
        1/1024 seconds of duty (steers the search, never the answer's rank).
    """

    travel_s: Int32
    dwell_s: Int32
    units: Int32
    window_start: Int32
    window_s: Int32
    shift: Int32
    pattern_start: Int32
    visit_start: Int32
    visit_shift: Int32
    cover_start: Int32
    cover_customer: Int32
    served_start: Int32
    served_place: Int32
    weight: Int64
    near: Int32
    setting: Int64

    @property
    def places(self) -> int:
        """Number of places."""
        return len(self.dwell_s)

    @property
    def shifts(self) -> int:
        """Number of shifts."""
        return len(self.shift)


(
    TRAVEL_S,
    DWELL_S,
    UNITS,
    WINDOW_START,
    WINDOW_S,
    SHIFT,
    PATTERN_START,
    VISIT_START,
    VISIT_SHIFT,
    COVER_START,
    COVER_CUSTOMER,
    SERVED_START,
    SERVED_PLACE,
    WEIGHT,
    NEAR,
    SETTING,
) = range(16)

DAY, BASE, FROM_S, TO_S, LUNCH_S, LUNCH_FROM_S, LUNCH_TO_S, SETUP_S, PACKING_S, CAPACITY = range(10)
"""Columns of `RoundsProblem.shift`: day of the cycle, location of the depot, on duty from and to,
length of lunch and the interval it must lie in, set-up and packing at each visit, load."""

DAYS, STEP_S, PRICE = range(3)


class Tour(NamedTuple):
    """A tour under construction, with what must be known to change it fast.

    Parameters
    ----------
    sequence, length, load
        int32: places in driving order (shifts, places), their number and load per shift.
    ready, latest
        int32 (shifts, places + 2, 2): earliest leaving after each position, latest arriving at
        each position for which the rest still fits; last axis: lunch still owed, lunch done.
    version
        int64 per shift: changes whenever the shift does.
    chosen
        int32 per place: its pattern, −1 = not visited.
    times_covered
        int32 per customer: how many visited places cover it.
    gain
        int64 per place: weight of the customers only it would add.
    total
        int64: weight served, duty seconds, last version given out.
    """

    sequence: Int32
    length: Int32
    load: Int32
    ready: Int32
    latest: Int32
    version: Int64
    chosen: Int32
    times_covered: Int32
    gain: Int64
    total: Int64


SEQUENCE, LENGTH, LOAD, READY, LATEST, VERSION, CHOSEN, TIMES_COVERED, GAIN, TOTAL = range(10)
SERVED, DUTY, LAST_VERSION = range(3)

PROBLEM_TYPE = (
    "Tuple((int32[:,::1], int32[::1], int32[::1], int32[::1], int32[:,::1], int32[:,::1], "
    "int32[::1], int32[::1], int32[::1], int32[::1], int32[::1], int32[::1], int32[::1], "
    "int64[::1], int32[:,::1], int64[::1]))"
)
TOUR_TYPE = (
    "Tuple((int32[:,::1], int32[::1], int32[::1], int32[:,:,::1], int32[:,:,::1], int64[::1], "
    "int32[::1], int32[::1], int64[::1], int64[::1]))"
)


def empty_tour(problem: RoundsProblem) -> Tour:
    """A tour without visits; its labels are filled in by `schedule.refresh`."""
    shifts, places = problem.shifts, problem.places
    gain = np.zeros(places, dtype=np.int64)
    place = np.repeat(np.arange(places), np.diff(problem.cover_start))
    np.add.at(gain, place, problem.weight[problem.cover_customer])
    return Tour(
        sequence=np.zeros((shifts, places), dtype=np.int32),
        length=np.zeros(shifts, dtype=np.int32),
        load=np.zeros(shifts, dtype=np.int32),
        ready=np.zeros((shifts, places + 2, 2), dtype=np.int32),
        latest=np.zeros((shifts, places + 2, 2), dtype=np.int32),
        version=np.zeros(shifts, dtype=np.int64),
        chosen=np.full(places, -1, dtype=np.int32),
        times_covered=np.zeros(len(problem.weight), dtype=np.int32),
        gain=gain,
        total=np.zeros(3, dtype=np.int64),
    )


class Memory(NamedTuple):
    """What one search remembers besides its tours.

    Parameters
    ----------
    added
        int32 (2, places, shifts): duty added by each place in each shift, as last computed; the
        first layer for shifts as in the accepted tour, the second for shifts just changed.
    stamp
        int64, likewise: the version of the shift it was computed for.
    offer
        int64 (2, places): the best pattern of each candidate during one recreation, and its cost.
    leaving
        int64 (places,): places about to leave.
    ruined
        bool per shift.
    dice
        uint64 (1,): state of the random numbers.
    clock
        int64: iterations done, first iteration and length of the current cooling cycle.
    """

    added: Int32
    stamp: Int64
    offer: Int64
    leaving: Int64
    ruined: NDArray[np.bool_]
    dice: NDArray[np.uint64]
    clock: Int64


ADDED, STAMP, OFFER, LEAVING, RUINED, DICE, CLOCK = range(7)
ITERATION, CYCLE_FIRST, CYCLE_LENGTH = range(3)

MEMORY_TYPE = (
    "Tuple((int32[:,:,::1], int64[:,:,::1], int64[:,::1], int64[::1], boolean[::1], uint64[::1], "
    "int64[::1]))"
)

_FIRST_CYCLE = 500


def fresh_memory(problem: RoundsProblem, dice: int) -> Memory:
    """A memory that remembers nothing; `dice` is its random state, not 0."""
    places, shifts = problem.places, problem.shifts
    return Memory(
        added=np.zeros((2, places, shifts), dtype=np.int32),
        stamp=np.full((2, places, shifts), -1, dtype=np.int64),
        offer=np.zeros((2, places), dtype=np.int64),
        leaving=np.zeros(places, dtype=np.int64),
        ruined=np.zeros(shifts, dtype=np.bool_),
        dice=np.array([dice], dtype=np.uint64),
        clock=np.array([0, 0, _FIRST_CYCLE], dtype=np.int64),
    )
