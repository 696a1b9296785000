"""From door to door: times between many places, and the pieces of one way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from msap_mobility.model import Reached, TimesTable
from msap_mobility.roads.asked import check_limit
from msap_mobility.roads.crow import row_slices
from msap_mobility.roads.room import check_room
from msap_mobility.roads.steps import Step, off_road_step, road_step
from msap_mobility.roads.terrain import neighbours
from msap_mobility.roads.way_lines import legs_between
from msap_mobility.roads.weights import NEVER, metres_of, most_of, seconds_of

if TYPE_CHECKING:
    from msap_mobility.roads.hierarchy.arrays import Int64
    from msap_mobility.roads.snap import Snapped
    from msap_mobility.roads.terrain import Terrain

__all__ = ["pieces_between", "table_between"]

CELLS_AT_ONCE = 1_000_000
"""Of a table: some 50 bytes each while they are filled."""

CELL_BYTES = 9
"""Of a table: seconds, metres and status."""

Floats2 = np.ndarray[Any, np.dtype[np.float64]]
Door = tuple[float, float]


def table_between(terrain: Terrain, start: Snapped, end: Snapped, limit_s: float) -> TimesTable:
    """Times from every place to every other.

    Parameters
    ----------
    terrain
        Roads and the ways to them.
    start, end
        Where the places meet the roads.
    limit_s
        Cells over it are ``inf``; the search stops there.

    Raises
    ------
    InputError
        ``too_big_for_memory``.
    """
    shape = (len(start), len(end))
    check_room(*shape, cell_bytes=CELL_BYTES)
    table = TimesTable(
        seconds=np.empty(shape, np.float32),
        metres=np.empty(shape, np.float32),
        status=np.empty(shape, np.uint8),
    )
    network = terrain.network
    # Cut short, a search cannot tell the unreachable from what lies over the limit
    check_limit(limit_s)
    cut = bool(np.isfinite(limit_s)) and network.all_joined(start, end)
    ways = network.ways_to(end, most_of(limit_s) if cut else NEVER - 1, origins=len(start))
    for rows in row_slices(len(start), len(end), cells=CELLS_AT_ONCE):
        here = start.part(np.arange(len(start))[rows])
        _write(table, rows, terrain, (here, end), ways(here), limit_s, is_cut=cut)
    return table


def pieces_between(
    terrain: Terrain, start: Snapped, end: Snapped, doors: tuple[Door, Door]
) -> list[Step]:
    """The fastest way between two places, a piece for each section; none if there is no way.

    Parameters
    ----------
    terrain
        Roads and the ways to them.
    start, end
        Where the places meet the roads, one each.
    doors
        (lon, lat) of both.
    """
    if not (start.is_near[0] and end.is_near[0]):
        return []
    speed, network, (here, there) = terrain.off_road_m_per_s, terrain.network, doors
    if _is_straight(terrain, start, end):
        straight = float(np.hypot(start.x - end.x, start.y - end.y)[0])
        return [off_road_step((here, there), straight, speed)]
    roads = [road_step(network.graph.sections, *leg) for leg in legs_between(network, start, end)]
    if not roads and seconds_of(network.ways_to(end, origins=1)(start))[0, 0] == np.inf:
        return []
    out, home = (float(place.metres[0]) for place in (start, end))
    door = roads[0].line[0] if roads else there
    gate = roads[-1].line[-1] if roads else here
    return [
        off_road_step((here, door), out, speed),
        *roads,
        off_road_step((gate, there), home, speed),
    ]


def _write(
    table: TimesTable,
    rows: slice,
    terrain: Terrain,
    places: tuple[Snapped, Snapped],
    ways: Int64,
    limit_s: float,
    *,
    is_cut: bool,
) -> None:
    """Some rows of cells, from place to place."""
    start, end = places
    access = start.metres[:, None] + end.metres
    seconds = seconds_of(ways) + access / terrain.off_road_m_per_s
    metres = metres_of(ways) + access
    _go_straight(terrain, start, end, seconds, metres)
    status = np.full(seconds.shape, Reached.OK, np.uint8)
    status[seconds > limit_s] = Reached.OVER_LIMIT
    if not is_cut:
        status[np.isinf(seconds)] = Reached.UNREACHABLE
    status[~start.is_near] = Reached.TOO_FAR_TO_SNAP
    status[:, ~end.is_near] = Reached.TOO_FAR_TO_SNAP
    absent = status != Reached.OK
    seconds[absent] = np.inf
    metres[absent] = np.inf
    table.seconds[rows], table.metres[rows], table.status[rows] = seconds, metres, status


def _go_straight(
    terrain: Terrain, start: Snapped, end: Snapped, seconds: Floats2, metres: Floats2
) -> None:
    """Between neighbours by one section, straight: no further than both are from the road."""
    row, column, straight = neighbours(start, end)
    sooner = straight / terrain.off_road_m_per_s < seconds[row, column]
    row, column, straight = row[sooner], column[sooner], straight[sooner]
    seconds[row, column] = straight / terrain.off_road_m_per_s
    metres[row, column] = straight


def _is_straight(terrain: Terrain, start: Snapped, end: Snapped) -> bool:
    """Whether the way between two places leaves the road out."""
    _, _, straight = neighbours(start, end)
    if not len(straight):
        return False
    speed, way = terrain.off_road_m_per_s, terrain.network.ways_to(end, origins=1)(start)
    by_road = seconds_of(way)[0, 0] + (start.metres + end.metres)[0] / speed
    return bool(straight[0] / speed < by_road)
