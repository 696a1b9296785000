"""What an extract holds round a maison, and whether it holds enough."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from msap_mobility.errors import Fault, InputError
from msap_mobility.formats import osm
from msap_mobility.model import Points
from msap_mobility.scenario.territory.plane import Plane

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from msap_mobility.formats.osm import OsmPoints, OsmWays
    from msap_mobility.roads import RoadTimes
    from msap_mobility.scenario.territory.around import Around
    from msap_mobility.scenario.territory.plane import Floats

__all__ = ["Feature", "Survey", "survey"]

_TOLD = ("addr:housenumber", "amenity", "building", "healthcare", "office", "place", "shop")
"""A feature with one of these keys is looked at."""

_MOST_TO_ROAD_M = 1000.0

_BEYOND_M = 6000.0
"""Settlements are looked for so far beyond the radius: they may name homes within it."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Feature:
    """A thing on the map.

    Parameters
    ----------
    id
        ``"n123"`` or ``"w123"``.
    lon, lat
        WGS84 degrees; the centre of an outline.
    east_m, north_m
        From the maison.
    tags
        As OpenStreetMap has them.
    outline
        In metres from the maison; None for a point.
    """

    id: str
    lon: float
    lat: float
    east_m: float
    north_m: float
    tags: Mapping[str, str]
    outline: Any = None

    @property
    def is_building(self) -> bool:
        """Whether it is one."""
        return self.tags.get("building", "no") != "no"

    @property
    def area_m2(self) -> float | None:
        """Of its outline."""
        return None if self.outline is None else float(self.outline.area)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Survey:
    """The surroundings of a maison.

    Parameters
    ----------
    plane
        Metres from the maison.
    features
        What lies within the radius.
    settlements
        Places and residential areas that have a name, within the radius or a little beyond.
    roads
        Travel times by car on the extract's roads.
    ends_m
        How far the roads reach to the west, south, east and north, where that is less than the
        radius.
    """

    plane: Plane
    features: tuple[Feature, ...]
    settlements: tuple[Feature, ...]
    roads: RoadTimes
    ends_m: Mapping[str, int]

    def is_near_road(self, lon: Any, lat: Any) -> np.ndarray[Any, np.dtype[np.bool_]]:
        """Which points the road network can be reached from."""
        points = Points(np.asarray(lon, np.float64), np.asarray(lat, np.float64))
        return self.roads.snap(points).is_near


def survey(around: Around) -> Survey:
    """Read the extract round the maison.

    Raises
    ------
    InputError
        If the file cannot be read, has no roads, or does not hold the maison or the radius:
        ``maison_swapped``, ``extract_elsewhere``, ``no_road_at_maison``, ``extract_too_small``.
    MissingExtra
        If osmium is needed and not installed.
    """
    from msap_mobility import roads  # noqa: PLC0415 - heavy

    graph = roads.RoadGraph.from_osm(around.extract, profile=roads.CAR)
    times = roads.RoadTimes(graph, max_snap_m=_MOST_TO_ROAD_M)
    _check_holds(around, graph.lon, graph.lat)
    plane = Plane(lon=around.lon, lat=around.lat)
    ends_m = _ends_m(around, *plane.metres(graph.lon, graph.lat))
    if not times.snap(Points(np.array([around.lon]), np.array([around.lat]))).is_near[0]:
        raise _refusal("no_road_at_maison", around)
    points = osm.read_points(around.extract, _is_told)
    ways = osm.read_ways(around.extract, _is_told_way)
    near_m = around.reach_m + _BEYOND_M
    features = (*_at_points(points, plane, near_m), *_of_ways(ways, plane, near_m))
    found = sorted(features, key=lambda one: one.id)
    return Survey(
        plane=plane,
        features=tuple(one for one in found if np.hypot(one.east_m, one.north_m) <= around.reach_m),
        settlements=tuple(one for one in found if "name" in one.tags and _is_settlement(one.tags)),
        roads=times,
        ends_m=ends_m,
    )


def _is_told(tags: Mapping[str, str]) -> bool:
    return any(key in tags for key in _TOLD)


def _is_told_way(tags: Mapping[str, str]) -> bool:
    return _is_told(tags) or (tags.get("landuse") == "residential" and "name" in tags)


def _is_settlement(tags: Mapping[str, str]) -> bool:
    return "place" in tags or tags.get("landuse") == "residential"


def _check_holds(around: Around, lon: Floats, lat: Floats) -> None:
    """Whether the maison lies within the extent of the roads."""
    west, east, south, north = lon.min(), lon.max(), lat.min(), lat.max()

    def inside(x: float, y: float) -> bool:
        return bool(west <= x <= east and south <= y <= north)

    if not inside(around.lon, around.lat):
        swapped = inside(around.lat, around.lon)
        raise _refusal(
            "maison_swapped" if swapped else "extract_elsewhere",
            around,
            west=round(float(west), 3),
            east=round(float(east), 3),
            south=round(float(south), 3),
            north=round(float(north), 3),
        )


def _ends_m(around: Around, east_m: Floats, north_m: Floats) -> dict[str, int]:
    """Where the roads end within the radius; an asked one that no side reaches is refused."""
    reach = {
        "west": -east_m.min(),
        "south": -north_m.min(),
        "east": east_m.max(),
        "north": north_m.max(),
    }
    ends = {side: round(float(m)) for side, m in reach.items() if m < around.reach_m}
    if around.radius_m is not None and len(ends) == len(reach):
        raise _refusal(
            "extract_too_small", around, radius=around.radius_m, reach=max(ends.values())
        )
    return ends


def _refusal(code: str, around: Around, **details: Any) -> InputError:
    value = f"{around.lon},{around.lat}"
    return InputError([Fault(code=code, file=around.extract.name, value=value, details=details)])


def _at_points(points: OsmPoints, plane: Plane, near_m: float) -> Iterator[Feature]:
    east, north = plane.metres(points.lon, points.lat)
    for row in np.flatnonzero(np.hypot(east, north) <= near_m).tolist():
        yield Feature(
            id=points.id[row],
            lon=float(points.lon[row]),
            lat=float(points.lat[row]),
            east_m=float(east[row]),
            north_m=float(north[row]),
            tags=points.tags[row],
        )


def _of_ways(ways: OsmWays, plane: Plane, near_m: float) -> Iterator[Feature]:
    """Each way by its outline; one that encloses nothing by the middle of its line."""
    known, row = ways.node_rows()
    east, north = plane.metres(ways.lon, ways.lat)
    for number, tags in enumerate(ways.tags):
        refs = slice(ways.starts[number], ways.starts[number + 1])
        corners = row[refs][known[refs]]
        if not len(corners) or np.hypot(east[corners[0]], north[corners[0]]) > near_m:
            continue
        line = np.column_stack((east[corners], north[corners]))
        outline = shapely.Polygon(line) if len(line) >= 4 else None
        if outline is not None and outline.area <= 0:
            outline = None
        x, y = line.mean(axis=0) if outline is None else (outline.centroid.x, outline.centroid.y)
        lon, lat = plane.degrees(x, y)
        yield Feature(
            id=f"w{ways.way_id[number]}",
            lon=float(lon),
            lat=float(lat),
            east_m=float(x),
            north_m=float(y),
            tags=tags,
            outline=outline,
        )
