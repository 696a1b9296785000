"""Who sits in a car from which stop to which: a ride read once, for all rules."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from msap_mobility.model import Offer, Place, Request, Ride

__all__ = ["Journey", "Trip"]

Way = Literal["out", "back"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Journey:
    """One passenger in one car, one way.

    Parameters
    ----------
    request
        Whose.
    way
        There or back; a round is two journeys.
    up, down
        Numbers of the stops.
    """

    request: Request
    way: Way
    up: int
    down: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Trip:
    """A ride with the records it names.

    Parameters
    ----------
    ride, offer
        Both.
    journeys
        Request by request, in driving order.
    path, at
        Where the car stops, and when, POSIX seconds.
    """

    ride: Ride
    offer: Offer
    journeys: tuple[Journey, ...]
    path: tuple[Place, ...]
    at: tuple[int, ...]

    @classmethod
    def of(cls, ride: Ride, offer: Offer, requests: Mapping[str, Request]) -> Trip:
        """Read a ride, all of whose records are known."""
        journeys = (
            Journey(request=requests[name], way=way, up=up, down=down)
            for name, leg in zip(ride.requests, ride.legs, strict=True)
            for way, (up, down) in zip(_ways(leg), _moves(ride, name), strict=True)
        )
        return cls(
            ride=ride,
            offer=offer,
            journeys=tuple(journeys),
            path=tuple(stop.place for stop in ride.stops),
            at=tuple(int(stop.at.timestamp()) for stop in ride.stops),
        )

    def ends(self, journey: Journey) -> tuple[tuple[Place, Place], tuple[Place, Place]]:
        """Door and place of the car: where a passenger gets in, and where they get out."""
        request, path = journey.request, self.path
        first, last = request.start, request.end
        if journey.way == "back":
            first, last = last, first
        return (first, path[journey.up]), (last, path[journey.down])

    def drives(self) -> Iterator[tuple[Place, Place]]:
        """The ways of the car, from stop to stop."""
        return pairwise(self.path)


def _ways(leg: str) -> tuple[Way, ...]:
    if leg == "round":
        return "out", "back"
    return ("back",) if leg == "back" else ("out",)


def _moves(ride: Ride, request: str) -> Iterator[tuple[int, int]]:
    """Where somebody gets in and out, once or twice; a `Ride` has them in turn."""
    up = [number for number, stop in enumerate(ride.stops) if request in stop.picks_up]
    down = [number for number, stop in enumerate(ride.stops) if request in stop.sets_down]
    return zip(up, down, strict=True)
