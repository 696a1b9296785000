"""What ``msap carpool`` is given, read: every fault of every file and option at once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from msap_mobility.budget import Budget
from msap_mobility.carpool.match_files import read_rides
from msap_mobility.carpool.promises import still_asked
from msap_mobility.carpool.tables import Day, read_day, read_places
from msap_mobility.cli import asking, typed
from msap_mobility.cli.carpool.options import BUDGET, TOGETHER
from msap_mobility.errors import Fault, Faults, InputError
from msap_mobility.model import Points
from msap_mobility.model.sharing import check_count
from msap_mobility.model.window import PARIS
from msap_mobility.optimise.assignment.trips import MOST_RIDERS
from msap_mobility.roads import CAR, WALK, CalibratedTimes, RoadTimes

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from pathlib import Path

    from msap_mobility.model import Place, Ride

__all__ = ["PLACES", "Inputs", "Times", "read_inputs"]

PLACES = "places.csv"
"""The table of places, looked for beside the offers if none is named."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Times:
    """Travel times by car, and on foot to meeting points if there are any."""

    car: CalibratedTimes | RoadTimes
    walk: CalibratedTimes | RoadTimes | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Inputs:
    """What a command works on.

    Parameters
    ----------
    day
        Offers and requests.
    meeting_points
        Where riders who walk may be met.
    promised
        Rides that stay.
    gone
        Ids of offers and requests that were promised and are no longer in the tables.
    times
        Between all places.
    """

    day: Day
    meeting_points: tuple[Place, ...]
    promised: tuple[Ride, ...]
    gone: tuple[str, ...]
    times: Times


def read_inputs(
    *,
    offers: Path,
    requests: Path,
    places: Path | None,
    day: str | None,
    roads: Path | None,
    meeting_points: Path | None,
    promised: Path | None = None,
    budget: str = BUDGET,
    together: int = TOGETHER,
) -> Inputs:
    """Read everything, and look at what the search is told.

    Raises
    ------
    InputError
        With every fault of every file and option.
    """
    tables = offers, requests, places or offers.with_name(PLACES)
    found = Day(offers=(), requests=(), other_days=0)
    chosen: date | None = None
    points: dict[str, Place] = {}
    rides: tuple[Ride, ...] = ()
    times = Times(car=CalibratedTimes(mode="car"), walk=CalibratedTimes(mode="walk"))
    with Faults() as faults:
        if day is not None:
            with faults.also(column="day"):
                chosen = typed.day(day)
        sound = not faults.found
        with faults.also():
            found = _read_tables(tables, chosen, told=sound)
        if meeting_points is not None:
            with faults.also():
                points = read_places(meeting_points)
        if promised is not None:
            with faults.also():
                rides = read_rides(promised)
        with faults.also(column="budget"):
            Budget.of(budget)
        check_count(faults, "together", together, 1, MOST_RIDERS)
        if roads is not None:
            with faults.also(column="roads"):
                doors = [*_doors(found), *points.values()]
                times = _on_roads(roads, doors, walking=bool(points))
    known = ({each.id for each in records} for records in (found.offers, found.requests))
    left, gone = still_asked(rides, *known)
    return Inputs(
        day=found,
        meeting_points=tuple(points.values()),
        promised=tuple(left),
        gone=tuple(gone),
        times=times,
    )


def _read_tables(tables: tuple[Path, Path, Path], day: date | None, *, told: bool) -> Day:
    """The tables; if the day itself could not be read, that it is wanted is not `told` again."""
    now = datetime.fromtimestamp(asking.clock_us() // 1_000_000, tz=UTC)
    try:
        return read_day(*tables, day=day, now=now.astimezone(ZoneInfo(PARIS)))
    except InputError as error:
        raise InputError(
            fault for fault in error.faults if told or fault.code != "rhythm_without_day"
        ) from None


def _doors(day: Day) -> set[Place]:
    """Where cars and riders come from and go to."""
    ends = [place for offer in day.offers for place in (offer.origin, offer.destination)]
    return {*ends, *(place for each in day.requests for place in (each.start, each.end))}


def _on_roads(file: Path, places: Sequence[Place], *, walking: bool) -> Times:
    car = RoadTimes.from_osm(file, CAR)
    near = int(car.snap(Points.of(places)).is_near.sum()) if places else 0
    if near < len(places) / 2:
        said = {"near": near, "places": len(places)}
        raise InputError([Fault(code="roads_far_from_places", value=file.name, details=said)])
    walk = RoadTimes.from_osm(file, WALK) if walking else None
    return Times(car=car, walk=walk)
