"""Vehicles with their lists of stops, kept so that an insertion is judged in constant time.

Beside each stop stand the earliest moment it can begin, the latest moment for which the rest of the
list still fits, and the load after it. Ways are those of a matrix, or straight lines at one speed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np

from msap_mobility.compiled import Table, kernel

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from msap_mobility.optimise.arrays import Int32, Int64

__all__ = ["NEVER", "Fleet", "advance", "cheapest", "put", "renew"]

NEVER = 1 << 40
"""A moment after everything."""


class Fleet(Table):
    """Vehicles and what they have promised. Times are whole seconds of one clock.

    Parameters
    ----------
    stop
        int64 (vehicles, room, 9): the columns `PLACE` … `WAY`. Row 0 is where the vehicle is and
        the moment it can leave; its stops follow.
    length
        int64 per vehicle: number of stops.
    bound_for
        int64 per vehicle: 1 if it is on its way to its first stop and cannot turn (matrix only).
    capacity
        int64 per vehicle.
    seconds
        int32 (places, places), or (0, 0) if `point` counts.
    point
        float64 (places, 2): where the places are. The first ones are the vehicles' own: they move.
    speed
        float64 (1,): units of `point` per second.
    """

    columns: ClassVar = {
        "stop": "int64[:,:,::1]",
        "length": "int64[::1]",
        "bound_for": "int64[::1]",
        "capacity": "int64[::1]",
        "seconds": "int32[:,::1]",
        "point": "float64[:,::1]",
        "speed": "float64[::1]",
    }
    stop: Int64
    length: Int64
    bound_for: Int64
    capacity: Int64
    seconds: Int32
    point: NDArray[np.float64]
    speed: NDArray[np.float64]


PLACE, REQUEST, OPENS, CLOSES, DWELL, BEGIN, LATEST, LOAD, WAY = range(9)
"""Columns of `Fleet.stop`: place, request (from 0), window of its beginning, seconds it takes;
then, kept up to date, earliest and latest beginning, load after it and way to it."""
WIDTH = 9

ASKED, PICK_UP, SET_DOWN, FROM_S, UP_TO, DOWN_FROM, DOWN_TO, UP_S, DOWN_S, PARTY, RIDE_S = range(11)
"""Columns of a request: when it is made, places of pick-up and set-down, windows and seconds of
each, seats needed, longest ride."""

_ROUNDING = 1e-9


@kernel("int64(Fleet, int64, int64)")
def way_s(fleet: Fleet, here: int, there: int) -> int:
    """Whole seconds from one place to another, rounded up."""
    if fleet.seconds.shape[0] > 0:
        return int(fleet.seconds[here, there])
    east = fleet.point[here, 0] - fleet.point[there, 0]
    north = fleet.point[here, 1] - fleet.point[there, 1]
    return int(np.ceil(np.sqrt(east * east + north * north) / fleet.speed[0] - _ROUNDING))


@kernel("void(Fleet, int64)")
def renew(fleet: Fleet, vehicle: int) -> None:
    """Bring the times of a vehicle's stops up to date; their ways and loads are."""
    stop, length = fleet.stop[vehicle], fleet.length[vehicle]
    for at in range(1, length + 1):
        arrive = stop[at - 1, BEGIN] + stop[at - 1, DWELL] + stop[at, WAY]
        stop[at, BEGIN] = max(arrive, stop[at, OPENS])
    latest = NEVER
    for at in range(length, 0, -1):
        stop[at, LATEST] = min(stop[at, CLOSES], latest)
        latest = stop[at, LATEST] - stop[at, WAY] - stop[at - 1, DWELL]


@kernel("void(Fleet, int64, int64)")
def advance(fleet: Fleet, vehicle: int, now: int) -> None:
    """Let a vehicle drive on until `now`: it always leaves at once and waits where it is needed."""
    stop = fleet.stop[vehicle]
    done, length = 0, fleet.length[vehicle]
    while done < length and stop[done + 1, BEGIN] <= now:
        done += 1
    if done > 0:
        for at in range(done, length + 1):
            stop[at - done] = stop[at]
        fleet.length[vehicle] = length - done
    leaves = stop[0, BEGIN] + stop[0, DWELL]
    fleet.bound_for[vehicle] = 0
    if now <= leaves:
        return
    if length > done and fleet.seconds.shape[0] > 0:
        fleet.bound_for[vehicle] = 1
        return
    if length > done:
        share = min(1.0, (now - leaves) / max(1, stop[1, WAY]))
        here, there = stop[0, PLACE], stop[1, PLACE]
        for axis in range(2):
            begin, end = fleet.point[here, axis], fleet.point[there, axis]
            fleet.point[vehicle, axis] = begin + share * (end - begin)
        stop[0, PLACE] = vehicle
        stop[1, WAY] = way_s(fleet, vehicle, there)
    stop[0, BEGIN], stop[0, DWELL] = now, 0


@kernel("void(Fleet, int64, int64[::1], int64[:, ::1], int64)")
def _learn_ways(fleet: Fleet, place: int, request: Int64, ways: Int64, at: int) -> None:
    """Ways to and from the pick-up, to and from the set-down."""
    ways[0, at] = way_s(fleet, place, request[PICK_UP])
    ways[2, at] = way_s(fleet, place, request[SET_DOWN])
    ways[1, at], ways[3, at] = ways[0, at], ways[2, at]
    if fleet.seconds.shape[0] > 0:
        ways[1, at] = way_s(fleet, request[PICK_UP], place)
        ways[3, at] = way_s(fleet, request[SET_DOWN], place)


