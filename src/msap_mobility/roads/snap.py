"""From a place to the nearest point of the road network."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from msap_mobility.model import Points
    from msap_mobility.roads.graph import Floats, Ints, RoadGraph

__all__ = ["Snapped", "Snapper"]

LAMBERT_93 = 2154
"""EPSG code; legal in metropolitan France (decree 2000-1276), lengths within 0.3 % there."""

_AT_END = 1e-9
"""A place so near to an end of its section, as a part of it, is at the node there."""

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
        import shapely  # noqa: PLC0415 - heavy

        self._project = _projection(graph)
        self._sections = sections
        self._max_snap_m = max_snap_m
        lines = graph.sections.some(sections)
        count = np.diff(lines.start)
        self._lines: np.ndarray[Any, Any] = np.asarray(
            shapely.linestrings(
                np.column_stack(self._project(lines.lon, lines.lat)),
                indices=np.repeat(np.arange(len(sections)), count),
            )
        )
        self._tree = shapely.STRtree(self._lines)

    def snap(self, points: Points) -> Snapped:
        """The nearest section of each point, if it is near enough; of equals the first."""
        import shapely  # noqa: PLC0415 - heavy

        x, y = self._project(points.lon, points.lat)
        count = len(points)
        metres, share = np.full(count, np.inf), np.zeros(count)
        section = np.full(count, -1, np.int32)
        asked = np.flatnonzero(np.isfinite(x) & np.isfinite(y))  # the projection ends somewhere
        if len(asked) and len(self._sections):
            dots: Any = shapely.points(x[asked], y[asked])
            pairs, far = self._tree.query_nearest(dots, return_distance=True)
            order = np.lexsort((pairs[1], pairs[0]))
            point, first = np.unique(pairs[0][order], return_index=True)
            line = pairs[1][order][first]
            metres[asked[point]] = far[order][first]
            near = metres[asked[point]] <= self._max_snap_m
            rows = asked[point][near]
            section[rows] = self._sections[line[near]]
            found = shapely.line_locate_point(
                self._lines[line[near]], dots[point[near]], normalized=True
            )
            share[rows] = np.where(np.abs(found - np.rint(found)) < _AT_END, np.rint(found), found)
        return Snapped(section=section, share=share, metres=metres, x=x, y=y)


def _projection(graph: RoadGraph) -> Callable[[Floats, Floats], tuple[Floats, Floats]]:
    """Lambert-93 in metropolitan France, else the UTM zone of the network's middle."""
    from pyproj import Transformer  # noqa: PLC0415 - heavy

    west, south, east, north = _FRANCE
    lon, lat = (graph.lon, graph.lat) if len(graph) else (np.zeros(1), np.zeros(1))
    if west <= lon.min() and lon.max() <= east and south <= lat.min() and lat.max() <= north:
        code = LAMBERT_93
    else:
        zone = int((np.median(lon) + 180) // 6) % 60 + 1
        code = (32600 if np.median(lat) >= 0 else 32700) + zone
    project: Callable[[Floats, Floats], tuple[Floats, Floats]]
    project = Transformer.from_crs(4326, code, always_xy=True).transform
    return project
