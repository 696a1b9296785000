"""Putting places into a tour and taking them out.

The cost of an insertion is tested before its feasibility, and feasibility takes constant time from
the labels of `schedule`. Cost is added duty: driving, set-up, serving, packing; waiting and lunch
are not duty.
"""

from __future__ import annotations

from msap_mobility.compiled import kernel
from msap_mobility.optimise.rounds.arrays import (
    BASE,
    CAPACITY,
    CHOSEN,
    COVER_CUSTOMER,
    COVER_START,
    DUTY,
    DWELL_S,
    GAIN,
    LAST_VERSION,
    LATEST,
    LENGTH,
    LOAD,
    NEVER,
    PACKING_S,
    PROBLEM_TYPE,
    READY,
    SEQUENCE,
    SERVED,
    SERVED_PLACE,
    SERVED_START,
    SETUP_S,
    SHIFT,
    TIMES_COVERED,
    TOTAL,
    TOUR_TYPE,
    TRAVEL_S,
    UNITS,
    VERSION,
    VISIT_SHIFT,
    VISIT_START,
    WEIGHT,
    Arrays,
)
from msap_mobility.optimise.rounds.schedule import leave_earliest, refresh

__all__ = ["cheapest_insertion", "choose", "give_up", "location"]


@kernel(f"int64({PROBLEM_TYPE}, {TOUR_TYPE}, int64, int64)")
def location(problem: Arrays, tour: Arrays, number: int, position: int) -> int:
    """Where the van is at a position of a shift: 0 and length + 1 are the base."""
    if position == 0 or position > tour[LENGTH][number]:
        return int(problem[SHIFT][number, BASE])
    return int(tour[SEQUENCE][number, position - 1])


@kernel(f"boolean({PROBLEM_TYPE}, {TOUR_TYPE}, int64, int64, int64, int64, int64)")
def _fits(
    problem: Arrays,
    tour: Arrays,
    number: int,
    place: int,
    position: int,
    to_s: int,
    from_s: int,
) -> bool:
    """Whether a visit fits after `position`, `to_s` and `from_s` being the legs around it."""
    ready, latest = tour[READY][number], tour[LATEST][number]
    owed, done = leave_earliest(
        problem,
        problem[SHIFT][number],
        place,
        ready[position, 0] + to_s,
        ready[position, 1] + to_s,
    )
    return bool(
        owed + from_s <= latest[position + 1, 0] or done + from_s <= latest[position + 1, 1]
    )


@kernel(f"UniTuple(int64, 2)({PROBLEM_TYPE}, {TOUR_TYPE}, int64, int64)")
def cheapest_insertion(problem: Arrays, tour: Arrays, number: int, place: int) -> tuple[int, int]:
    """Duty added by one more visit in a shift and the position to put it after; or `NEVER`."""
    shift, travel_s = problem[SHIFT][number], problem[TRAVEL_S]
    if tour[LOAD][number] + problem[UNITS][place] > shift[CAPACITY]:
        return NEVER, 0
    at_stop_s = shift[SETUP_S] + problem[DWELL_S][place] + shift[PACKING_S]
    least, best = NEVER, 0
    for position in range(tour[LENGTH][number] + 1):
        here = location(problem, tour, number, position)
        there = location(problem, tour, number, position + 1)
        to_s, from_s = travel_s[here, place], travel_s[place, there]
        added = to_s + from_s - travel_s[here, there] + at_stop_s
        if added < least and _fits(problem, tour, number, place, position, to_s, from_s):
            least, best = added, position
    return least, best


@kernel(f"int64({PROBLEM_TYPE}, {TOUR_TYPE}, int64, int64)")
def _around(problem: Arrays, tour: Arrays, number: int, position: int) -> int:
    """Duty a visit costs at its position: the detour and the time at the stop."""
    travel_s, shift = problem[TRAVEL_S], problem[SHIFT][number]
    here = location(problem, tour, number, position)
    before = location(problem, tour, number, position - 1)
    after = location(problem, tour, number, position + 1)
    detour = travel_s[before, here] + travel_s[here, after] - travel_s[before, after]
    return int(detour + shift[SETUP_S] + problem[DWELL_S][here] + shift[PACKING_S])


