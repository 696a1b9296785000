"""A seat in a car with passengers: a trip of `match` that keeps those aboard."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from msap_mobility.carpool.in_cars import in_cars
from msap_mobility.carpool.lifts import Lifts, is_free
from msap_mobility.carpool.passages import BACK, OUT, ROUND
from msap_mobility.carpool.promises import read_promises
from msap_mobility.carpool.returns import clashes
from msap_mobility.carpool.terms import Terms
from msap_mobility.carpool.trips import Held, Search
from msap_mobility.optimise.assignment.trips import MOST_RIDERS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from msap_mobility.carpool.asked import AskedWays
    from msap_mobility.carpool.board import Board
    from msap_mobility.carpool.itineraries import Itineraries
    from msap_mobility.carpool.problem import CarpoolProblem
    from msap_mobility.carpool.promises import Promised
    from msap_mobility.carpool.trips import Trips
    from msap_mobility.carpool.walks import Walks
    from msap_mobility.carpool.ways import Ways
    from msap_mobility.model import Request, Ride, RideStop

__all__ = ["agree", "joined_lifts", "moves"]

_CAP = 1_000_000  # of groups: those of four passengers in one car are far fewer


def joined_lifts(
    board: Board, ways: AskedWays, request: Request, offer: int, source: int, now_s: int
) -> tuple[Lifts, Itineraries]:
    """What a car with passengers can do for a caller, nobody's promise broken.

    Parameters
    ----------
    board
        The offers and what is promised.
    ways
        Those of the board and of the caller's places.
    request
        The caller's.
    offer
        Number of the offer.
    source
        Number to give to its trips.
    now_s
        The car does not leave before; POSIX seconds.
    """
    ride = board.rides[board.offers[offer].id]
    problem = board.problem(ways, (request, *board.aboard(ride.offer)), offer)
    (promised,) = read_promises(problem, [ride], None)
    trips, kind = _with_caller(board, problem, promised)
    width = int((trips.stop >= 0).sum(axis=1).max(initial=0))
    cars = replace(trips.itineraries(problem), stop=trips.stop[:, :width])
    made = cars.rides("UTC")
    kept = [all(is_free(board, *each) for each in in_cars(new)) for new in made]
    moved = [sum(who in ride.requests for who, _ in moves(ride, new)) for new in made]
    lifts = Lifts.of(cars, kind, source)
    fits = (lifts.since >= now_s) & np.array(kept, dtype=np.bool_)
    return (
        replace(
            lifts,
            offer=np.full(len(lifts), offer, dtype=np.int64),
            detour_s=lifts.detour_s - ride.detour_s,
            detour_m=lifts.detour_m - ride.detour_m,
            moved=np.array(moved, dtype=np.int64),
        ).some(fits),
        cars,
    )


def moves(old: Ride, new: Ride) -> Iterator[tuple[str, int]]:
    """By how many seconds pick-ups move: id of the request; of the driver's arrival: empty."""
    for name in old.requests:
        was, now = (
            [int(stop.at.timestamp()) for stop in ride.stops if name in stop.picks_up]
            for ride in (old, new)
        )
        shift = max((b - a for a, b in zip(was, now, strict=True)), key=abs)
        if shift:
            yield name, shift
    ends = [int(ride.stops[-1].at.timestamp()) for ride in (old, new)]
    if ends[0] != ends[1]:
        yield "", ends[1] - ends[0]


def agree(board: Board, one: Ride, other: Ride) -> bool:
    """Whether two rides, both changed, still go together for everybody in both."""
    for name in set(one.requests) & set(other.requests) & board.requests.keys():
        request = board.requests[name]
        first, second = (
            (one, other) if one.legs[one.requests.index(name)] == "out" else (other, one)
        )
        walks = board.walks(board.ways, (request,))
        over = _free_at(walks, board.ways, request, first)
        if over > _fetched_at(walks, board.ways, request, second):
            return False
    there = list(in_cars(one))
    return not any(
        person == who and span.since < here.until and here.since < span.until
        for who, span in in_cars(other)
        for person, here in there
    )


def _with_caller(
    board: Board, problem: CarpoolProblem, promised: Promised
) -> tuple[Trips, np.ndarray[tuple[int], np.dtype[np.int64]]]:
    """The trips that take all who are aboard and the caller, and what they do for the caller."""
    legs = frozenset(promised.legs)
    full = len(promised.requests) >= MOST_RIDERS or len(legs) >= MOST_RIDERS
    worth = Terms().worth(problem)
    search = Search(
        problem=problem,
        worth=worth,
        cost=np.zeros(1, dtype=np.int64),
        together=MOST_RIDERS,
        held={0: Held(legs=legs, passages=None if full else promised.passages(problem))},
        kept=frozenset(range(len(worth))),
        cap=_CAP,
    )
    trips, _ = search.run()
    late, _ = clashes(problem, trips, *_elsewhere(board, problem, promised))
    returns = problem.requests[0].wants_return
    asked = {legs | {OUT}: OUT}
    if returns:
        asked |= {legs | {BACK}: BACK, legs | {OUT, BACK}: ROUND}
    kinds = [asked.get(frozenset(leg for leg in row if leg >= 0), -1) for row in trips.leg.tolist()]
    kind = np.array(kinds, dtype=np.int64)
    fits = trips.sound & ~late & (kind >= 0)
    return trips.some(fits), kind[fits]


def _elsewhere(
    board: Board, problem: CarpoolProblem, promised: Promised
) -> tuple[Mapping[int, int], Mapping[int, int]]:
    """When those aboard, brought by another ride, are free, and when another ride fetches them."""
    free_at: dict[int, int] = {}
    fetched_at: dict[int, int] = {}
    for number, legs in promised.requests:
        request = problem.requests[number]
        for ride in board.rides.values():
            if ride.offer == promised.ride.offer or request.id not in ride.requests:
                continue
            if int(problem.passages.leg_kind[legs[0]]) == OUT:
                fetched_at[number] = _fetched_at(problem.walks, problem.ways, request, ride)
            else:
                free_at[number] = _free_at(problem.walks, problem.ways, request, ride)
    return free_at, fetched_at


def _free_at(walks: Walks, ways: Ways, request: Request, ride: Ride) -> int:
    """When somebody whom a ride sets down has been at the door as long as they want."""
    stop = next(stop for stop in ride.stops if request.id in stop.sets_down)
    return int(stop.at.timestamp()) + _walk_s(walks, ways, request, stop) + (request.stay_s or 0)


def _fetched_at(walks: Walks, ways: Ways, request: Request, ride: Ride) -> int:
    """When somebody whom a ride picks up to bring them back leaves the door."""
    stop = next(stop for stop in ride.stops if request.id in stop.picks_up)
    return int(stop.at.timestamp()) - _walk_s(walks, ways, request, stop)


def _walk_s(walks: Walks, ways: Ways, request: Request, stop: RideStop) -> int:
    """Seconds of the walk between the end of a request and a stop."""
    here = ways.find(stop.place.lon, stop.place.lat)
    met = walks.points_near(request.end, request.walk_limit_m)
    return next((each.seconds for each in met if each.place == here), 0)
