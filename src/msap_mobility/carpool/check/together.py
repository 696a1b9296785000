"""Rides side by side: nobody twice, return or nothing, and nobody in two cars at once."""

from __future__ import annotations

from collections import defaultdict
from itertools import pairwise
from typing import TYPE_CHECKING

from msap_mobility.carpool.check.riding import stay_s
from msap_mobility.carpool.check.violation import RideViolation

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from msap_mobility.carpool.check.journeys import Journey, Trip
    from msap_mobility.carpool.check.riding import Walked
    from msap_mobility.model import Ride

__all__ = ["named_once", "together"]

Seat = tuple["Trip", "Journey"]


def named_once(rides: Sequence[Ride]) -> Iterator[RideViolation]:
    """Ids of rides and offers that occur twice: one offer is one car on its way, once."""
    ids: set[str] = set()
    offers: dict[str, str] = {}
    for ride in rides:
        if ride.id in ids:
            yield RideViolation(code="ride_id_twice", ride=ride.id)
        ids.add(ride.id)
        if ride.offer in offers:
            yield RideViolation(code="offer_twice", ride=ride.id, other=offers[ride.offer])
        offers.setdefault(ride.offer, ride.id)


def together(trips: Sequence[Trip], walked: Walked) -> Iterator[RideViolation]:
    """What stands against several rides at once, all of whose records are known."""
    seats: dict[str, dict[str, list[Seat]]] = defaultdict(lambda: {"out": [], "back": []})
    for trip in trips:
        for journey in trip.journeys:
            seats[journey.request.id][journey.way].append((trip, journey))
    for ways in seats.values():
        yield from _both_or_nothing(ways["out"], ways["back"], walked)
    yield from _pairs(trips)
    yield from _two_cars(trips)


def _both_or_nothing(out: list[Seat], back: list[Seat], walked: Walked) -> Iterator[RideViolation]:
    for seats in (out, back):
        for trip, journey in seats[1:]:
            other = seats[0][0].ride.id
            yield _of(trip, journey, "served_twice", other)
    trip, journey = (out or back)[0]
    if not out:
        yield _of(trip, journey, "way_out_missing")
    elif not back and journey.request.wants_return:
        yield _of(trip, journey, "way_back_missing")
    elif back and back[0][0] is not trip:
        missing = stay_s(journey.request, out[0], back[0], walked)
        if missing > 0:
            yield _of(*back[0], "stay_too_short", trip.ride.id, missing)


def _of(trip: Trip, journey: Journey, code: str, other: str = "", amount: int = 0) -> RideViolation:
    return RideViolation(
        code=code,
        ride=trip.ride.id,
        request=journey.request.id,
        other=other,
        amount=amount,
        unit="s" if amount else "1",
    )


def _pairs(trips: Sequence[Trip]) -> Iterator[RideViolation]:
    """`Ride.pair` names a ride that takes a passenger the other way, and one that takes them all.

    Where the passengers ride the other way in several cars there is no one ride to name.
    """
    carried: dict[tuple[str, str], set[str]] = defaultdict(set)
    for trip in trips:
        for journey in trip.journeys:
            carried[journey.request.id, journey.way].add(trip.ride.id)
    for trip in trips:
        others = [
            carried[journey.request.id, "back" if journey.way == "out" else "out"] - {trip.ride.id}
            for journey in trip.journeys
        ]
        every = set.intersection(*others)
        if trip.ride.pair and trip.ride.pair not in set.union(*others):
            yield RideViolation(code="pair_wrong", ride=trip.ride.id, other=trip.ride.pair)
        elif every and not trip.ride.pair:
            yield RideViolation(code="pair_missing", ride=trip.ride.id, other=min(every))


def _two_cars(trips: Sequence[Trip]) -> Iterator[RideViolation]:
    """Whoever drives or rides here while they drive or ride there, be it by a minute."""
    spans: dict[str, list[tuple[int, int, str, str]]] = defaultdict(list)
    for trip in trips:
        spans[trip.offer.driver].append((trip.at[0], trip.at[-1], trip.ride.id, ""))
        for journey in trip.journeys:
            span = trip.at[journey.up], trip.at[journey.down]
            spans[journey.request.rider].append((*span, trip.ride.id, journey.request.id))
    for person in sorted(spans):
        latest = (0, "")
        for (_, end, ride, _), (start, _, other, request) in pairwise(sorted(spans[person])):
            latest = max(latest, (end, ride))
            if start < latest[0] and other != latest[1]:
                yield RideViolation(
                    code="in_two_cars",
                    ride=other,
                    request=request,
                    other=latest[1],
                    amount=latest[0] - start,
                    unit="s",
                )