@kernel(f"void({PROBLEM_TYPE}, {TOUR_TYPE}, int64)")
def _renew(problem: Arrays, tour: Arrays, number: int) -> None:
    """Bring labels and version of a changed shift up to date."""
    tour[TOTAL][LAST_VERSION] += 1
    tour[VERSION][number] = tour[TOTAL][LAST_VERSION]
    refresh(problem, tour, number)


@kernel(f"void({PROBLEM_TYPE}, {TOUR_TYPE}, int64, int64, int64)")
def _put(problem: Arrays, tour: Arrays, number: int, place: int, position: int) -> None:
    """Add a visit after `position` of a shift."""
    sequence = tour[SEQUENCE][number]
    for later in range(tour[LENGTH][number], position, -1):
        sequence[later] = sequence[later - 1]
    sequence[position] = place
    tour[LENGTH][number] += 1
    tour[LOAD][number] += problem[UNITS][place]
    tour[TOTAL][DUTY] += _around(problem, tour, number, position + 1)
    _renew(problem, tour, number)


@kernel(f"void({PROBLEM_TYPE}, {TOUR_TYPE}, int64, int64)")
def _take(problem: Arrays, tour: Arrays, number: int, place: int) -> None:
    """Remove the visit of a place from a shift."""
    sequence = tour[SEQUENCE][number]
    position = 0
    while sequence[position] != place:
        position += 1
    tour[TOTAL][DUTY] -= _around(problem, tour, number, position + 1)
    tour[LENGTH][number] -= 1
    tour[LOAD][number] -= problem[UNITS][place]
    for later in range(position, tour[LENGTH][number]):
        sequence[later] = sequence[later + 1]
    _renew(problem, tour, number)


@kernel(f"void({PROBLEM_TYPE}, {TOUR_TYPE}, int64)")
def cover(problem: Arrays, tour: Arrays, place: int) -> None:
    """Count a place as visited: who is served, and what others would still add."""
    weight, gain = problem[WEIGHT], tour[GAIN]
    for row in range(problem[COVER_START][place], problem[COVER_START][place + 1]):
        customer = problem[COVER_CUSTOMER][row]
        tour[TIMES_COVERED][customer] += 1
        if tour[TIMES_COVERED][customer] == 1:
            tour[TOTAL][SERVED] += weight[customer]
            for other in range(
                problem[SERVED_START][customer], problem[SERVED_START][customer + 1]
            ):
                gain[problem[SERVED_PLACE][other]] -= weight[customer]


@kernel(f"void({PROBLEM_TYPE}, {TOUR_TYPE}, int64)")
def uncover(problem: Arrays, tour: Arrays, place: int) -> None:
    """Undo `cover`."""
    weight, gain = problem[WEIGHT], tour[GAIN]
    for row in range(problem[COVER_START][place], problem[COVER_START][place + 1]):
        customer = problem[COVER_CUSTOMER][row]
        tour[TIMES_COVERED][customer] -= 1
        if tour[TIMES_COVERED][customer] == 0:
            tour[TOTAL][SERVED] -= weight[customer]
            for other in range(
                problem[SERVED_START][customer], problem[SERVED_START][customer + 1]
            ):
                gain[problem[SERVED_PLACE][other]] += weight[customer]


@kernel(f"void({PROBLEM_TYPE}, {TOUR_TYPE}, int64, int64)")
def choose(problem: Arrays, tour: Arrays, place: int, pattern: int) -> None:
    """Visit a place in every shift of a pattern, each at its cheapest position."""
    for visit in range(problem[VISIT_START][pattern], problem[VISIT_START][pattern + 1]):
        number = problem[VISIT_SHIFT][visit]
        _, position = cheapest_insertion(problem, tour, number, place)
        _put(problem, tour, number, place, position)
    tour[CHOSEN][place] = pattern
    cover(problem, tour, place)


@kernel(f"void({PROBLEM_TYPE}, {TOUR_TYPE}, int64)")
def give_up(problem: Arrays, tour: Arrays, place: int) -> None:
    """Stop visiting a place: it leaves all its shifts."""
    pattern = tour[CHOSEN][place]
    for visit in range(problem[VISIT_START][pattern], problem[VISIT_START][pattern + 1]):
        _take(problem, tour, problem[VISIT_SHIFT][visit], place)
    tour[CHOSEN][place] = -1
    uncover(problem, tour, place)