@kernel("UniTuple(int64, 3)(Fleet, int64[::1], int64, int64, int64[:, ::1])")
def _cheapest_of_one(  # noqa: C901, PLR0912 - one loop over pick-ups, one over set-downs
    fleet: Fleet, request: Int64, vehicle: int, least: int, ways: Int64
) -> tuple[int, int, int]:
    """Added seconds of driving if below `least`, and the stops to put both ends after.

    Cost is tested before feasibility. A place reached too late after one stop is reached too late
    after every later one: ways obey the triangle inequality.
    """
    stop, length = fleet.stop[vehicle], fleet.length[vehicle]
    room = fleet.capacity[vehicle] - request[PARTY]
    best, best_up, best_down = least, -1, -1
    direct = way_s(fleet, request[PICK_UP], request[SET_DOWN])
    known = -1  # up to which stop the ways are known
    for up in range(fleet.bound_for[vehicle], length + 1):
        while known < min(up + 1, length):
            known += 1
            _learn_ways(fleet, stop[known, PLACE], request, ways, known)
        arrive = stop[up, BEGIN] + stop[up, DWELL] + ways[0, up]
        if arrive > request[UP_TO]:
            break
        if stop[up, LOAD] > room:
            continue
        aboard = max(arrive, request[FROM_S]) + request[UP_S]
        due = min(request[DOWN_TO], aboard + request[RIDE_S])
        begin = max(aboard + direct, request[DOWN_FROM])
        if begin <= due:
            added, fits = ways[0, up] + direct, True
            if up < length:
                added += ways[3, up + 1] - stop[up + 1, WAY]
                fits = begin + request[DOWN_S] + ways[3, up + 1] <= stop[up + 1, LATEST]
            if fits and added < best:
                best, best_up, best_down = added, up, up
        if up == length:
            break
        to_pick_up = ways[0, up] + ways[1, up + 1] - stop[up + 1, WAY]
        begin = max(aboard + ways[1, up + 1], stop[up + 1, OPENS])
        down = up + 1
        while to_pick_up < best and begin <= stop[down, LATEST] and stop[down, LOAD] <= room:
            if known < min(down + 1, length):
                known += 1
                _learn_ways(fleet, stop[known, PLACE], request, ways, known)
            leaves = begin + stop[down, DWELL]
            arrive = max(leaves + ways[2, down], request[DOWN_FROM])
            if arrive > due:
                break
            added, fits = to_pick_up + ways[2, down], True
            if down < length:
                added += ways[3, down + 1] - stop[down + 1, WAY]
                fits = arrive + request[DOWN_S] + ways[3, down + 1] <= stop[down + 1, LATEST]
            if fits and added < best:
                best, best_up, best_down = added, up, down
            if down == length:
                break
            down += 1
            begin = max(leaves + stop[down, WAY], stop[down, OPENS])
    return best, best_up, best_down


@kernel("int64(Fleet, int64[::1], int64[:, ::1], int64[::1])")
def cheapest(fleet: Fleet, request: Int64, ways: Int64, place: Int64) -> int:
    """Least seconds of driving any vehicle adds to serve a request, or `NEVER`.

    Parameters
    ----------
    fleet
        A `Fleet`, every vehicle up to date.
    request
        int64 (11,), see `ASKED` … `RIDE_S`.
    ways
        int64 (4, room), for work.
    place
        Filled: vehicle, and the stops (0: where it is) after which pick-up and set-down go. Of
        equals the first in this order.
    """
    least = NEVER
    for vehicle in range(fleet.length.shape[0]):
        added, up, down = _cheapest_of_one(fleet, request, vehicle, least, ways)
        if added < least:
            least = added
            place[0], place[1], place[2] = vehicle, up, down
    return least


@kernel("void(Fleet, int64, int64, int64[::1])")
def _put_one(fleet: Fleet, vehicle: int, after: int, new: Int64) -> None:
    """Put a stop after another; loads of later ones stay as they are."""
    stop, length = fleet.stop[vehicle], fleet.length[vehicle]
    for at in range(length, after, -1):
        stop[at + 1] = stop[at]
    stop[after + 1] = new
    stop[after + 1, WAY] = way_s(fleet, stop[after, PLACE], new[PLACE])
    if after < length:
        stop[after + 2, WAY] = way_s(fleet, new[PLACE], stop[after + 2, PLACE])
    fleet.length[vehicle] = length + 1


@kernel("void(Fleet, int64[::1], int64, int64[::1])")
def put(fleet: Fleet, request: Int64, number: int, place: Int64) -> None:
    """Serve a request where `cheapest` found place for it.

    A limit on the ride becomes the latest beginning of the set-down, counted from the earliest
    pick-up known now: whatever is inserted later keeps it.
    """
    vehicle, up, down = place[0], place[1], place[2]
    stop = fleet.stop[vehicle]
    new = np.zeros(WIDTH, np.int64)
    new[PLACE], new[REQUEST], new[DWELL] = request[PICK_UP], number, request[UP_S]
    new[OPENS], new[CLOSES] = request[FROM_S], request[UP_TO]
    new[LOAD] = stop[up, LOAD] + request[PARTY]
    _put_one(fleet, vehicle, up, new)
    for at in range(up + 2, down + 2):
        stop[at, LOAD] += request[PARTY]
    arrive = stop[up, BEGIN] + stop[up, DWELL] + stop[up + 1, WAY]
    aboard = max(arrive, request[FROM_S]) + request[UP_S]
    new[PLACE], new[DWELL] = request[SET_DOWN], request[DOWN_S]
    new[OPENS] = request[DOWN_FROM]
    new[CLOSES] = min(request[DOWN_TO], aboard + request[RIDE_S])
    new[LOAD] = stop[down + 1, LOAD] - request[PARTY]
    _put_one(fleet, vehicle, down + 1, new)
    renew(fleet, vehicle)
