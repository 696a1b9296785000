"""From the ways of an OpenStreetMap extract to a road graph."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from pyproj import Geod

from msap_mobility.errors import Fault, InputError
from msap_mobility.formats import osm
from msap_mobility.provenance import Source
from msap_mobility.roads.graph import RoadGraph

if TYPE_CHECKING:
    from msap_mobility.roads.profile import Profile

__all__ = ["graph_of_extract"]


def graph_of_extract(path: Path | str, profile: Profile) -> RoadGraph:
    """The roads of the extract at `path` that `profile` can use."""
    ways = osm.read_ways(Path(path), profile.admits)
    speeds = np.array([profile.speeds_km_per_h(tags) for tags in ways.tags]).reshape(-1, 2) / 3.6
    known, row = ways.node_rows()
    way_of = np.repeat(np.arange(len(ways)), np.diff(ways.starts))
    step = known[:-1] & known[1:] & (way_of[:-1] == way_of[1:])  # along one way, node to node
    way = way_of[:-1][step]
    if not step.any():
        name = Path(path).name
        raise InputError([Fault(code="osm_without_roads", file=str(path), value=name)])
    start, end = row[:-1][step], row[1:][step]
    *_, metres = Geod(ellps="WGS84").inv(
        ways.lon[start], ways.lat[start], ways.lon[end], ways.lat[end]
    )
    along, against = speeds[way, 0] > 0, speeds[way, 1] > 0
    return RoadGraph.of_arcs(
        node_id=ways.node_id,
        lon=ways.lon,
        lat=ways.lat,
        tails=np.concatenate((start[along], end[against])),
        heads=np.concatenate((end[along], start[against])),
        seconds=np.concatenate(
            (metres[along] / speeds[way, 0][along], metres[against] / speeds[way, 1][against])
        ),
        metres=np.concatenate((metres[along], metres[against])),
        profile=profile,
        sources=(_source(path),),
    )


def _source(path: Path | str) -> Source:
    publisher, licence = osm.ATTRIBUTION.split(", ")
    return Source.of(name=Path(path).name, standing="observed", origin=publisher, licence=licence)
