"""Requests as they come in: each goes where it adds least driving, at once, or nowhere."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from msap_mobility.compiled import kernel
from msap_mobility.errors import Faults
from msap_mobility.optimise.arrays import Int64, as_int64, whole
from msap_mobility.optimise.assignment.stoplists import (
    ASKED,
    BEGIN,
    CLOSES,
    DOWN_FROM,
    DOWN_TO,
    FROM_S,
    LATEST,
    NEVER,
    PICK_UP,
    PLACE,
    REQUEST,
    SET_DOWN,
    UP_S,
    UP_TO,
    WIDTH,
    Fleet,
    advance,
    cheapest,
    put,
)

__all__ = [
    "Day",
    "Place",
    "fleet_at_points",
    "fleet_on_roads",
    "place_for",
    "request_of",
    "serve",
    "simulate_day",
]

_ROOM = 64
"""Stops a vehicle has room for at first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a request fits best.

    Parameters
    ----------
    vehicle
        Which one.
    up, down
        After which of its stops pick-up and set-down go, counted before either is there; 0 is where
        the vehicle is.
    added_s
        Seconds of driving it adds.
    """

    vehicle: int
    up: int
    down: int
    added_s: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Day:
    """What became of the requests of a day.

    Parameters
    ----------
    vehicle
        int64 per request: who served it, −1 if nobody could.
    added_s
        int64 per request: seconds of driving it added, 0 if it was refused.
    fleet
        The vehicles after the last request.
    """

    vehicle: Int64
    added_s: Int64
    fleet: Fleet


def fleet_at_points(
    points: Any, *, starts: Any, capacity: Any, speed: float, ready: int = 0
) -> tuple[Fleet, int]:
    """Vehicles in a plane, which drive straight and can turn anywhere.

    Parameters
    ----------
    points
        float (places, 2).
    starts
        float (vehicles, 2): where the vehicles are.
    capacity
        Whole number per vehicle.
    speed
        Units of `points` per second.
    ready
        When they can leave.

    Returns
    -------
    fleet
        No stops yet.
    first
        The number of the first of `points` among the fleet's places.

    Examples
    --------
    >>> fleet, first = fleet_at_points([[0, 9]], starts=[[0, 0]], capacity=[4], speed=1.0)
    >>> request = request_of(asked=0, pick_up=first, set_down=first, up=(0, 60))
    >>> place_for(fleet, request)
    Place(vehicle=0, up=0, down=0, added_s=9)
    """
    own = np.asarray(starts, dtype=np.float64).reshape(-1, 2)
    everywhere = np.concatenate([own, np.asarray(points, dtype=np.float64).reshape(-1, 2)])
    fleet = _fleet(np.arange(len(own)), as_int64(capacity), ready)
    return fleet.copy(point=everywhere, speed=np.array([float(speed)])), len(own)


def fleet_on_roads(seconds: Any, *, starts: Any, capacity: Any, ready: int = 0) -> Fleet:
    """Vehicles on roads, which turn only where they stop.

    Parameters
    ----------
    seconds
        Whole seconds (places, places).
    starts
        Place of each vehicle.
    capacity, ready
        As for `fleet_at_points`.

    Raises
    ------
    InputError
        ``array_shape``, ``array_not_whole``, ``array_outside``.
    """
    table, places = np.asarray(seconds), len(seconds)
    start = as_int64(starts)
    with Faults() as faults:
        whole(faults, "seconds", table, (places, places), least=0, most=2**31 - 1)
        whole(faults, "starts", start, (-1,), least=0, most=places - 1)
    fleet = _fleet(start, as_int64(capacity), ready)
    return fleet.copy(seconds=np.ascontiguousarray(table, dtype=np.int32))


def request_of(
    *,
    asked: int,
    pick_up: int,
    set_down: int,
    up: tuple[int, int] = (0, NEVER),
    down: tuple[int, int] = (0, NEVER),
    dwell_s: tuple[int, int] = (0, 0),
    party: int = 1,
    ride_s: int = NEVER,
) -> Int64:
    """One request as the row of numbers the kernels take.

    Parameters
    ----------
    asked
        When it is made.
    pick_up, set_down
        Places.
    up, down
        From and to when each may begin.
    dwell_s
        Seconds each takes.
    party
        Seats needed.
    ride_s
        Longest ride, from the end of the pick-up to the beginning of the set-down.
    """
    return as_int64([asked, pick_up, set_down, *up, *down, *dwell_s, party, ride_s])


def place_for(fleet: Fleet, request: Int64) -> Place | None:
    """The cheapest place for a request in all vehicles, None if it fits nowhere.

    Parameters
    ----------
    fleet
        As it is at the moment of the request.
    request
        See `request_of`.

    Raises
    ------
    InputError
        As `simulate_day`.
    """
    _check(fleet, request[np.newaxis])
    place, ways = np.zeros(3, dtype=np.int64), np.zeros((4, fleet.stop.shape[1]), dtype=np.int64)
    added_s = int(cheapest(fleet, request, ways, place))
    if added_s == NEVER:
        return None
    vehicle, up, down = place.tolist()
    return Place(vehicle=vehicle, up=up, down=down, added_s=added_s)


def serve(fleet: Fleet, request: Int64, number: int, place: Place) -> Fleet:
    """The fleet with a request put where `place_for` found place for it.

    Parameters
    ----------
    fleet
        Left as it is.
    request, number
        See `request_of`; the number it has in the stops' column `REQUEST`.
    place
        From `place_for`, for this fleet.
    """
    own = fleet.copy()
    if own.length[place.vehicle] + 3 > own.stop.shape[1]:
        own = _with_room(own)
    where = np.array([place.vehicle, place.up, place.down], dtype=np.int64)
    put(own, request, number, where)
    return own


def simulate_day(fleet: Fleet, requests: Int64) -> Day:
    """Answer requests in the order they come in, vehicles driving on between them.

    Parameters
    ----------
    fleet
        The vehicles; left as they are.
    requests
        int64 (requests, 11), rows of `request_of`, in rising order of `asked`.

    Returns
    -------
    Day
        A request is never moved to another vehicle.

    Raises
    ------
    InputError
        ``array_shape``, ``array_not_whole``, ``array_outside``, ``array_not_rising``.
    """
    rows = np.ascontiguousarray(requests)
    _check(fleet, rows)
    own = fleet.copy()
    vehicle = np.full(len(rows), -1, dtype=np.int64)
    added_s = np.zeros(len(rows), dtype=np.int64)
    answered = 0
    while (answered := _answer(own, rows, answered, vehicle, added_s)) < len(rows):
        own = _with_room(own)
    return Day(vehicle=vehicle, added_s=added_s, fleet=own)


@kernel("int64(Fleet, int64[:, ::1], int64, int64[::1], int64[::1])")
def _answer(fleet: Fleet, requests: Int64, first: int, vehicle: Int64, added_s: Int64) -> int:
    """Answer requests from `first` on; the first not answered, because a list had no room."""
    place = np.zeros(3, np.int64)
    ways = np.zeros((4, fleet.stop.shape[1]), np.int64)
    for number in range(first, requests.shape[0]):
        request = requests[number]
        for one in range(fleet.length.shape[0]):
            advance(fleet, one, request[ASKED])
        added = cheapest(fleet, request, ways, place)
        if added == NEVER:
            continue
        if fleet.length[place[0]] + 3 > fleet.stop.shape[1]:
            return number
        put(fleet, request, number, place)
        vehicle[number], added_s[number] = place[0], added
    return int(requests.shape[0])


def _fleet(start: Int64, capacity: Int64, ready: int) -> Fleet:
    vehicles = len(start)
    with Faults() as faults:
        whole(faults, "capacity", capacity, (vehicles,), least=0, most=10**6)
    stop = np.zeros((vehicles, _ROOM, WIDTH), dtype=np.int64)
    stop[:, 0, PLACE], stop[:, 0, REQUEST], stop[:, 0, BEGIN] = start, -1, ready
    stop[:, 0, CLOSES] = stop[:, 0, LATEST] = NEVER
    return Fleet(
        stop=stop,
        length=np.zeros(vehicles, dtype=np.int64),
        bound_for=np.zeros(vehicles, dtype=np.int64),
        capacity=capacity,
        seconds=np.zeros((0, 0), dtype=np.int32),
        point=np.zeros((0, 2), dtype=np.float64),
        speed=np.ones(1),
    )


def _with_room(fleet: Fleet) -> Fleet:
    """The same fleet with room for twice the stops."""
    return fleet.copy(stop=np.concatenate([fleet.stop, np.zeros_like(fleet.stop)], axis=1))


def _check(fleet: Fleet, requests: Int64) -> None:
    places = len(fleet.seconds) or len(fleet.point)
    with Faults() as faults:
        if not whole(faults, "requests", requests, (-1, 11)):
            return
        for column in (PICK_UP, SET_DOWN):
            name = f"requests[:, {column}]"
            whole(faults, name, requests[:, column], (-1,), least=0, most=places - 1)
        whole(faults, f"requests[:, {UP_S}:]", requests[:, UP_S:], (-1, -1), least=0)
        for opens, closes in ((FROM_S, UP_TO), (DOWN_FROM, DOWN_TO)):
            wrong = np.flatnonzero(requests[:, opens] > requests[:, closes])
            if len(wrong):
                value = int(requests[wrong[0], closes])
                faults.add("array_not_rising", column=f"requests[:, {closes}]", value=value)
        falls = np.flatnonzero(np.diff(requests[:, ASKED]) < 0)
        if len(falls):
            value = int(requests[falls[0] + 1, ASKED])
            faults.add("array_not_rising", column="requests[:, 0]", value=value)
