"""How far our times are from those of OSRM on the same file, and how far Valhalla's are from them.

Agreement, not accuracy: no observed times were used, and our car drives at OSRM's speeds. Places
lie anywhere on roads of the main part, tracks excepted, for OSRM's car knows none of them; so
"turns" and "plain" are of our car without tracks, and "as is" is the car as it is, with turns.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from benchmarks.roads_engines import osrm_on, valhalla_on
from benchmarks.roads_measuring import SEED, graph_of
from benchmarks.table import Row
from msap_mobility.model import Points
from msap_mobility.roads import CAR, RoadGraph, RoadTimes

if TYPE_CHECKING:
    from pathlib import Path

    from benchmarks.roads_engines import Valhalla

__all__ = ["Apart", "places_on_roads", "quality"]

_BESIDE = ("meuse_montiers.osm.pbf", "liechtenstein.osm.pbf")
"""Rural extracts that stand beside the one asked for."""

_PLACES = 150
"""Origins, and as many destinations."""

_FACILITIES = 20
"""Destinations among which the nearest is looked for."""

_SHORT_S = 120.0
"""Ways that take OSRM less are left out: of them a second is much."""

_NO_TRACKS = replace(CAR, track_km_per_h={})


class Apart(NamedTuple):
    """How far some times are from others."""

    median: float
    most: float
    same_nearest: float
    pairs: int

    @classmethod
    def between(cls, ours: Any, theirs: Any) -> Apart:
        """Relative to theirs, per cent, where both know a way and theirs is not short."""
        both = np.isfinite(ours) & np.isfinite(theirs) & (theirs > _SHORT_S)
        apart = 100 * np.abs(ours[both] / theirs[both] - 1)
        return cls(
            median=float(np.median(apart)),
            most=float(np.quantile(apart, 0.95)),
            same_nearest=100 * float((_nearest(ours) == _nearest(theirs)).mean()),
            pairs=int(both.sum()),
        )


def quality(roads: Path, peers: tuple[str, ...]) -> list[Row]:
    """On the extract asked for, and on two rural ones if they stand beside it."""
    graph_of(roads)
    beside = [roads.with_name(name) for name in _BESIDE if name != roads.name]
    areas = [roads, *(area for area in beside if area.exists())]
    return [row for area in areas for row in _of_area(area, peers)]


def _of_area(roads: Path, peers: tuple[str, ...]) -> list[Row]:
    without, area = RoadGraph.from_osm(roads, _NO_TRACKS), _name_of(roads)
    places = places_on_roads(without)
    with osrm_on(roads, peers) as osrm, valhalla_on(roads, peers) as valhalla:
        if osrm is None:
            return []
        theirs = osrm.table(*places)
        others = _others(valhalla, places, theirs)
    variants = {
        "turns": RoadTimes(without, turns=True),
        "plain": RoadTimes(without),
        "as is": RoadTimes(graph_of(roads), turns=True),
    }
    return [
        row
        for name, times in variants.items()
        for row in _rows(
            f"quality {area} {name}",
            Apart.between(times.table(*places).seconds, theirs),
            others,
        )
    ]


def _others(valhalla: Valhalla | None, places: list[Points], theirs: Any) -> Apart | None:
    """How far Valhalla is from OSRM."""
    return None if valhalla is None else Apart.between(valhalla.table(*places), theirs)


def _rows(case: str, ours: Apart, others: Apart | None) -> list[Row]:
    measures = {
        "median apart": (ours.median, "%", others and others.median),
        "95th apart": (ours.most, "%", others and others.most),
        "same nearest": (ours.same_nearest, "%", others and others.same_nearest),
        "pairs": (float(ours.pairs), "1", others and float(others.pairs)),
    }
    peer = "" if others is None else "valhalla from osrm"
    return [
        Row(case=case, metric=metric, unit=unit, ours=value, peer=peer, peer_value=other)
        for metric, (value, unit, other) in measures.items()
    ]


def places_on_roads(graph: RoadGraph) -> list[Points]:
    """Two lots of places on sections of the main part, anywhere along their lines."""
    rng, roads = np.random.default_rng(SEED), graph.sections
    main = (graph.component[roads.tail] == 0) & (graph.component[roads.head] == 0)
    section = rng.choice(np.flatnonzero(main), 2 * _PLACES)
    first, last = roads.start[section], roads.start[section + 1] - 1
    at, share = rng.integers(first, last), rng.uniform(0, 1, len(section))
    lon, lat = (axis[at] + share * (axis[at + 1] - axis[at]) for axis in (roads.lon, roads.lat))
    return [Points(*(axis[half::2] for axis in (lon, lat))) for half in (0, 1)]


def _nearest(seconds: Any) -> Any:
    some = seconds[:, :_FACILITIES]
    return np.argmin(np.where(np.isnan(some), np.inf, some), axis=1)


def _name_of(extract: Path) -> str:
    """Its first word, to stand in a table."""
    return extract.name.split(".")[0].split("_")[0]
