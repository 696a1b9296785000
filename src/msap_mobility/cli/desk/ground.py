"""How long ways take, by car and on foot, and where passengers who walk may be met."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from msap_mobility.carpool.tables import read_places
from msap_mobility.cli.desk import options

if TYPE_CHECKING:
    import click

    from msap_mobility.model import Place, TravelTimes
    from msap_mobility.wording import Lang

__all__ = ["Ground", "ground_options", "read_ground"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """The ways of a territory.

    Parameters
    ----------
    car, walk
        Times.
    meeting_points
        Where passengers who walk may be met.
    """

    car: TravelTimes
    walk: TravelTimes
    meeting_points: tuple[Place, ...]


def ground_options(lang: Lang) -> tuple[click.Parameter, ...]:
    """What may be given of it; the environment may, so that it is the same for every command."""
    return (
        options.option("roads", lang, word="osm", variable="MSAP_ROADS"),
        options.option("meeting_points", lang, word="file", variable="MSAP_MEETING_POINTS"),
    )


def read_ground(roads: str | None, meeting_points: str | None) -> Ground:
    """The ways on the roads of OpenStreetMap, or estimated ones without it.

    Raises
    ------
    InputError
        With every fault of the table of meeting points; if the roads cannot be read.
    """
    from msap_mobility.roads import CAR, WALK, CalibratedTimes, RoadTimes

    points = tuple(read_places(Path(meeting_points)).values()) if meeting_points else ()
    if roads is None:
        car, walk = CalibratedTimes(mode="car"), CalibratedTimes(mode="walk")
        return Ground(car=car, walk=walk, meeting_points=points)
    return Ground(
        car=RoadTimes.from_osm(roads, CAR),
        walk=RoadTimes.from_osm(roads, WALK) if points else CalibratedTimes(mode="walk"),
        meeting_points=points,
    )
