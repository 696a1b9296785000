"""From a place to the nearest point of the road network."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from msap_mobility.model import Points
    from msap_mobility.roads.graph import Floats, Ints, RoadGraph

__all__ = ["Snapped", "Snapper"]

LAMBERT_93 = 2154
"""EPSG code; legal in metropolitan France (decree 2000-1276), lengths within 0.3 % there."""

_FRANCE = (
    -5.2,
    41.3,
    9.6,
    51.2,
)  # lon, lat, lon, lat: the extent of Lambert-93 in metropolitan use


@dataclass(frozen=True, slots=True, eq=False)
class Snapped:
    """Where some points meet the network.

    Parameters
    ----------
    node
        int32, row of the nearest node; -1 if it is too far.
    metres
        float64, straight from the point to that node, even if it is too far.
    x, y
        float64, the points themselves in the network's metric projection.
    """

    node: Ints
    metres: Floats
    x: Floats
    y: Floats

    @property
    def is_near(self) -> np.ndarray[Any, np.dtype[np.bool_]]:
        """Which points are on the network."""
        return self.node >= 0

    def part(self, rows: np.ndarray[Any, np.dtype[np.intp]]) -> Snapped:
        """Some of the points."""
        return Snapped(self.node[rows], self.metres[rows], self.x[rows], self.y[rows])


class Snapper:
    """Nearest nodes of a graph, in a metric projection that suits where it lies.

    Parameters
    ----------
    graph
        Road network.
    nodes
        Rows of the nodes that may be snapped to.
    max_snap_m
        Beyond it a point is not on the network; at it, it is.
    """

    def __init__(self, graph: RoadGraph, nodes: Ints, max_snap_m: float) -> None:
        from scipy.spatial import cKDTree  # noqa: PLC0415 - heavy

        self._project = _projection(graph)
        self._nodes = nodes
        self._max_snap_m = max_snap_m
        x, y = self._project(graph.lon[nodes], graph.lat[nodes])
        self._tree = cKDTree(np.column_stack((x, y)))

    def snap(self, points: Points) -> Snapped:
        """The nearest node of each point, if it is near enough."""
        x, y = self._project(points.lon, points.lat)
        metres = np.full(len(points), np.inf)
        node = np.full(len(points), -1, np.int32)
        asked = np.flatnonzero(np.isfinite(x) & np.isfinite(y))  # the projection ends somewhere
        if len(asked) > 0 and len(self._nodes) > 0:
            metres[asked], found = self._tree.query(np.column_stack((x, y))[asked])
            nearest = np.asarray(found)
            near = metres[asked] <= self._max_snap_m
            node[asked[near]] = self._nodes[nearest[near]]
        return Snapped(node, metres, x, y)


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
