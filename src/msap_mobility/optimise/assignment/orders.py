"""The best order of one joint trip: every order of its stops that may still fit is tried.

The duration of an order is the least that any departure in the driver's window allows, waiting
included.

Three facts keep the search small (all tested against a search over every schedule):

- For a fixed order the least duration and the departures that allow it are found stop by stop
  (Vidal et al. 2013, doi 10.1016/j.cor.2012.07.018, concatenation of time windows).
- A limit on ride times rules orders out, but never lengthens the least duration of those it leaves:
  a pick-up is only put off as far as the rider's own set-down allows.
- Seconds that obey the triangle inequality (shortest times do, rounded up too) let a stop be
  dismissed as soon as another one still to come, or the end, is out of reach. Metres need not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from msap_mobility.compiled import kernel
from msap_mobility.optimise.assignment.trips import (
    ARRIVE_BY,
    ARRIVE_FROM,
    DEPART_FROM,
    DEPART_TO,
    DETOUR_M,
    DETOUR_S,
    END,
    LONG_AGO,
    MOST_RIDERS,
    PARTY,
    PICK_UP,
    PICK_UP_FROM,
    PICK_UP_S,
    PICK_UP_TO,
    RIDE_S,
    SEATS,
    START,
)

if TYPE_CHECKING:
    from msap_mobility.optimise.arrays import Int32, Int64
    from msap_mobility.optimise.assignment.trips import Trips

__all__ = ["COST", "DRIVEN", "FIRST", "FITS", "LAST", "SPAN", "best_order", "stop_times"]

# one row per stop of the order being tried: where and when the trip stands as that stop begins
_PLACE, _SPAN, _FIRST, _LAST, _PATH, _DRIVEN, _LOAD, _DONE, _DWELL, _NEXT = range(10)
# what is found
COST, SPAN, DRIVEN, FIRST, LAST, FITS = range(6)
"""Columns of what `best_order` finds: cost of the detour, seconds, metres, first and last departure
of the least duration, 1 if some order fits but for its metres."""


@kernel("int64(int64[:, ::1], int64[::1], int64, int64)")
def _of_stop(riders: Int64, members: Int64, stop: int, column: int) -> int:
    """A column of a stop: stop 2m is the pick-up of member m, 2m + 1 the set-down."""
    return int(riders[members[stop >> 1], column + (stop & 1)])


@kernel("boolean(Trips, int64[::1], int64[:, ::1], int64, int64, int64)")
def _append(
    problem: Trips, members: Int64, trail: Int64, depth: int, stop: int, seats: int
) -> bool:
    """Write row `depth + 1` of the trail: going on to `stop`; whether window and seats allow it."""
    riders, now, then = problem.rider, trail[depth], trail[depth + 1]
    party = riders[members[stop >> 1], PARTY]
    load = now[_LOAD] - party if stop & 1 else now[_LOAD] + party
    here = _of_stop(riders, members, stop, PICK_UP)
    way = now[_DWELL] + problem.seconds[now[_PLACE], here]
    span = now[_SPAN] + way
    latest = _of_stop(riders, members, stop, PICK_UP_TO)
    if load > seats or now[_FIRST] + span > latest:
        return False
    earliest = _of_stop(riders, members, stop, PICK_UP_FROM)
    wait = max(0, earliest - now[_LAST] - span)
    then[_PLACE] = here
    then[_SPAN] = span + wait
    then[_FIRST] = max(earliest - span, now[_FIRST]) - wait
    then[_LAST] = min(latest - span, now[_LAST])
    then[_PATH] = now[_PATH] + way
    then[_DRIVEN] = now[_DRIVEN] + problem.metres[now[_PLACE], here]
    then[_LOAD] = load
    then[_DONE] = now[_DONE] | (1 << stop)
    then[_DWELL] = _of_stop(riders, members, stop, PICK_UP_S)
    then[_NEXT] = 0
    return True


@kernel(
    "boolean(int32[:, ::1], int64[:, ::1], int64[::1], int64[::1], int64, int64[::1], int64[::1], "
    "int64)"
)
def _can_go_on(
    seconds: Int32,
    riders: Int64,
    terms: Int64,
    members: Int64,
    stops: int,
    then: Int64,
    left: Int64,
    longest: int,
) -> bool:
    """Whether every stop to come, and the end, is still within reach by itself.

    It is asked most of all, so it is given arrays: opening the table each time costs a tenth.
    """
    span, place = then[_SPAN] + then[_DWELL], then[_PLACE]
    last_span = min(longest, terms[ARRIVE_BY] - then[_FIRST])
    if span + seconds[place, terms[END]] > last_span:
        return False
    for stop in range(stops):
        if then[_DONE] >> stop & 1:
            continue
        there = _of_stop(riders, members, stop, PICK_UP)
        reached = span + seconds[place, there]
        if then[_FIRST] + reached > _of_stop(riders, members, stop, PICK_UP_TO):
            return False
        dwell = _of_stop(riders, members, stop, PICK_UP_S)
        if reached + dwell + seconds[there, terms[END]] > last_span:
            return False
        if stop & 1 and then[_DONE] >> (stop - 1) & 1:
            ridden = then[_PATH] + then[_DWELL] - left[stop >> 1] + seconds[place, there]
            if ridden > riders[members[stop >> 1], RIDE_S]:
                return False
    return True


@kernel("boolean(Trips, int64[::1], int64[::1], int64, int64, int64, int64[::1])")
def _earliest_times(
    problem: Trips,
    members: Int64,
    order: Int64,
    stops: int,
    driver: int,
    depart: int,
    times: Int64,
) -> bool:
    """Earliest beginning of each stop if the driver departs at `depart`; whether all limits hold.

    A ride that would be too long puts its pick-up off, which may put off others in turn: no more
    rounds than riders if there is a schedule at all.
    """
    seconds, riders, terms = problem.seconds, problem.rider, problem.driver[driver]
    times[:stops] = -LONG_AGO
    for _ in range((stops >> 1) + 1):
        ready, place, settled = depart, terms[START], True
        for position in range(stops):
            stop = order[position]
            here = _of_stop(riders, members, stop, PICK_UP)
            ready += seconds[place, here]
            ready = max(ready, _of_stop(riders, members, stop, PICK_UP_FROM), times[position])
            times[position] = ready
            if ready > _of_stop(riders, members, stop, PICK_UP_TO):
                return False
            ready += _of_stop(riders, members, stop, PICK_UP_S)
            place = here
        for position in range(stops):
            stop = order[position]
            if stop & 1:
                boarded = position
                while order[boarded] != stop - 1:
                    boarded -= 1
                rider = riders[members[stop >> 1]]
                least = times[position] - rider[RIDE_S] - rider[PICK_UP_S]
                if times[boarded] < least:
                    times[boarded] = least
                    settled = False
        if settled:
            return True
    return False


@kernel("int64(Trips, int64, int64[::1])")
def _wait_at_end(problem: Trips, driver: int, then: Int64) -> int:
    """Seconds the trip is longer because its driver may not arrive earlier.

    Whoever waits has one departure left that makes the trip no longer still: the last.
    """
    terms = problem.driver[driver]
    span = then[_SPAN] + then[_DWELL] + problem.seconds[then[_PLACE], terms[END]]
    return int(max(0, terms[ARRIVE_FROM] - then[_LAST] - span))


@kernel("int64(Trips, int64, int64[::1])")
def _first_departure(problem: Trips, driver: int, then: Int64) -> int:
    """The first departure with which the trip takes no longer than it must."""
    terms = problem.driver[driver]
    span = then[_SPAN] + then[_DWELL] + problem.seconds[then[_PLACE], terms[END]]
    wait = _wait_at_end(problem, driver, then)
    return int(max(terms[ARRIVE_FROM] - span, then[_FIRST]) - wait)


@kernel(
    "void(Trips, int64[::1], int64, int64, int64[::1], int64[::1], int64[::1], "
    "int64[::1], int64[::1])"
)
def _weigh(
    problem: Trips,
    members: Int64,
    stops: int,
    driver: int,
    then: Int64,
    order: Int64,
    times: Int64,
    best: Int64,
    found: Int64,
) -> None:
    """Take a complete order as the best if it holds and costs less, then is shorter."""
    terms = problem.driver[driver]
    depart = _first_departure(problem, driver, then)
    if not _earliest_times(problem, members, order, stops, driver, depart, times):
        return
    way = problem.seconds[then[_PLACE], terms[END]]
    span = then[_SPAN] + then[_DWELL] + way + _wait_at_end(problem, driver, then)
    solo_s = problem.seconds[terms[START], terms[END]]
    if span - solo_s > terms[DETOUR_S] or depart + span > terms[ARRIVE_BY]:
        return
    found[FITS] = 1
    solo_m = problem.metres[terms[START], terms[END]]
    driven = then[_DRIVEN] + problem.metres[then[_PLACE], terms[END]]
    if driven - solo_m > terms[DETOUR_M]:
        return
    cost = problem.price[0] * (driven - solo_m) + problem.price[1] * (span - solo_s)
    if cost < found[COST] or (cost == found[COST] and span < found[SPAN]):
        found[COST], found[SPAN], found[DRIVEN] = cost, span, driven
        found[FIRST] = depart
        found[LAST] = min(then[_LAST], terms[ARRIVE_BY] - span)
        for position in range(stops):  # a slice put into a slice takes seconds to compile
            best[position] = order[position]


@kernel("boolean(Trips, int64, int64[::1], int64, int64[::1], int64[::1])")
def best_order(
    problem: Trips,
    driver: int,
    members: Int64,
    count: int,
    best: Int64,
    found: Int64,
) -> bool:
    """Try every order of the stops of `count` members; whether one fits.

    Parameters
    ----------
    problem
        The trips.
    driver, members, count
        Who drives, and the riders: the first `count` of `members`.
    best
        Filled with the best order: stop 2m is the pick-up of member m, 2m + 1 the set-down.
    found
        Filled, see `COST` … `FITS`. Of several orders that cost least the shortest is taken, of
        those the first in the order of their stops.

    Notes
    -----
    If it is False and ``found[FITS]`` is 1, only the metres forbid it.
    """
    stops = 2 * count
    seconds, riders, terms = problem.seconds, problem.rider, problem.driver[driver]
    longest = seconds[terms[START], terms[END]] + terms[DETOUR_S]
    found[:] = 0
    found[COST] = 1 << 62
    order = np.zeros(2 * MOST_RIDERS, np.int64)
    times = np.zeros(2 * MOST_RIDERS, np.int64)
    left = np.zeros(MOST_RIDERS, np.int64)
    trail = np.zeros((2 * MOST_RIDERS + 1, 10), np.int64)
    trail[0, _PLACE] = terms[START]
    trail[0, _FIRST], trail[0, _LAST] = terms[DEPART_FROM], terms[DEPART_TO]
    depth = 0
    while depth >= 0:
        stop = trail[depth, _NEXT]
        if stop == stops:
            depth -= 1
            continue
        trail[depth, _NEXT] += 1
        done = trail[depth, _DONE]
        if done >> stop & 1 or (stop & 1 and not done >> (stop - 1) & 1):
            continue
        if not _append(problem, members, trail, depth, stop, terms[SEATS]):
            continue
        then = trail[depth + 1]
        if not stop & 1:
            left[stop >> 1] = then[_PATH] + then[_DWELL]
        elif then[_PATH] - left[stop >> 1] > riders[members[stop >> 1], RIDE_S]:
            continue
        if not _can_go_on(seconds, riders, terms, members, stops, then, left, longest):
            continue
        order[depth] = stop
        if depth + 1 < stops:
            depth += 1
        else:
            _weigh(problem, members, stops, driver, then, order, times, best, found)
    return bool(found[COST] < 1 << 62)


@kernel("boolean(Trips, int64, int64[::1], int64[::1], int64[::1])")
def stop_times(problem: Trips, driver: int, members: Int64, order: Int64, times: Int64) -> bool:
    """When each stop of a given order begins; whether the order fits at all.

    Parameters
    ----------
    problem, driver, members
        As for `best_order`.
    order
        The stops, as `best_order` gives them.
    times
        Filled: departure, beginning of each stop, arrival: of all schedules that take least time,
        the one in which everything is earliest.
    """
    stops = order.shape[0]
    terms = problem.driver[driver]
    trail = np.zeros((stops + 1, 10), np.int64)
    trail[0, _PLACE] = terms[START]
    trail[0, _FIRST], trail[0, _LAST] = terms[DEPART_FROM], terms[DEPART_TO]
    for depth in range(stops):
        if not _append(problem, members, trail, depth, order[depth], terms[SEATS]):
            return False
    then = trail[stops]
    span = then[_SPAN] + then[_DWELL] + problem.seconds[then[_PLACE], terms[END]]
    solo_s = problem.seconds[terms[START], terms[END]]
    span += _wait_at_end(problem, driver, then)
    times[0] = _first_departure(problem, driver, then)
    times[stops + 1] = times[0] + span
    if span - solo_s > terms[DETOUR_S] or times[stops + 1] > terms[ARRIVE_BY]:
        return False
    return _earliest_times(problem, members, order, stops, driver, times[0], times[1:-1])
