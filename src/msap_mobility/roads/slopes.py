"""Hills: how much longer stretches of an extract take for their slopes, where these are known."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from msap_mobility.roads.profile.measures import elevation_m
from msap_mobility.roads.stretches import ranges, steps_m

if TYPE_CHECKING:
    from msap_mobility.formats.osm import OsmNetwork, OsmWays
    from msap_mobility.roads.profile import Climbing
    from msap_mobility.roads.stretches import Stretches

__all__ = ["Hills", "hills_of"]

Floats = np.ndarray[Any, np.dtype[np.float64]]


class Hills(NamedTuple):
    """Time along and against each stretch as a multiple of that on the flat, and what is known."""

    along: Floats
    against: Floats
    known: float
    """Part of the length of all stretches whose slope is known."""


def hills_of(
    network: OsmNetwork, stretches: Stretches, of_way: Floats, climbing: Climbing | None
) -> Hills:
    """What slopes make of stretches.

    Parameters
    ----------
    network
        With the elevations of its nodes (``ele``). Between two of one way that have one, the way
        climbs evenly.
    stretches
        Of its ways.
    of_way
        Per way, the slope it is tagged with (rise over run), which comes first; NaN for the others.
    climbing
        The profile's; None = slopes do not matter.
    """
    flat = np.ones(len(stretches))
    if climbing is None:
        return Hills(flat, flat, 0.0)
    ways = network.ways
    metres, way = _steps(ways)
    slope = np.where(np.isnan(of_way[way]), _between_nodes(network, metres, way), of_way[way])
    is_known = ~np.isnan(slope)
    if not is_known.any():
        return Hills(flat, flat, 0.0)
    length = _sums(metres, stretches)
    rise = np.where(is_known, slope, 0.0)
    paces = [np.where(is_known, climbing.pace(side * rise), 1.0) for side in (1, -1)]
    along, against = (
        np.divide(_sums(metres * pace, stretches), length, out=flat.copy(), where=length > 0)
        for pace in paces
    )
    known = _sums(metres * is_known, stretches).sum() / max(length.sum(), 1e-9)
    return Hills(along, against, float(known))


def _steps(ways: OsmWays) -> tuple[Floats, Any]:
    """Per entry of the ways' refs: metres to the next of its way, 0 if there is none; its way."""
    known, row = ways.node_rows()
    row = np.where(known, row, 0)
    way = np.repeat(np.arange(len(ways)), np.diff(ways.starts))
    metres = np.zeros(len(row))
    goes_on = known[:-1] & known[1:] & (way[:-1] == way[1:])
    metres[:-1] = np.where(goes_on, steps_m(ways.lon[row], ways.lat[row]), 0.0)
    return metres, way


def _between_nodes(network: OsmNetwork, metres: Floats, way: Any) -> Floats:
    """Slope of each step between two nodes of known elevation; NaN elsewhere."""
    ways = network.ways
    marked = {one: elevation_m(tags.get("ele", "")) for one, tags in network.marks.items()}
    height = np.full(len(ways.node_id), np.nan)
    height[np.searchsorted(ways.node_id, list(marked))] = list(marked.values())
    known, row = ways.node_rows()
    at_entry = np.where(known, height[np.where(known, row, 0)], np.nan)
    told = np.flatnonzero(~np.isnan(at_entry))
    here, there = told[:-1], told[1:]
    before = np.concatenate(([0.0], np.cumsum(metres)))
    run = before[there] - before[here]
    joined = (way[here] == way[there]) & (run > 0)
    here, there, run = here[joined], there[joined], run[joined]
    slope = np.full(len(metres), np.nan)
    _, step = ranges(here, there - 1)
    slope[step] = np.repeat((at_entry[there] - at_entry[here]) / run, there - here)
    return slope


def _sums(of_steps: Floats, stretches: Stretches) -> Floats:
    """Per stretch, what its steps add up to."""
    before = np.concatenate(([0.0], np.cumsum(of_steps)))
    sums: Floats = before[stretches.last] - before[stretches.first]
    return sums
