"""A seat in a car with passengers: a trip of `match` that keeps those aboard."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from msap_mobility.carpool.board import in_cars
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
    from msap_mobility.model import Request, Ride

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
    cars = trips.itineraries(problem)
    lifts = Lifts.of(cars, kind, source)
    kept = (lifts.since >= now_s) & _unclashed(board, cars)
    lifts, cars = lifts.some(kept), trips.some(kept).itineraries(problem)
    moved = [
        sum(1 for who, _ in moves(ride, new) if who in ride.requests) for new in cars.rides("UTC")
    ]
    return (
        replace(
            lifts,
            offer=np.full(len(lifts), offer, dtype=np.int64),
            detour_s=lifts.detour_s - ride.detour_s,
            detour_m=lifts.detour_m - ride.detour_m,
            moved=np.array(moved, dtype=np.int64),
            row=np.arange(len(lifts)),
        ),
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
        over = next(int(s.at.timestamp()) for s in first.stops if name in s.sets_down)
        again = next(int(s.at.timestamp()) for s in second.stops if name in s.picks_up)
        if over + (request.stay_s or 0) > again:
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
            stops = [(int(stop.at.timestamp()), stop) for stop in ride.stops]
            if int(problem.passages.leg_kind[legs[0]]) == OUT:
                fetched_at[number] = next(at for at, s in stops if request.id in s.picks_up)
            else:
                over = next(at for at, s in stops if request.id in s.sets_down)
                free_at[number] = over + (request.stay_s or 0)
    return free_at, fetched_at


def _unclashed(board: Board, cars: Itineraries) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Which trips put nobody into two cars at once."""
    kept = [
        all(is_free(board, person, span) for person, span in in_cars(ride))
        for ride in cars.rides("UTC")
    ]
    return np.array(kept, dtype=np.bool_)
