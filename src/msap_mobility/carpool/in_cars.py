"""When everybody of a ride sits in its car."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from msap_mobility.model import Ride

__all__ = ["InCar", "in_cars"]


@dataclass(frozen=True, slots=True, kw_only=True)
class InCar:
    """When somebody drives or rides, POSIX seconds, for which offer, and for which request.

    The request is empty for who drives.
    """

    offer: str
    since: int
    until: int
    request: str = ""


def in_cars(ride: Ride) -> Iterator[tuple[str, InCar]]:
    """Member ids, and when each sits in the car of a ride."""
    instants = [int(stop.at.timestamp()) for stop in ride.stops]
    yield ride.driver, InCar(offer=ride.offer, since=instants[0], until=instants[-1])
    for name, rider in zip(ride.requests, ride.riders, strict=True):
        boarded = 0
        for stop, at in zip(ride.stops, instants, strict=True):
            if name in stop.sets_down:
                yield rider, InCar(offer=ride.offer, since=boarded, until=at, request=name)
            if name in stop.picks_up:
                boarded = at
