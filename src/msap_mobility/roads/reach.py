"""How soon every node, and any point, is reached from some places or reaches them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from msap_mobility.roads.asked import check_limit
from msap_mobility.roads.crow import row_slices
from msap_mobility.roads.network import FEW, turned
from msap_mobility.roads.room import check_room
from msap_mobility.roads.terrain import seconds_through, together
from msap_mobility.roads.weights import most_of, seconds_of

if TYPE_CHECKING:
    from msap_mobility.model import Points
    from msap_mobility.roads.hierarchy import Seeds
    from msap_mobility.roads.snap import Snapped
    from msap_mobility.roads.terrain import Terrain

__all__ = ["Reach"]

Seconds = np.ndarray[Any, np.dtype[np.float32]]

_CELLS_AT_ONCE = 2_000_000

_HALF_MS = 0.0005
"""Times are whole milliseconds, but for the rounding of a float32."""


class Reach:
    """Seconds between some places and everything else; made by `RoadTimes.reach`.

    Parameters
    ----------
    terrain
        Roads and the ways to them.
    places
        Where they meet the roads.
    to
        Whether the ways *to* the places are meant rather than those *from* them.
    limit_s
        Whatever takes longer is not looked for.
    as_one
        Whether only the best of all places counts: one row instead of a row for each.

    Raises
    ------
    InputError
        ``too_big_for_memory``.
    """

    def __init__(
        self, terrain: Terrain, places: Snapped, *, to: bool, limit_s: float, as_one: bool
    ) -> None:
        self._terrain = terrain
        self._places = places
        self._to = to
        check_limit(limit_s)
        self._limit_s = limit_s
        self._row = np.zeros(len(places), np.intp) if as_one else np.arange(len(places))
        doors = terrain.doors(places, leaving=not to)
        doors = together(doors) if as_one else doors
        check_room(len(doors), len(terrain.network.arcs[0]) - 1, cell_bytes=4)
        self._state_s = _seconds_to_all(terrain, doors, to=to, limit_s=limit_s)

    @property
    def node_s(self) -> Seconds:
        """float32 seconds, shape (places, nodes of the graph); infinite where no way leads."""
        if self._terrain.network.searches_nodes:
            return self._state_s
        return self.at_snapped(self._terrain.nodes())

    def at(self, points: Points) -> Seconds:
        """float32 seconds, shape (places, points), the way between road and point included.

        Infinite where no way leads, or none within the limit, or the point is too far from any
        road. As in `RoadTimes.table`, to the millisecond.
        """
        return self.at_snapped(self._terrain.snapper.snap(points))

    def at_snapped(self, points: Snapped) -> Seconds:
        """The same of points that have been snapped."""
        check_room(len(self._state_s), len(points), cell_bytes=4)
        found = np.empty((len(self._state_s), len(points)), np.float32)
        for some in row_slices(len(points), len(self._state_s), cells=_CELLS_AT_ONCE):
            found[:, some] = self._of_some(points.part(np.arange(len(points))[some]))
        return found

    def extent(self, limit_s: float) -> tuple[float, float, float, float]:
        """A box around whatever lies within a limit of any place, off the road included.

        Returns
        -------
        tuple
            West, south, east and north edge, metres in the network's projection.
        """
        terrain, sections = self._terrain, self._terrain.network.graph.sections
        reached = self.node_s.min(axis=0, initial=np.inf) <= limit_s
        met = np.flatnonzero(reached[sections.tail] | reached[sections.head])
        own = self._places.section[self._places.is_near]
        roads = sections.some(np.union1d(met, own))
        if not len(roads):
            return 0.0, 0.0, 0.0, 0.0
        x, y = terrain.snapper.project(roads.lon, roads.lat)
        away = min(limit_s * terrain.off_road_m_per_s, terrain.snapper.max_snap_m)
        return (
            float(x.min() - away),
            float(y.min() - away),
            float(x.max() + away),
            float(y.max() + away),
        )

    def _of_some(self, points: Snapped) -> Seconds:
        doors = self._terrain.doors(points, leaving=self._to)
        found = seconds_through(self._state_s, doors)
        if self._to:
            point, place, way = self._terrain.direct(points, self._places)
        else:
            place, point, way = self._terrain.direct(self._places, points)
        np.minimum.at(found, (self._row[place], point), seconds_of(way).astype(np.float32))
        return self._cut(found)

    def _cut(self, seconds: Seconds) -> Seconds:
        seconds[seconds > self._limit_s + _HALF_MS] = np.inf
        return seconds


def _seconds_to_all(terrain: Terrain, doors: Seeds, *, to: bool, limit_s: float) -> Seconds:
    """By a few searches cut at the limit, or by sweeps of the hierarchy."""
    network = terrain.network
    if len(doors) > FEW:
        from msap_mobility.roads.hierarchy.sweeps import Sweep  # noqa: PLC0415 - kernels

        seconds = Sweep(network.hierarchy, backward=to).seconds(doors)
        seconds[seconds > limit_s + _HALF_MS] = np.inf
        return seconds
    from msap_mobility.roads.dijkstra import ways_to_all  # noqa: PLC0415 - kernels

    arcs = turned(network.arcs) if to else network.arcs
    most = most_of(limit_s)
    seconds = np.empty((len(doors), len(arcs[0]) - 1), np.float32)
    for row in range(len(doors)):
        seconds[row] = seconds_of(ways_to_all(*arcs, doors.some([row]), most)[0])
    return seconds
