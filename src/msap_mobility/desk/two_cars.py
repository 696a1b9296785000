"""Nobody is promised to be in two cars at once, be it by a minute."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from msap_mobility.carpool.in_cars import in_cars
from msap_mobility.desk import lives, trips
from msap_mobility.desk.refused import DeskRefused

if TYPE_CHECKING:
    from msap_mobility.carpool.in_cars import InCar
    from msap_mobility.desk.store import Run
    from msap_mobility.model import Ride

__all__ = ["clash"]

_LONGEST = timedelta(days=8)
"""A car is under way a week at most: what set out before is back."""


def clash(run: Run, ride: Ride, zone: str) -> DeskRefused | None:
    """Who of a ride is promised to drive or ride with another offer meanwhile; None if nobody."""
    spans: dict[str, list[InCar]] = {}
    for person, span in in_cars(ride):
        spans.setdefault(person, []).append(span)
    first = trips.day_of(ride.stops[0].at - _LONGEST, zone)
    last = trips.day_of(ride.stops[-1].at, zone)
    for offer in lives.offers_of(run, tuple(spans), first, last):
        other = None if offer == ride.offer else trips.present(run, offer)
        for person, span in () if other is None else in_cars(other):
            if any(_meet(span, mine) for mine in spans.get(person, ())):
                named = ", ".join(each.ride for each in lives.aboard(run, offer))
                values = {"offer": offer, "rides": named}
                return DeskRefused(code="in_two_cars", subject=person, values=values)
    return None


def _meet(one: InCar, other: InCar) -> bool:
    return one.since < other.until and other.since < one.until
