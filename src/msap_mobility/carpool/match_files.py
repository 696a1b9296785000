"""A match in files: ``rides.json``, read back as promises, and ``rides.csv`` for people."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from msap_mobility.errors import Fault, Faults, InputError
from msap_mobility.formats.kinds import TEXT, Kind
from msap_mobility.formats.tables import Column, write_table
from msap_mobility.model import Ride
from msap_mobility.model.window import PARIS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime
    from pathlib import Path

    from msap_mobility.carpool.matching import Match

__all__ = ["MATCH_SCHEMA", "match_document", "read_rides", "rides_table"]

MATCH_SCHEMA = "msap.match/1"

_MOMENT = Kind(id="moment", read=str, write=str)
_COLUMNS = (
    *(
        Column(name=name, kind=TEXT)
        for name in ("ride", "offer", "driver", "request", "rider", "leg", "from", "from_name")
    ),
    Column(name="leaves", kind=_MOMENT),
    *(Column(name=name, kind=TEXT) for name in ("to", "to_name")),
    Column(name="arrives", kind=_MOMENT),
)


def match_document(match: Match) -> dict[str, Any]:
    """The JSON document of a match; it tells where people live: not for publication."""
    return {"schema": MATCH_SCHEMA, "match": match.to_dict()}


def read_rides(file: Path) -> tuple[Ride, ...]:
    """The rides of a match that was written before.

    Parameters
    ----------
    file
        A JSON document as `match_document` makes it.

    Raises
    ------
    InputError
        ``table_unreadable``, ``not_a_match``, and every fault of every ride, whose column begins
        with the place of the ride in the list, the first being 1.
    """
    rides: list[Ride] = []
    with Faults(file=file.name) as faults:
        for number, data in enumerate(_listed(file), 1):
            try:
                rides.append(Ride.from_dict(data))
            except InputError as error:
                faults.found += [_of_ride(fault, number, file.name) for fault in error.faults]
    return tuple(rides)


def rides_table(rides: Iterable[Ride], zone: str = PARIS) -> str:
    """Who gets in where and when, and out: a row for each passenger and way, by time.

    Parameters
    ----------
    rides
        The rides.
    zone
        IANA zone in whose clock hours are written.

    Examples
    --------
    >>> from msap_mobility.carpool.match import match
    >>> from msap_mobility.model import Offer, Place, Request
    >>> from msap_mobility.roads import CalibratedTimes
    >>> ayen = Place(id="ayen", name="Ayen", lon=1.324, lat=45.254)
    >>> brive = Place(id="brive", name="Brive", lon=1.533, lat=45.159)
    >>> jeanne = Offer.of(id="o1", driver="jeanne", start=ayen, end=brive,
    ...                   depart="2026-12-01 08:10", max_detour="12 min")
    >>> paul = Request.of(id="r1", rider="paul", start=ayen, end=brive,
    ...                   depart="2026-12-01 07:50-08:40")
    >>> found = match([jeanne], [paul], CalibratedTimes(mode="car"))
    >>> print(rides_table(found.rides).splitlines()[1])
    o1+r1,o1,jeanne,r1,paul,out,ayen,Ayen,2026-12-01 08:10:00,brive,Brive,2026-12-01 08:37:18
    """
    rows = [row for ride in rides for row in _rows(ride, zone)]
    rows.sort(key=lambda row: (row["leaves"], row["driver"], row["request"]))
    return write_table(rows, _COLUMNS)


def _listed(file: Path) -> list[Any]:
    try:
        content = file.read_bytes()
    except OSError:
        raise InputError(
            [Fault(code="table_unreadable", file=file.name, value=str(file))]
        ) from None
    try:
        data = json.loads(content)
        rides = data["match"]["rides"] if data["schema"] == MATCH_SCHEMA else data["schema"]
    except (ValueError, KeyError, TypeError) as error:
        rides = str(error)
    if not isinstance(rides, list):
        said = {"schema": MATCH_SCHEMA}
        raise InputError([Fault(code="not_a_match", file=file.name, value=rides, details=said)])
    return rides


def _of_ride(fault: Fault, number: int, file: str) -> Fault:
    column = f"{number}.{fault.column}" if fault.column else str(number)
    return replace(fault, file=file, column=column)


def _rows(ride: Ride, zone: str) -> Iterator[dict[str, str]]:
    rider = dict(zip(ride.requests, ride.riders, strict=True))
    leg = dict(zip(ride.requests, ride.legs, strict=True))
    aboard: dict[str, dict[str, str]] = {}
    ridden = set[str]()
    for stop in ride.stops:
        for name in stop.sets_down:
            way = leg[name] if leg[name] != "round" else "back" if name in ridden else "out"
            ridden.add(name)
            here = {"to": stop.place.id, "to_name": stop.place.name}
            yield {**aboard.pop(name), **here, "leg": way, "arrives": _wall(stop.at, zone)}
        for name in stop.picks_up:
            aboard[name] = {
                "ride": ride.id,
                "offer": ride.offer,
                "driver": ride.driver,
                "request": name,
                "rider": rider[name],
                "from": stop.place.id,
                "from_name": stop.place.name,
                "leaves": _wall(stop.at, zone),
            }


def _wall(moment: datetime, zone: str) -> str:
    return f"{moment.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M:%S}"
