"""What was promised before: rides that stay as they are, or that cost something to break."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from msap_mobility.carpool.passages import BACK, LEGS, OUT, ROUND
from msap_mobility.errors import Faults
from msap_mobility.model.sharing import check_count

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from msap_mobility.carpool.problem import CarpoolProblem
    from msap_mobility.model import Ride

__all__ = ["Promised", "read_promises", "still_asked"]

_MOST_PENALTY = 10**9


@dataclass(frozen=True, slots=True, kw_only=True)
class Promised:
    """A ride that was promised, in the numbers of a problem.

    Parameters
    ----------
    ride
        The ride.
    offer
        Number of its offer.
    legs
        Numbers of the legs it serves, rising; a round is the way there and the way back.
    requests
        Per passenger: number of the request, and the legs.
    """

    ride: Ride
    offer: int
    legs: tuple[int, ...]
    requests: tuple[tuple[int, tuple[int, ...]], ...]

    def passages(self, problem: CarpoolProblem) -> frozenset[int] | None:
        """Passages that stop where the ride does; None if somebody has no such passage."""
        up = self._where(picks=True)
        out = self._where(picks=False)
        found: set[int] = set()
        for request, legs in self.requests:
            name = problem.requests[request].id
            for turn, leg in enumerate(legs):
                same = {
                    passage
                    for passage in problem.passages.of_leg(leg).tolist()
                    if int(problem.passages.pick[passage]) == _number(problem, up, name, turn)
                    and int(problem.passages.drop[passage]) == _number(problem, out, name, turn)
                }
                if not same:
                    return None
                found |= same
        return frozenset(found)

    def drop_s(self, request: str) -> int:
        """When the ride first sets a passenger down, POSIX seconds."""
        return next(int(s.at.timestamp()) for s in self.ride.stops if request in s.sets_down)

    def pick_s(self, request: str) -> int:
        """When the ride last picks a passenger up, POSIX seconds."""
        stops = reversed(self.ride.stops)
        return next(int(stop.at.timestamp()) for stop in stops if request in stop.picks_up)

    def _where(self, *, picks: bool) -> dict[str, list[tuple[float, float]]]:
        places: dict[str, list[tuple[float, float]]] = {}
        for stop in self.ride.stops:
            for name in stop.picks_up if picks else stop.sets_down:
                places.setdefault(name, []).append((stop.place.lon, stop.place.lat))
        return places


def _number(
    problem: CarpoolProblem, where: dict[str, list[tuple[float, float]]], name: str, turn: int
) -> int:
    """Number of the place where somebody gets in or out for the `turn`-th time; −1 if unknown."""
    return problem.ways.find(*where[name][turn])


def read_promises(
    problem: CarpoolProblem, rides: Sequence[Ride], penalty: int | None
) -> tuple[Promised, ...]:
    """The promised rides in the numbers of a problem, by offer.

    Raises
    ------
    InputError
        ``unknown_offer``, ``unknown_request``, ``no_such_leg``, ``promised_twice``,
        ``out_of_range`` (of the penalty).
    """
    offers = {offer.id: number for number, offer in enumerate(problem.offers)}
    requests = {request.id: number for number, request in enumerate(problem.requests)}
    found: list[Promised] = []
    with Faults() as faults:
        if penalty is not None:
            check_count(faults, "break_penalty", penalty, 0, _MOST_PENALTY)
        taken: dict[object, int] = {}
        for number, ride in enumerate(rides):
            noted = len(faults.found)
            if ride.offer not in offers:
                faults.add("unknown_offer", column="promised", value=ride.offer)
            for name, kind in zip(ride.requests, ride.legs, strict=True):
                if name not in requests:
                    faults.add("unknown_request", column="promised", value=name)
                elif kind != "out" and not problem.requests[requests[name]].wants_return:
                    faults.add("no_such_leg", column="promised", value=kind, request=name)
            for what in _claims(ride):
                other = taken.setdefault(what, number)
                if other != number:
                    first = rides[other].id
                    faults.add("promised_twice", column="promised", value=ride.id, other=first)
                    break
            if len(faults.found) == noted:
                found.append(_numbered(problem, ride, offers, requests))
    return tuple(sorted(found, key=lambda each: each.offer))


def still_asked(
    rides: Sequence[Ride], offers: Collection[str], requests: Collection[str]
) -> tuple[list[Ride], list[str]]:
    """Promised rides without what is no longer offered or asked for.

    Where a passenger is gone, the rest of the ride stays as it was promised to the others: its
    hours, and its lengths, which are then the most it takes.

    Parameters
    ----------
    rides
        As they were promised.
    offers, requests
        Ids of those there are.

    Returns
    -------
    rides
        Those that are left.
    gone
        Ids of the offers and requests that were promised and are gone, sorted.
    """
    named = {name for ride in rides for name in ride.requests}
    gone = {*(ride.offer for ride in rides if ride.offer not in offers), *(named - {*requests})}
    left = [
        ride.of_those(set(ride.requests) - gone)
        for ride in rides
        if ride.offer in offers and not gone.issuperset(ride.requests)
    ]
    return left, sorted(gone)


def _claims(ride: Ride) -> Iterator[object]:
    """What no other ride may have: the offer, and each way of each request."""
    yield ride.offer
    for name, kind in zip(ride.requests, ride.legs, strict=True):
        for one in ("out", "back") if kind == "round" else (kind,):
            yield name, one


def _numbered(
    problem: CarpoolProblem, ride: Ride, offers: dict[str, int], requests: dict[str, int]
) -> Promised:
    passengers = []
    for name, kind in zip(ride.requests, ride.legs, strict=True):
        first = int(np.searchsorted(problem.passages.leg_request, requests[name]))
        ways = (OUT, BACK) if LEGS.index(kind) == ROUND else (LEGS.index(kind),)
        passengers.append((requests[name], tuple(first + way for way in ways)))
    legs = sorted(leg for _, legs in passengers for leg in legs)
    return Promised(
        ride=ride, offer=offers[ride.offer], legs=tuple(legs), requests=tuple(passengers)
    )
