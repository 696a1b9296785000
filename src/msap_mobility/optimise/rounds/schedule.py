"""One shift with a fixed sequence of visits, timed exactly.

The rules: set-up after arriving; serving inside one window of the place on that day, opening on a
whole step of the clock; packing before leaving; lunch once, in one piece, inside its interval,
either at a stop (before the set-up or after the packing) or at the base before leaving or after
returning.

Arriving earlier never makes anything later, so the earliest leaving with lunch still owed and
with lunch done are all a position has to remember, and both passes below are exact.
"""

from __future__ import annotations

from msap_mobility.compiled import kernel
from msap_mobility.optimise.rounds.arrays import (
    BASE,
    DAY,
    DAYS,
    DWELL_S,
    FROM_S,
    LATEST,
    LENGTH,
    LUNCH_FROM_S,
    LUNCH_S,
    LUNCH_TO_S,
    NEVER,
    PACKING_S,
    PROBLEM_TYPE,
    READY,
    SEQUENCE,
    SETTING,
    SETUP_S,
    SHIFT,
    STEP_S,
    TO_S,
    TOUR_TYPE,
    TRAVEL_S,
    WINDOW_S,
    WINDOW_START,
    Arrays,
    Int32,
)

__all__ = [
    "arrive_latest",
    "at_base_after",
    "at_base_before",
    "first_opening",
    "last_opening",
    "leave_earliest",
    "refresh",
]


