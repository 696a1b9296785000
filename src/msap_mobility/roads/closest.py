"""The k nearest facilities of some origins, or of every node and whatever point one asks about."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from msap_mobility.model import Reached
from msap_mobility.roads.asked import check_how_many, check_limit
from msap_mobility.roads.room import check_room
from msap_mobility.roads.weights import metres_of, most_of, seconds_of

if TYPE_CHECKING:
    from msap_mobility.model import Points, TimesTable
    from msap_mobility.roads.hierarchy.arrays import Int32, Int64
    from msap_mobility.roads.snap import Snapped
    from msap_mobility.roads.terrain import Terrain

__all__ = ["Nearest", "NearestOfAll", "nearest_in_table", "nearest_within"]

_LIST_BYTES = 12
"""Of each of the k ways a node knows: place and weight."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Nearest:
    """The nearest facilities of some origins, a row each, nearest first.

    Parameters
    ----------
    facility
        int32 (origins, k): row of the facility; −1 where there is no further one.
    seconds, metres
        float32 (origins, k), both of the same way; ``inf`` where there is no further one.
    status
        uint8 (origins,): `Reached` of the first. `Reached.OVER_LIMIT` says that a limit was set and
        nothing lies within it.
    """

    facility: np.ndarray[tuple[int, int], np.dtype[np.int32]]
    seconds: np.ndarray[tuple[int, int], np.dtype[np.float32]]
    metres: np.ndarray[tuple[int, int], np.dtype[np.float32]]
    status: np.ndarray[tuple[int], np.dtype[np.uint8]]

    def __len__(self) -> int:
        return len(self.status)


class NearestOfAll:
    """The k facilities that are reached soonest; made by `RoadTimes.nearest_of_all`.

    Parameters
    ----------
    terrain
        Roads and the ways to them.
    facilities
        Where they meet the roads.
    k
        How many.
    limit_s
        Whatever takes longer is not looked for.

    Raises
    ------
    InputError
        ``too_big_for_memory``.
    """

    def __init__(self, terrain: Terrain, facilities: Snapped, *, k: int, limit_s: float) -> None:
        from msap_mobility.roads.nearest import nearest_places  # noqa: PLC0415 - kernels

        self._terrain = terrain
        self._facilities = facilities
        self._k = k
        check_how_many(k)
        check_limit(limit_s)
        self._limit_s = limit_s
        start, heads, weight = terrain.network.arcs
        states = len(start) - 1
        check_room(states, k, cell_bytes=_LIST_BYTES)
        self._place, self._weight = nearest_places(
            states,
            tails=np.repeat(np.arange(states, dtype=np.int32), np.diff(start)),
            heads=heads,
            weight=weight,
            places=terrain.doors(facilities, leaving=False),
            k=k,
            most=most_of(limit_s),
        )

    @property
    def of_nodes(self) -> Nearest:
        """Of every node of the graph, as it is numbered there."""
        if self._terrain.network.searches_nodes:
            nodes = len(self._place)
            return self._told(self._place, self._weight, np.ones(nodes, np.bool_))
        return self.at_snapped(self._terrain.nodes())

    def at(self, points: Points) -> Nearest:
        """Of some points, the way between their road and them included; to the millisecond."""
        return self.at_snapped(self._terrain.snapper.snap(points))

    def at_snapped(self, points: Snapped) -> Nearest:
        """The same of points that have been snapped."""
        from msap_mobility.roads.nearest import choose, lists_of  # noqa: PLC0415 - kernels

        doors = self._terrain.doors(points, leaving=True)
        row, column, way = self._terrain.direct(points, self._facilities)
        check_room(len(points), self._k, cell_bytes=_LIST_BYTES)
        found = lists_of(len(points), self._k)
        choose(
            (doors.start, doors.node, doors.weight),
            (self._place, self._weight),
            (row.astype(np.int64), column.astype(np.int64), way),
            found,
        )
        return self._told(found[0] >> 1, found[1], points.is_near)

    def _told(self, facility: Int32, weight: Int64, is_near: Any) -> Nearest:
        return nearest_within(
            facility, seconds_of(weight), metres_of(weight), is_near, self._limit_s
        )


def nearest_within(
    facility: Any, seconds: Any, metres: Any, is_near: Any, limit_s: float
) -> Nearest:
    """What has been found, without what lies over the limit; seconds and metres are changed."""
    over = seconds > limit_s
    facility = np.where(over, np.int32(-1), facility)
    seconds[over], metres[over] = np.inf, np.inf
    return Nearest(
        facility=facility,
        seconds=seconds.astype(np.float32),
        metres=metres.astype(np.float32),
        status=_status(facility, is_near, limit_s),
    )


def nearest_in_table(table: TimesTable, k: int, is_near: Any, limit_s: float) -> Nearest:
    """The k nearest destinations of each origin of a table; of equals the first."""
    check_how_many(k)
    seconds = table.seconds
    check_room(len(seconds), k, cell_bytes=_LIST_BYTES)
    found = min(k, seconds.shape[1])
    column = np.argsort(seconds, axis=1, kind="stable")[:, :found]
    rows = np.arange(len(seconds))[:, None]
    facility = np.full((len(seconds), k), -1, np.int32)
    sorted_s, sorted_m = (np.full((len(seconds), k), np.inf, np.float32) for _ in range(2))
    sorted_s[:, :found], sorted_m[:, :found] = seconds[rows, column], table.metres[rows, column]
    facility[:, :found] = np.where(np.isfinite(sorted_s[:, :found]), column, -1)
    return Nearest(
        facility=facility,
        seconds=sorted_s,
        metres=sorted_m,
        status=_status(facility, is_near, limit_s),
    )


def _status(facility: Any, is_near: Any, limit_s: float) -> Any:
    nothing = Reached.OVER_LIMIT if np.isfinite(limit_s) else Reached.UNREACHABLE
    status = np.where((facility >= 0).any(axis=1), np.uint8(Reached.OK), np.uint8(nothing))
    return np.where(is_near, status, np.uint8(Reached.TOO_FAR_TO_SNAP))
