"""By how much one more visit misses a rule, exactly, for a finished tour."""

from __future__ import annotations

import numpy as np

from msap_mobility.compiled import kernel
from msap_mobility.optimise.rounds.arrays import (
    BASE,
    DAY,
    DAYS,
    DWELL_S,
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
    TOUR_TYPE,
    TRAVEL_S,
    WINDOW_S,
    WINDOW_START,
    Arrays,
    Int32,
)
from msap_mobility.optimise.rounds.insertion import location
from msap_mobility.optimise.rounds.schedule import at_base_after, at_base_before, leave_earliest

__all__ = ["earliest_return", "least_closed", "least_return"]

_DAY_S = 86_400


@kernel(f"int64({PROBLEM_TYPE}, int32[::1], int32[::1])")
def earliest_return(problem: Arrays, shift: Int32, sequence: Int32) -> int:
    """When a shift can be back after these visits, or `NEVER`."""
    travel_s = problem[TRAVEL_S]
    owed, done = at_base_before(shift)
    here = shift[BASE]
    for place in sequence:
        leg_s = travel_s[here, place]
        owed, done = leave_earliest(problem, shift, place, owed + leg_s, done + leg_s)
        here = place
    leg_s = travel_s[here, shift[BASE]]
    owed_by, done_by = at_base_after(shift)
    earliest = NEVER
    if owed + leg_s <= owed_by:
        earliest = owed + leg_s
    if done + leg_s <= done_by:
        earliest = min(earliest, done + leg_s)
    return earliest


@kernel(f"int64({PROBLEM_TYPE}, {TOUR_TYPE}, int32[::1], int64, int64)")
def least_return(problem: Arrays, tour: Arrays, shift: Int32, number: int, place: int) -> int:
    """Earliest return of shift `number` with one more visit at any position, or `NEVER`.

    `shift` stands for the row of the problem: give it another end to see what that would do.
    """
    count = tour[LENGTH][number]
    sequence = np.empty(count + 1, dtype=np.int32)
    least = NEVER
    for position in range(count + 1):
        sequence[:position] = tour[SEQUENCE][number, :position]
        sequence[position] = place
        sequence[position + 1 :] = tour[SEQUENCE][number, position:count]
        least = min(least, earliest_return(problem, shift, sequence))
    return least


@kernel("int64(int32[:,::1], int64, int64, int64, int64)")
def _closed_s(window_s: Int32, first: int, end: int, opening: int, dwell_s: int) -> int:
    """Seconds of serving from `opening` on that lie outside the windows."""
    inside = 0
    for window in range(first, end):
        begins = max(opening, window_s[window, 0])
        ends = min(opening + dwell_s, window_s[window, 1])
        inside += max(0, ends - begins)
    return dwell_s - inside


@kernel("int64(int32[:,::1], int64, int64, int64, int64, int64, int64)")
def _least_closed_between(
    window_s: Int32, first: int, end: int, lowest: int, highest: int, dwell_s: int, step_s: int
) -> int:
    """The least of `_closed_s` for openings on a step from `lowest` to `highest`, or `NEVER`.

    It is linear between the openings at which serving begins or ends with a window: of the steps
    between two of them, the first or the last is the least.
    """
    lowest = -(-lowest // step_s) * step_s
    highest = min(highest, _DAY_S - dwell_s) // step_s * step_s
    if lowest > highest or lowest >= NEVER:
        return NEVER
    least = min(
        _closed_s(window_s, first, end, lowest, dwell_s),
        _closed_s(window_s, first, end, highest, dwell_s),
    )
    for window in range(first, end):
        for edge in range(2):
            for shift_s in range(2):
                opening = window_s[window, edge] - shift_s * dwell_s
                for on_step in (opening // step_s * step_s, -(-opening // step_s) * step_s):
                    if lowest <= on_step <= highest:
                        least = min(least, _closed_s(window_s, first, end, on_step, dwell_s))
    return least


@kernel(f"int64({PROBLEM_TYPE}, {TOUR_TYPE}, int64, int64)")
def least_closed(problem: Arrays, tour: Arrays, number: int, place: int) -> int:
    """Least seconds outside its windows of one more visit that fits otherwise, or `NEVER`.

    Openings fall on a step of the clock. Load is not looked at. Four ways of lunching are tried at
    each position: before coming, on arrival, after packing, later.
    """
    shift, travel_s = problem[SHIFT][number], problem[TRAVEL_S]
    key = place * problem[SETTING][DAYS] + shift[DAY]
    first, end = problem[WINDOW_START][key], problem[WINDOW_START][key + 1]
    window_s, dwell_s, step_s = problem[WINDOW_S], problem[DWELL_S][place], problem[SETTING][STEP_S]
    lunch_s, lunch_from_s, lunch_to_s = shift[LUNCH_S], shift[LUNCH_FROM_S], shift[LUNCH_TO_S]
    least = NEVER
    for position in range(tour[LENGTH][number] + 1):
        to_s = travel_s[location(problem, tour, number, position), place]
        from_s = travel_s[place, location(problem, tour, number, position + 1)]
        owed = tour[READY][number, position, 0] + to_s
        done = tour[READY][number, position, 1] + to_s
        lunched = max(owed, lunch_from_s) + lunch_s
        if lunch_s > 0 and lunched <= lunch_to_s:
            done = min(done, lunched)
        after_s = dwell_s + shift[PACKING_S]
        by_owed = tour[LATEST][number, position + 1, 0] - from_s
        by_done = tour[LATEST][number, position + 1, 1] - from_s
        by_lunch = min(by_done, lunch_to_s) - lunch_s
        if lunch_s > 0 and by_lunch >= lunch_from_s:
            by_owed = max(by_owed, by_lunch)
        for begin, by in ((owed, by_owed), (done, by_done)):
            lowest, highest = begin + shift[SETUP_S], by - after_s
            least = min(
                least,
                _least_closed_between(window_s, first, end, lowest, highest, dwell_s, step_s),
            )
    return least
