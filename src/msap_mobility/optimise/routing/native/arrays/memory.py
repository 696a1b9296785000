"""What one search remembers, as kernels take it."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np

from msap_mobility.compiled import Table
from msap_mobility.optimise.routing.native.arrays.problem import SLOT_FROM, STOPS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from msap_mobility.optimise.arrays import Int32, Int64
    from msap_mobility.optimise.routing.native.arrays.problem import Problem

__all__ = ["Memory", "fresh_memory"]


class Memory(Table):
    """What one search remembers besides its plans.

    Parameters
    ----------
    draft
        int32 (positions,): a sequence under trial.
    times
        int64 (4, positions): its earliest and latest beginnings, drives with breaks and without.
    kept
        int32 (positions,): the draft without breaks; int64 (B,) `stand`: of each break the place
        under trial, or −1; int64 (columns,) `driver`: the vehicle who takes them.
    at
        int32 (N + V,): position of a node in the draft.
    entering
        int32 (U + H,): units and homes (home h as U + h) to be inserted, in order.
    sort
        int64 (U + H,): what they are sorted by; what units are worth while some are selected.
    offer
        int64, see `ADDED` …
    held
        int64 (2, columns): offers that are held while others are looked for, of an option and of a
        stop.
    quote
        int64 (Q, columns): the best offer of each part, see `ADDED` … and `AS_OF` …
    nearby
        int32 (slots,): routes near the request that is looked at; `is_nearby` tells of each slot.
    touched
        int32 (slots,): slots changed in this iteration; `is_touched` tells of each slot, `has_gap`
        whether tasks that are gone still stand in its sequence.
    is_doubtful
        bool (U,): whether a unit is on the list of stops that may be needed no more.
    changed
        int32 (U,): units that left or entered in this iteration; `is_changed` of each unit.
    absent
        int32 (U,): units not served in the accepted plan.
    absence
        int64 (U + H,): how often a unit or home was left out.
    added
        int64 (positions,): cost a delivery adds at each position, and at it or any later one.
    high
        int64 (V,): slots from here on were never used.
    dice
        uint64 (1,): state of the random numbers.
    control
        int64, see `ITERATION` …
    """

    columns: ClassVar = {
        "draft": "int32[::1]",
        "times": "int64[:,::1]",
        "kept": "int32[::1]",
        "stand": "int64[::1]",
        "driver": "int64[::1]",
        "at": "int32[::1]",
        "entering": "int32[::1]",
        "sort": "int64[::1]",
        "offer": "int64[::1]",
        "held": "int64[:,::1]",
        "quote": "int64[:,::1]",
        "nearby": "int32[::1]",
        "is_nearby": "boolean[::1]",
        "touched": "int32[::1]",
        "is_touched": "boolean[::1]",
        "has_gap": "boolean[::1]",
        "is_doubtful": "boolean[::1]",
        "changed": "int32[::1]",
        "is_changed": "boolean[::1]",
        "absent": "int32[::1]",
        "absence": "int64[::1]",
        "added": "int64[:,::1]",
        "high": "int64[::1]",
        "dice": "uint64[::1]",
        "control": "int64[::1]",
    }

    draft: Int32
    times: Int64
    kept: Int32
    stand: Int64
    driver: Int64
    at: Int32
    entering: Int32
    sort: Int64
    offer: Int64
    held: Int64
    quote: Int64
    nearby: Int32
    is_nearby: NDArray[np.bool_]
    touched: Int32
    is_touched: NDArray[np.bool_]
    has_gap: NDArray[np.bool_]
    is_doubtful: NDArray[np.bool_]
    changed: Int32
    is_changed: NDArray[np.bool_]
    absent: Int32
    absence: Int64
    added: Int64
    high: Int64
    dice: NDArray[np.uint64]
    control: Int64


ADDED, SLOT, POSITION, SECOND_POSITION, CHOSEN, RELOADS = range(6)
"""Of `Memory.offer`: cost, slot, position after which to put the visit or pickup, position in the
old sequence after which to put the delivery, request, which loadings to put around a visit."""

LOADED_BEFORE, LOADED_AFTER = 1, 2
"""Of `RELOADS`; 0 for none, the sum for both."""

AS_OF, ASKED = 6, 7
"""Of `Memory.quote` besides: the stamp of its route then; the number of the question."""

(
    ITERATION,
    ENTERING_COUNT,
    TOUCHED_COUNT,
    CHANGED_COUNT,
    ABSENT_COUNT,
    BLINK,
    ROUTE_LIMIT,
    STAMPS,
    REMOVED,
    LONGEST_STRING,
    FAVOURED,
    SHARE,
    NEARBY_COUNT,
    GENEROSITY,
    PRICE,
    QUESTION,
    BY_NEED,
    KEEPS_DAYS,
) = range(18)
"""Of `Memory.control`: iterations done, lengths of the lists, blinks in 1/10,000, most routes
allowed, last stamp given out, units removed on average, longest string removed, the vehicle type
whose fixed cost is charged by share of the load, or −1, and how much of that in hundredths, length
of the list of routes near by, what prizes are multiplied by to decide who enters, what a unit of
prize was worth when somebody was last selected, questions asked so far, by what power of the homes
they newly cover the cost of stops is divided, whether those who leave keep their option."""


def fresh_memory(problem: Problem, dice: int, *, stops: int = 0) -> Memory:
    """A memory that remembers nothing; `dice` is its random state, not 0.

    It has room for routes of `stops` tasks where that is more than the problem allows.
    """
    units, homes = len(problem.unit), len(problem.home)
    positions = max(stops, int(problem.setting[STOPS])) + 4 + len(problem.rest)
    control = np.zeros(18, dtype=np.int64)
    control[BLINK], control[ROUTE_LIMIT] = 100, problem.slots
    control[REMOVED], control[LONGEST_STRING] = 10, 10
    control[ABSENT_COUNT], control[FAVOURED], control[GENEROSITY] = units, -1, 1
    control[PRICE] = 1 << 16
    return Memory(
        draft=np.zeros(positions, dtype=np.int32),
        times=np.zeros((4, positions), dtype=np.int64),
        kept=np.zeros(positions, dtype=np.int32),
        stand=np.zeros(len(problem.rest), dtype=np.int64),
        driver=np.zeros(problem.vehicle.shape[1], dtype=np.int64),
        at=np.zeros(len(problem.node), dtype=np.int32),
        entering=np.zeros(units + homes, dtype=np.int32),
        sort=np.zeros(units + homes, dtype=np.int64),
        offer=np.zeros(6, dtype=np.int64),
        held=np.zeros((2, 6), dtype=np.int64),
        quote=np.zeros((len(problem.request), 8), dtype=np.int64),
        nearby=np.zeros(problem.slots, dtype=np.int32),
        is_nearby=np.zeros(problem.slots, dtype=np.bool_),
        touched=np.zeros(problem.slots, dtype=np.int32),
        is_touched=np.zeros(problem.slots, dtype=np.bool_),
        has_gap=np.zeros(problem.slots, dtype=np.bool_),
        is_doubtful=np.zeros(units, dtype=np.bool_),
        changed=np.zeros(units, dtype=np.int32),
        is_changed=np.zeros(units, dtype=np.bool_),
        absent=np.arange(units, dtype=np.int32),
        absence=np.ones(units + homes, dtype=np.int64),
        added=np.zeros((2, positions), dtype=np.int64),
        high=problem.vehicle[:, SLOT_FROM].copy(),
        dice=np.array([dice], dtype=np.uint64),
        control=control,
    )
