"""Do rides keep every rule? Recomputed from the records, by code the matcher never saw.

Rides come from `match`, from an agent with a phone, from another tool: all are judged alike. The
checker has its own arithmetic of ways, walks, windows and seats, and shares only the records.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msap_mobility.carpool.check.company import company
from msap_mobility.carpool.check.driving import driving
from msap_mobility.carpool.check.journeys import Trip
from msap_mobility.carpool.check.lengths import Lengths
from msap_mobility.carpool.check.riding import Walked, riding
from msap_mobility.carpool.check.together import named_once, together
from msap_mobility.carpool.check.violation import RideViolation
from msap_mobility.errors import Faults
from msap_mobility.model.window import check_instant

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from msap_mobility.model import Offer, Place, Request, Ride, TravelTimes

__all__ = ["RideViolation", "check_rides"]


def check_rides(
    rides: Sequence[Ride],
    offers: Sequence[Offer],
    requests: Sequence[Request],
    times: TravelTimes,
    *,
    meeting_points: Sequence[Place] = (),
    walk_times: TravelTimes | None = None,
    now: datetime | None = None,
) -> tuple[RideViolation, ...]:
    """Every rule that some rides break; an empty tuple is a day that can be driven.

    Waiting is allowed before every stop and counts in the detour. A passenger sits in the car from
    the stop where they get in to the stop where they get out. Two passengers who do not travel with
    one another, or both in a wheelchair, may use one car one after the other. A person who drives
    and rides, or whose offers overlap, may do so at different times only.

    Parameters
    ----------
    rides
        Whoever made them; those of one day together, so that ways back are found.
    offers, requests
        The records the rides name, and others; regular ones laid on a day, with `on`.
    times
        Of the car. Whole seconds and metres are rounded up way by way.
    meeting_points
        Where riders who walk may be met.
    walk_times
        Of people on foot, from doors to meeting points.
    now
        If given, no ride may begin before it.

    Returns
    -------
    tuple of RideViolation
        Ride by ride, then what stands against several at once.

    Raises
    ------
    InputError
        With every fault: ids of offers or requests that occur twice, a rhythm that is not laid on a
        day, somebody who walks to meeting points without `walk_times`, a `now` without zone.

    Examples
    --------
    >>> from msap_mobility.model import Offer, Place, Request, Ride, RideStop
    >>> from msap_mobility.roads import CalibratedTimes
    >>> ayen = Place(id="ayen", name="Ayen", lon=1.324, lat=45.254)
    >>> brive = Place(id="brive", name="Brive", lon=1.533, lat=45.159)
    >>> jeanne = Offer.of(id="o1", driver="jeanne", start=ayen, end=brive,
    ...                   depart="2026-12-01 08:10", max_detour="12 min")
    >>> paul = Request.of(id="r1", rider="paul", start=ayen, end=brive,
    ...                   depart=("2026-12-01 07:50", "2026-12-01 08:40"))
    >>> ride = Ride.of(offer=jeanne, requests=[paul], shared=["24 km"], driven="24 km",
    ...                stops=[RideStop.of(ayen, "2026-12-01 08:10", picks_up=["r1"]),
    ...                       RideStop.of(brive, "2026-12-01 08:30", sets_down=["r1"])])
    >>> for broken in check_rides([ride], [jeanne], [paul], CalibratedTimes(mode="car")):
    ...     print(broken.text("en"))
    o1+r1, brive: the way there takes 7 min longer than planned.
    o1+r1: the distance driven is off by 942 m.
    o1+r1: the time of the detour is off by 7 min.
    o1+r1, r1: the distance the passenger rides is off by 942 m.
    """
    _tell_faults(offers, requests, meeting_points, walk_times, now)
    known_offers = {offer.id: offer for offer in offers}
    known_requests = {request.id: request for request in requests}
    broken: list[RideViolation] = []
    trips: list[Trip] = []
    for ride in rides:
        if unread := list(_records(ride, known_offers, known_requests)):
            broken += unread
        else:
            trips.append(Trip.of(ride, known_offers[ride.offer], known_requests))
    lengths = Lengths(_car_ways(trips), times)
    points = frozenset((point.lon, point.lat) for point in meeting_points)
    walked = Walked(points, Lengths(_walks(trips, points), walk_times))
    for trip in trips:
        broken += [*_past(trip.ride, now), *company(trip)]
        broken += [*driving(trip, lengths), *riding(trip, walked)]
    return (*broken, *named_once(rides), *together(trips, walked))


def _records(
    ride: Ride, offers: Mapping[str, Offer], requests: Mapping[str, Request]
) -> Iterator[RideViolation]:
    """A ride that names records that are not there, or other persons than they do."""
    offer = offers.get(ride.offer)
    if offer is None:
        yield RideViolation(code="unknown_offer", ride=ride.id, other=ride.offer)
    elif offer.driver != ride.driver:
        yield RideViolation(code="other_driver", ride=ride.id, other=ride.driver)
    for name, rider, leg in zip(ride.requests, ride.riders, ride.legs, strict=True):
        request = requests.get(name)
        if request is None:
            yield RideViolation(code="unknown_request", ride=ride.id, request=name)
        elif request.rider != rider:
            yield RideViolation(code="other_rider", ride=ride.id, request=name, other=rider)
        elif leg != "out" and not request.wants_return:
            yield RideViolation(code="no_return_asked", ride=ride.id, request=name)


def _car_ways(trips: Sequence[Trip]) -> Iterator[tuple[Place, Place]]:
    for trip in trips:
        yield from trip.drives()
        if trip.offer.kind == "trip":
            yield trip.offer.origin, trip.offer.destination


def _walks(
    trips: Sequence[Trip], points: frozenset[tuple[float, float]]
) -> Iterator[tuple[Place, Place]]:
    """From doors to the meeting points where the cars stop for them."""
    for trip in trips:
        for journey in trip.journeys:
            if journey.request.walk_limit_m:
                ends = trip.ends(journey)
                yield from ((door, car) for door, car in ends if (car.lon, car.lat) in points)


def _past(ride: Ride, now: datetime | None) -> Iterator[RideViolation]:
    if now is not None and ride.stops[0].at < now:
        late_s = int((now - ride.stops[0].at).total_seconds())
        yield RideViolation(code="is_past", ride=ride.id, amount=late_s, unit="s")


def _tell_faults(
    offers: Sequence[Offer],
    requests: Sequence[Request],
    meeting_points: Sequence[Place],
    walk_times: TravelTimes | None,
    now: datetime | None,
) -> None:
    with Faults() as faults:
        _check_records(faults, "offers", offers)
        _check_records(faults, "requests", requests)
        if meeting_points and walk_times is None and any(each.walk_limit_m for each in requests):
            faults.add("walk_without_times", column="walk_times")
        if now is not None:
            check_instant(faults, "now", now)


def _check_records(faults: Faults, column: str, records: Sequence[Offer | Request]) -> None:
    first: dict[str, int] = {}
    for number, record in enumerate(records, 1):
        row = first.setdefault(record.id, number)
        if row != number:
            faults.add("duplicate_id", column=column, value=record.id, first_row=row)
        if record.rhythm is not None:
            faults.add("not_laid_on_a_day", column=column, value=record.id)
