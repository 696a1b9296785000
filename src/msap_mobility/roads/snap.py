"""From a place to the nearest point of the road network."""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from msap_mobility.model import Points
    from msap_mobility.roads.graph import Floats, Ints, RoadGraph

    _Projection = Callable[[Any, Any], tuple[Any, Any]]

__all__ = ["Snapped", "Snapper"]

LAMBERT_93 = 2154
"""EPSG code; legal in metropolitan France (decree 2000-1276), lengths within 0.3 % there."""

_AT_END_M = 1e-6
"""A place so near to an end of its section is at the node there."""

_FRANCE = (
    -5.2,
    41.3,
    9.6,
    51.2,
)  # lon, lat, lon, lat: the extent of Lambert-93 in metropolitan use


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Snapped:
    """Where some points meet the network.

    Parameters
    ----------
    section
        int32, the nearest section; -1 if it is too far.
    share
        float64, the part of the section that lies behind the point nearest, as one goes along it.
    metres
        float64, straight from the point to the section, even if it is too far.
    x, y
        float64, the points themselves in the network's metric projection.
    """

    section: Ints
    share: Floats
    metres: Floats
    x: Floats
    y: Floats

    def __len__(self) -> int:
        return len(self.section)

    @property
    def is_near(self) -> np.ndarray[Any, np.dtype[np.bool_]]:
        """Which points are on the network."""
        return self.section >= 0

    def part(self, rows: np.ndarray[Any, np.dtype[np.intp]]) -> Snapped:
        """Some of the points."""
        columns = {field.name: getattr(self, field.name)[rows] for field in fields(self)}
        return Snapped(**columns)


class Snapper:
    """Nearest sections of a graph, in a metric projection that suits where it lies.

    Parameters
    ----------
    graph
        Road network.
    sections
        Numbers of those that may be snapped to.
    max_snap_m
        Beyond it a point is not on the network; at it, it is.
    """

    def __init__(self, graph: RoadGraph, sections: Ints, max_snap_m: float) -> None:
        from msap_mobility.roads.segments import Segments  # noqa: PLC0415 - kernels

        self.project, self.unproject = _projection(graph)
        self._sections = sections
        self.max_snap_m = max_snap_m
        lines = graph.sections.some(sections)
        points = np.column_stack(self.project(lines.lon, lines.lat))
        line = np.repeat(np.arange(len(sections), dtype=np.int32), np.diff(lines.start))
        steps = np.flatnonzero(line[:-1] == line[1:])
        ends = np.hstack((points[steps], points[steps + 1]))
        self._segments = Segments.of(ends=ends, line=line[steps])
        length = np.hypot(ends[:, 2] - ends[:, 0], ends[:, 3] - ends[:, 1])
        self._reached = np.concatenate(([0.0], np.cumsum(length)))
        self._first = np.searchsorted(line[steps], np.arange(len(sections) + 1))

    def snap(self, points: Points) -> Snapped:
        """The nearest section of each point, if it is near enough; of equals the first."""
        return self.snap_projected(*self.project(points.lon, points.lat))

    def snap_projected(self, x: Floats, y: Floats, *, most_m: float = np.inf) -> Snapped:
        """The same of points in the network's metric projection.

        Sections further away than `most_m` need not be found: how far those are is not told.
        """
        count = len(x)
        metres, share = np.full(count, np.inf), np.zeros(count)
        section = np.full(count, -1, np.int32)
        asked = np.flatnonzero(np.isfinite(x) & np.isfinite(y))  # the projection ends somewhere
        segment, part, metres[asked] = self._segments.nearest(x[asked], y[asked], most_m=most_m)
        near = np.flatnonzero((segment >= 0) & (metres[asked] <= self.max_snap_m))
        rows, segment, part = asked[near], segment[near], part[near]
        line = self._segments.line[segment]
        section[rows] = self._sections[line]
        before, after = self._reached[segment], self._reached[segment + 1]
        first, last = self._reached[self._first[line]], self._reached[self._first[line + 1]]
        behind, whole = before - first + part * (after - before), last - first
        found = np.divide(behind, whole, out=np.zeros(len(rows)), where=whole > 0)
        at_end = np.minimum(behind, whole - behind) < _AT_END_M
        share[rows] = np.where(at_end, np.rint(found), found)
        return Snapped(section=section, share=share, metres=metres, x=x, y=y)


def _projection(graph: RoadGraph) -> tuple[_Projection, _Projection]:
    """Lambert-93 in metropolitan France, else the UTM zone of the network's middle; and back."""
    from pyproj import Transformer  # noqa: PLC0415 - heavy

    west, south, east, north = _FRANCE
    lon, lat = (graph.lon, graph.lat) if len(graph) else (np.zeros(1), np.zeros(1))
    if west <= lon.min() and lon.max() <= east and south <= lat.min() and lat.max() <= north:
        code = LAMBERT_93
    else:
        zone = int((np.median(lon) + 180) // 6) % 60 + 1
        code = (32600 if np.median(lat) >= 0 else 32700) + zone
    transformer = Transformer.from_crs(4326, code, always_xy=True)
    return transformer.transform, partial(transformer.transform, direction="INVERSE")