@kernel("int64(int32[:,::1], int64, int64, int64, int64, int64)")
def first_opening(
    window_s: Int32, first: int, end: int, ready_s: int, dwell_s: int, step_s: int
) -> int:
    """Earliest opening at or after `ready_s` in the windows ``first … end − 1``, or `NEVER`."""
    if ready_s >= NEVER:
        return NEVER
    for window in range(first, end):
        opening = max(ready_s, window_s[window, 0])
        opening = -(-opening // step_s) * step_s
        if opening + dwell_s <= window_s[window, 1]:
            return int(opening)
    return NEVER


@kernel("int64(int32[:,::1], int64, int64, int64, int64, int64)")
def last_opening(
    window_s: Int32, first: int, end: int, packed_s: int, dwell_s: int, step_s: int
) -> int:
    """Latest opening that closes by `packed_s`, or −1."""
    for window in range(end - 1, first - 1, -1):
        opening = min(packed_s, window_s[window, 1]) - dwell_s
        opening = opening // step_s * step_s
        if opening >= window_s[window, 0] and opening >= 0:
            return int(opening)
    return -1


@kernel("UniTuple(int64, 2)(int32[::1])")
def at_base_before(shift: Int32) -> tuple[int, int]:
    """Earliest departures: (lunch owed, lunch done)."""
    if shift[LUNCH_S] == 0:
        return NEVER, shift[FROM_S]
    return shift[FROM_S], max(shift[FROM_S], shift[LUNCH_FROM_S] + shift[LUNCH_S])


@kernel("UniTuple(int64, 2)(int32[::1])")
def at_base_after(shift: Int32) -> tuple[int, int]:
    """Latest returns: (lunch owed, then taken at the base; lunch done)."""
    if shift[LUNCH_S] == 0:
        return -1, shift[TO_S]
    return min(shift[TO_S], shift[LUNCH_TO_S] - shift[LUNCH_S]), shift[TO_S]


@kernel(f"UniTuple(int64, 2)({PROBLEM_TYPE}, int32[::1], int64, int64, int64)")
def leave_earliest(
    problem: Arrays, shift: Int32, place: int, arrive_owed_s: int, arrive_done_s: int
) -> tuple[int, int]:
    """Earliest leaving after a visit, from the two arrivals: (lunch owed, lunch done)."""
    key = place * problem[SETTING][DAYS] + shift[DAY]
    first, end = problem[WINDOW_START][key], problem[WINDOW_START][key + 1]
    window_s, dwell_s, step_s = problem[WINDOW_S], problem[DWELL_S][place], problem[SETTING][STEP_S]
    setup_s, after_s = shift[SETUP_S], dwell_s + shift[PACKING_S]
    lunch_s, lunch_to_s = shift[LUNCH_S], shift[LUNCH_TO_S]
    owed = first_opening(window_s, first, end, arrive_owed_s + setup_s, dwell_s, step_s) + after_s
    done = first_opening(window_s, first, end, arrive_done_s + setup_s, dwell_s, step_s) + after_s
    lunched = max(arrive_owed_s, shift[LUNCH_FROM_S]) + lunch_s
    if lunched <= lunch_to_s:
        opening = first_opening(window_s, first, end, lunched + setup_s, dwell_s, step_s)
        done = min(done, opening + after_s)
    lunched = max(owed, shift[LUNCH_FROM_S]) + lunch_s
    if lunched <= lunch_to_s:
        done = min(done, lunched)
    return min(owed, NEVER), min(done, NEVER)


@kernel("int64(int32[:,::1], int64, int64, int32[::1], int64, int64, int64)")
def _arrive_for(
    window_s: Int32, first: int, end: int, shift: Int32, leave_s: int, dwell_s: int, step_s: int
) -> int:
    """Latest arrival at a visit that leaves by `leave_s` without lunching there, or −1."""
    opening = last_opening(window_s, first, end, leave_s - shift[PACKING_S], dwell_s, step_s)
    return -1 if opening < 0 else opening - shift[SETUP_S]


@kernel(f"UniTuple(int64, 2)({PROBLEM_TYPE}, int32[::1], int64, int64, int64)")
def arrive_latest(
    problem: Arrays, shift: Int32, place: int, leave_owed_s: int, leave_done_s: int
) -> tuple[int, int]:
    """Latest arrival at a visit, from the two latest leavings: (lunch owed, lunch done)."""
    key = place * problem[SETTING][DAYS] + shift[DAY]
    first, end = problem[WINDOW_START][key], problem[WINDOW_START][key + 1]
    window_s, dwell_s, step_s = problem[WINDOW_S], problem[DWELL_S][place], problem[SETTING][STEP_S]
    done = _arrive_for(window_s, first, end, shift, leave_done_s, dwell_s, step_s)
    owed = _arrive_for(window_s, first, end, shift, leave_owed_s, dwell_s, step_s)
    if shift[LUNCH_S] == 0:
        return -1, done
    before = min(done, shift[LUNCH_TO_S]) - shift[LUNCH_S]
    if before >= shift[LUNCH_FROM_S]:
        owed = max(owed, before)
    after = min(leave_done_s, shift[LUNCH_TO_S]) - shift[LUNCH_S]
    if after >= shift[LUNCH_FROM_S]:
        owed = max(owed, _arrive_for(window_s, first, end, shift, after, dwell_s, step_s))
    return owed, done


@kernel(f"void({PROBLEM_TYPE}, {TOUR_TYPE}, int64)")
def refresh(problem: Arrays, tour: Arrays, number: int) -> None:
    """Recompute both rows of labels of one shift."""
    shift = problem[SHIFT][number]
    travel_s, base = problem[TRAVEL_S], shift[BASE]
    sequence, count = tour[SEQUENCE][number], tour[LENGTH][number]
    ready, latest = tour[READY][number], tour[LATEST][number]
    owed, done = at_base_before(shift)
    ready[0, 0], ready[0, 1] = owed, done
    here = base
    for position in range(count):
        place = sequence[position]
        leg_s = travel_s[here, place]
        owed, done = leave_earliest(problem, shift, place, owed + leg_s, done + leg_s)
        ready[position + 1, 0], ready[position + 1, 1] = owed, done
        here = place
    owed, done = at_base_after(shift)
    latest[count + 1, 0], latest[count + 1, 1] = owed, done
    there = base
    for position in range(count, 0, -1):
        place = sequence[position - 1]
        leg_s = travel_s[place, there]
        owed, done = arrive_latest(problem, shift, place, owed - leg_s, done - leg_s)
        latest[position, 0], latest[position, 1] = owed, done
        there = place
