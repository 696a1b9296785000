"""From the ways of an OpenStreetMap extract to a road graph."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from pyproj import Geod

from msap_mobility.errors import Fault, InputError
from msap_mobility.formats import osm
from msap_mobility.provenance import Source
from msap_mobility.roads.graph import RoadGraph
from msap_mobility.roads.sections import Sections

if TYPE_CHECKING:
    from msap_mobility.formats.osm import OsmWays
    from msap_mobility.roads.profile import Profile

__all__ = ["graph_of_extract"]

Ids = np.ndarray[Any, np.dtype[np.int64]]


def graph_of_extract(path: Path | str, profile: Profile) -> RoadGraph:
    """The roads of the extract at `path` that `profile` can use."""
    ways = osm.read_ways(Path(path), profile.admits)
    first, last, way = _stretches(ways)
    if not len(first):
        name = Path(path).name
        raise InputError([Fault(code="osm_without_roads", file=str(path), value=name)])
    _, row = ways.node_rows()
    nodes, ends = np.unique(np.concatenate((row[first], row[last])), return_inverse=True)
    start, points = _ranges(first, last)
    lon, lat = ways.lon[row[points]], ways.lat[row[points]]
    metres = _lengths(lon, lat, start)
    speeds = np.array([profile.speeds_km_per_h(tags) for tags in ways.tags]).reshape(-1, 2) / 3.6
    with np.errstate(divide="ignore"):  # a closed direction takes for ever
        along_s, against_s = (metres / speeds[way, side] for side in (0, 1))
    kinds, kind = np.unique([_kind(tags) for tags in ways.tags], return_inverse=True)
    sections = Sections(
        tail=ends[: len(first)].astype(np.int32),
        head=ends[len(first) :].astype(np.int32),
        along_s=np.where(speeds[way, 0] > 0, along_s, np.inf),
        against_s=np.where(speeds[way, 1] > 0, against_s, np.inf),
        along_m=metres,
        against_m=metres,
        way_id=ways.way_id[way],
        kind=kind[way].astype(np.int16),
        kinds=tuple(kinds.tolist()),
        start=start,
        lon=lon,
        lat=lat,
    )
    return RoadGraph.of_sections(
        node_id=ways.node_id[nodes],
        lon=ways.lon[nodes],
        lat=ways.lat[nodes],
        sections=sections,
        profile=profile,
        sources=(_source(path),),
    )


def _stretches(ways: OsmWays) -> tuple[Ids, Ids, Ids]:
    """From one junction to the next along each way: positions in `refs`, and the way.

    Junctions are nodes where ways meet or end, or meet what the extract has cut off.
    """
    known, row = ways.node_rows()
    way_of = np.repeat(np.arange(len(ways)), np.diff(ways.starts))
    step = known[:-1] & known[1:] & (way_of[:-1] == way_of[1:])
    step &= ways.refs[:-1] != ways.refs[1:]
    begins, ends = np.zeros(len(known), np.bool_), np.zeros(len(known), np.bool_)
    begins[:-1], ends[1:] = step, step
    on_road = begins | ends
    uses = np.bincount(row[on_road], minlength=len(ways.node_id))
    at_end = begins != ends
    uses[row[at_end]] += 1  # a way ends there
    junction = on_road & (uses[np.minimum(row, len(uses) - 1)] > 1)
    first = np.flatnonzero(junction & begins)
    last = np.flatnonzero(junction & ends)
    return first, last, way_of[first]


def _ranges(first: Ids, last: Ids) -> tuple[np.ndarray[Any, np.dtype[np.int32]], Ids]:
    """All positions from each first to its last, one after the other, and where each begins."""
    count = last - first + 1
    start = np.zeros(len(first) + 1, np.int32)
    np.cumsum(count, out=start[1:])
    return start, np.arange(start[-1]) + np.repeat(first - start[:-1], count)


def _lengths(lon: Any, lat: Any, start: Any) -> Any:
    """Metres of each line, on the ellipsoid."""
    *_, step = Geod(ellps="WGS84").inv(lon[:-1], lat[:-1], lon[1:], lat[1:])
    step[start[1:-1] - 1] = 0.0  # from the end of one line to the beginning of the next
    return np.add.reduceat(step, start[:-1])


def _kind(tags: Any) -> str:
    return str(tags.get("highway", tags.get("route", "")))


def _source(path: Path | str) -> Source:
    publisher, licence = osm.ATTRIBUTION.split(", ")
    return Source.of(name=Path(path).name, standing="observed", origin=publisher, licence=licence)
