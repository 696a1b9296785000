"""Who sits with whom: persons who object, seats, wheelchairs, luggage, tags."""

from __future__ import annotations

from itertools import permutations
from typing import TYPE_CHECKING

from msap_mobility.carpool.check.violation import RideViolation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from msap_mobility.carpool.check.journeys import Journey, Trip
    from msap_mobility.model import Offer, Request

__all__ = ["company"]


def company(trip: Trip) -> Iterator[RideViolation]:
    """What drivers, passengers and the car do not agree on."""
    passengers = {journey.request.id: journey.request for journey in trip.journeys}
    for request in passengers.values():
        for code, other, amount in _pair(trip.offer, request):
            yield RideViolation(
                code=code, ride=trip.ride.id, request=request.id, other=other, amount=amount
            )
    yield from _seats(trip)
    yield from _one_another(trip)


def _pair(offer: Offer, request: Request) -> Iterator[tuple[str, str, int]]:
    """Code, name and amount of each thing a driver and a passenger do not agree on."""
    if request.rider in offer.not_with:
        yield "driver_objects", request.rider, 0
    if offer.driver in request.not_with:
        yield "rider_objects", offer.driver, 0
    if request.only_with and offer.driver not in request.only_with:
        yield "not_among_chosen", offer.driver, 0
    if request.wheelchair and not offer.wheelchair:
        yield "no_wheelchair", "", 0
    if request.luggage and not offer.luggage:
        yield "no_luggage", "", 0
    for tag in sorted(request.wants - offer.tags):
        yield "offer_lacks", tag, 0
    for tag in sorted(offer.wants - request.tags):
        yield "rider_lacks", tag, 0


def _seats(trip: Trip) -> Iterator[RideViolation]:
    """More people aboard than seats, at the fullest moment."""
    fullest = max(
        sum(each.request.party for each in trip.journeys if each.up <= stop < each.down)
        for stop in range(len(trip.ride.stops))
    )
    if (over := fullest - trip.offer.seats) > 0:
        yield RideViolation(code="too_few_seats", ride=trip.ride.id, amount=over, unit="people")


def _one_another(trip: Trip) -> Iterator[RideViolation]:
    """Passengers who cannot be aboard at the same time, each pair and rule told once."""
    told = set()
    for one, other in permutations(trip.journeys, 2):
        mine, theirs = one.request, other.request
        if mine.id == theirs.id or not _meet(one, other):
            continue
        if theirs.rider in mine.not_with:
            told.add(("passengers_object", mine.id, theirs.rider))
        if mine.wheelchair and theirs.wheelchair and mine.id < theirs.id:
            told.add(("wheelchair_taken", theirs.id, mine.rider))
    for code, request, person in sorted(told):
        yield RideViolation(code=code, ride=trip.ride.id, request=request, other=person)


def _meet(one: Journey, other: Journey) -> bool:
    return one.up < other.down and other.up < one.down
