"""One row of each table as the record it stands for, and back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msap_mobility.model import Crew, Home, Maison, Place, Presence, Stop, Vehicle
from msap_mobility.scenario.commune import Commune

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from msap_mobility.model import Homes

__all__ = [
    "commune",
    "commune_row",
    "crew",
    "crew_row",
    "depot_row",
    "home",
    "home_rows",
    "maison",
    "maison_row",
    "place",
    "presence",
    "presence_row",
    "stop",
    "stop_row",
    "vehicle",
    "vehicle_row",
]

Row = dict[str, Any]
_POINT = ("id", "name", "lon", "lat", "commune")
_COMMUNE = ("insee", "name", "lon", "lat", "population", "area_km2", "homes")


def commune(row: Mapping[str, Any]) -> Commune:
    """A row of ``communes.csv``."""
    return Commune(**row)


def commune_row(record: Commune) -> Row:
    """Back."""
    return {name: getattr(record, name) for name in _COMMUNE}


def home(row: Mapping[str, Any]) -> Home:
    """A row of ``homes.csv``."""
    return Home(**row)


def home_rows(homes: Homes) -> Iterator[Row]:
    """Back, for the whole table."""
    for number in range(len(homes)):
        yield {
            "id": str(homes.ids[number]),
            "lon": float(homes.lon[number]),
            "lat": float(homes.lat[number]),
            "people": float(homes.people[number]),
            "group": homes.groups[homes.group[number]].id,
            "commune": homes.communes[homes.commune[number]],
        }


def place(row: Mapping[str, Any]) -> Place:
    """The point of a row of ``places.csv`` or ``maisons.csv``."""
    return Place(**{name: row[name] for name in _POINT})


def stop(row: Mapping[str, Any]) -> Stop:
    """A row of ``places.csv`` that is no depot."""
    return Stop(
        place=place(row),
        kind=row["kind"],
        hours=row["hours"],
        dwell_min_s=row["dwell_min"],
        dwell_max_s=row["dwell_max"],
        every_weeks=row["every_weeks"],
        must=row["must"],
    )


def stop_row(record: Stop) -> Row:
    """Back."""
    return {
        **_point_row(record.place),
        "kind": record.kind,
        "hours": record.hours,
        "dwell_min": record.dwell_min_s,
        "dwell_max": record.dwell_max_s,
        "every_weeks": record.every_weeks,
        "must": record.must,
    }


def depot_row(record: Place, kind: str) -> Row:
    """A place where vans sleep, as a row of ``places.csv``."""
    defaults = {"hours": None, "dwell_min": 1800, "dwell_max": 10800, "every_weeks": 2}
    return {**_point_row(record), "kind": kind, **defaults, "must": False}


def maison(row: Mapping[str, Any]) -> Maison:
    """A row of ``maisons.csv``."""
    return Maison(place=place(row), services=row["services"], hours=row["hours"])


def maison_row(record: Maison) -> Row:
    """Back."""
    return {**_point_row(record.place), "services": record.services, "hours": record.hours}


def vehicle(row: Mapping[str, Any]) -> Vehicle:
    """A row of ``vehicles.csv``."""
    fields = dict(row)
    return Vehicle(setup_s=fields.pop("setup"), packing_s=fields.pop("packing"), **fields)


def vehicle_row(record: Vehicle) -> Row:
    """Back."""
    return {
        "id": record.id,
        "name": record.name,
        "depot": record.depot,
        "capacity": record.capacity,
        "setup": record.setup_s,
        "packing": record.packing_s,
    }


def crew(row: Mapping[str, Any]) -> Crew:
    """A row of ``crew.csv``."""
    fields = dict(row)
    return Crew(weekdays=fields.pop("days"), lunch_s=fields.pop("lunch"), **fields)


def crew_row(record: Crew) -> Row:
    """Back."""
    return {
        "id": record.id,
        "name": record.name,
        "vehicle": record.vehicle,
        "services": record.services,
        "days": record.weekdays,
        "shift": record.shift,
        "lunch": record.lunch_s,
        "lunch_window": record.lunch_window,
    }


def presence(row: Mapping[str, Any]) -> Presence:
    """A row of ``timetable.csv``."""
    fields = dict(row)
    source, notice_s = fields.pop("tour"), fields.pop("notice")
    return Presence(channel="tour", source=source, notice_s=notice_s, **fields)


def presence_row(record: Presence) -> Row:
    """Back."""
    return {
        "place": record.place,
        "rhythm": record.rhythm,
        "services": record.services,
        "certain": record.certain,
        "tour": record.source,
        "capacity": record.capacity,
        "notice": record.notice_s,
        "audience": record.audience,
    }


def _point_row(record: Place) -> Row:
    return {name: getattr(record, name) for name in _POINT}
