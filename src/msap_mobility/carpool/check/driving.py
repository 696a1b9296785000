"""The car and its driver: where it goes, when, how much longer than alone, and what is told of it.

Every figure is computed anew from the travel times. Waiting is allowed before every stop.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msap_mobility.carpool.check.lengths import Length
from msap_mobility.carpool.check.violation import RideViolation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from msap_mobility.carpool.check.journeys import Trip
    from msap_mobility.carpool.check.lengths import Lengths
    from msap_mobility.model import Window
    from msap_mobility.model.reason import Unit

__all__ = ["driving", "outside"]


def driving(trip: Trip, lengths: Lengths) -> Iterator[RideViolation]:
    """What the driver's own limits say against a ride, and figures that are told wrong."""
    yield from _ends(trip)
    yield from _hours(trip)
    ways = [lengths.between(*way) for way in trip.drives()]
    yield from _speed(trip, ways)
    alone = _alone(trip, lengths)
    known = [way for way in ways if way is not None]
    if alone is None or len(known) < len(ways):
        where = trip.path[-1].id if alone is None else ""
        yield from [_of(trip, "no_solo_way", place=where)] if alone is None else []
        return
    yield from _detour(trip, known, alone)
    yield from _shared(trip, known)


def _of(
    trip: Trip, code: str, amount: int = 0, unit: Unit = "1", place: str = "", request: str = ""
) -> RideViolation:
    return RideViolation(
        code=code, ride=trip.ride.id, request=request, place=place, amount=amount, unit=unit
    )


def _ends(trip: Trip) -> Iterator[RideViolation]:
    first, last = trip.path[0], trip.path[-1]
    origin, end = trip.offer.origin, trip.offer.destination
    if (first.lon, first.lat) != (origin.lon, origin.lat):
        yield _of(trip, "starts_elsewhere", place=first.id)
    if (last.lon, last.lat) != (end.lon, end.lat):
        yield _of(trip, "ends_elsewhere", place=last.id)


def _hours(trip: Trip) -> Iterator[RideViolation]:
    windows = (("leaves", trip.at[0], trip.offer.depart), ("ends", trip.at[-1], trip.offer.arrive))
    for name, at, window in windows:
        for side, amount in outside(at, window):
            yield _of(trip, f"{name}_{side}", amount, "s")
    if trip.offer.kind == "trip" and "round" in trip.ride.legs:
        yield _of(trip, "driver_does_not_wait")


def outside(at: int, window: Window | None, shift_s: int = 0) -> Iterator[tuple[str, int]]:
    """By how much an instant is ``"too_early"`` or ``"too_late"`` for a window moved by seconds."""
    if window is None:
        return
    if (early := window.earliest_s + shift_s - at) > 0:
        yield "too_early", early
    if (late := at - window.latest_s - shift_s) > 0:
        yield "too_late", late


def _speed(trip: Trip, ways: list[Length | None]) -> Iterator[RideViolation]:
    for number, way in enumerate(ways):
        there = trip.path[number + 1].id
        if way is None:
            yield _of(trip, "no_way", place=there)
        elif (missing := way.seconds - (trip.at[number + 1] - trip.at[number])) > 0:
            yield _of(trip, "drives_too_fast", missing, "s", there)


def _alone(trip: Trip, lengths: Lengths) -> Length | None:
    """The driver's own trip: what a detour is measured against, however many are aboard."""
    if trip.offer.kind != "trip":
        return Length(0, 0)
    return lengths.between(trip.offer.origin, trip.offer.destination)


def _detour(trip: Trip, ways: list[Length], alone: Length) -> Iterator[RideViolation]:
    ride, offer = trip.ride, trip.offer
    driven_m = sum(way.metres for way in ways)
    detour_s = trip.at[-1] - trip.at[0] - alone.seconds
    detour_m = driven_m - alone.metres
    if offer.max_detour_s is not None and (over := detour_s - offer.max_detour_s) > 0:
        yield _of(trip, "detour_too_long", over, "s")
    if offer.max_detour_m is not None and (over := detour_m - offer.max_detour_m) > 0:
        yield _of(trip, "detour_too_far", over, "m")
    told: tuple[tuple[str, int, Unit], ...] = (
        ("driven_wrong", ride.driven_m - driven_m, "m"),
        ("detour_wrong", ride.detour_s - detour_s, "s"),
        ("detour_way_wrong", ride.detour_m - detour_m, "m"),
    )
    for code, off, unit in told:
        if off:
            yield _of(trip, code, abs(off), unit)


def _shared(trip: Trip, ways: list[Length]) -> Iterator[RideViolation]:
    """What the ledger will count: metres each passenger sits in the car."""
    sat: dict[str, int] = {}
    for journey in trip.journeys:
        metres = sum(way.metres for way in ways[journey.up : journey.down])
        sat[journey.request.id] = sat.get(journey.request.id, 0) + metres
    for request, told_m in zip(trip.ride.requests, trip.ride.shared_m, strict=True):
        if off := told_m - sat[request]:
            yield _of(trip, "shared_wrong", abs(off), "m", request=request)
