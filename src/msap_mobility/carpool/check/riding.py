"""The passengers: where they are met, when they leave and arrive, how long they sit in the car."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msap_mobility.carpool.check.driving import outside
from msap_mobility.carpool.check.lengths import Length
from msap_mobility.carpool.check.violation import RideViolation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from msap_mobility.carpool.check.journeys import Journey, Trip
    from msap_mobility.carpool.check.lengths import Lengths
    from msap_mobility.model import Place, Request
    from msap_mobility.model.reason import Unit

__all__ = ["Walked", "riding", "stay_s"]


class Walked:
    """Where passengers may be met besides their doors, and how long they walk there.

    Parameters
    ----------
    points
        The meeting points.
    walks
        From doors to meeting points; a walk back is as long.
    """

    def __init__(self, points: frozenset[tuple[float, float]], walks: Lengths) -> None:
        self._points = points
        self._walks = walks

    def to(self, request: Request, door: Place, car: Place) -> Length | str:
        """The walk from a door to the car, or the code of what stands against it."""
        if (door.lon, door.lat) == (car.lon, car.lat):
            return Length(0, 0)
        if not request.walk_limit_m or (car.lon, car.lat) not in self._points:
            return "met_elsewhere"
        walk = self._walks.between(door, car)
        return "no_way_on_foot" if walk is None else walk


def riding(trip: Trip, walked: Walked) -> Iterator[RideViolation]:
    """What the passengers' own limits say against a ride."""
    for journey in trip.journeys:
        yield from _journey(trip, journey, walked)
    for out in (each for each in trip.journeys if each.way == "out"):
        home = [each for each in trip.journeys if each.way == "back"]
        for back in (each for each in home if each.request.id == out.request.id):
            missing = stay_s(out.request, (trip, out), (trip, back), walked)
            if missing > 0:
                yield _of(trip, back, "stay_too_short", missing, "s")


def stay_s(
    request: Request, out: tuple[Trip, Journey], back: tuple[Trip, Journey], walked: Walked
) -> int:
    """Seconds missing between getting out there and getting in again: two walks and the stay."""
    needed = request.stay_s or 0
    (there, going), (home, coming) = out, back
    for car in (there.path[going.down], home.path[coming.up]):
        walk = walked.to(request, request.end, car)
        needed += 0 if isinstance(walk, str) else walk.seconds
    return needed - (home.at[coming.up] - there.at[going.down])


def _of(
    trip: Trip, journey: Journey, code: str, amount: int = 0, unit: Unit = "1", place: str = ""
) -> RideViolation:
    return RideViolation(
        code=code,
        ride=trip.ride.id,
        request=journey.request.id,
        place=place,
        amount=amount,
        unit=unit,
    )


def _journey(trip: Trip, journey: Journey, walked: Walked) -> Iterator[RideViolation]:
    request = journey.request
    walks: list[int] = []
    for door, car in trip.ends(journey):
        walk = walked.to(request, door, car)
        if isinstance(walk, str):
            yield _of(trip, journey, walk, place=car.id)
            continue
        walks.append(walk.seconds)
        if (over := walk.metres - request.walk_limit_m) > 0:
            yield _of(trip, journey, "walks_too_far", over, "m", car.id)
    if len(walks) == len(trip.ends(journey)):
        yield from _hours(trip, journey, *walks)
    up, down = trip.path[journey.up], trip.path[journey.down]
    if (up.lon, up.lat) == (down.lon, down.lat):
        yield _of(trip, journey, "goes_nowhere", place=up.id)
    sits_s = trip.at[journey.down] - trip.at[journey.up]
    if request.max_ride_s is not None and (over := sits_s - request.max_ride_s) > 0:
        yield _of(trip, journey, "ride_too_long", over, "s")


def _hours(trip: Trip, journey: Journey, before_s: int, after_s: int) -> Iterator[RideViolation]:
    """The windows, which count at the door: one walk after leaving it, one before being there."""
    request = journey.request
    out = journey.way == "out"
    ready = request.depart if out else request.returns
    wanted = request.arrive if out else None
    for side, amount in outside(trip.at[journey.up], ready, before_s):
        yield _of(trip, journey, f"up_{side}", amount, "s")
    for side, amount in outside(trip.at[journey.down], wanted, -after_s):
        yield _of(trip, journey, f"down_{side}", amount, "s")
