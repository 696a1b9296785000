"""Where the ways of an extract meet, and the stretches between."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from pyproj import Geod

if TYPE_CHECKING:
    from msap_mobility.formats.osm import OsmWays

__all__ = ["Stretches", "ranges", "steps_m"]

Ids = np.ndarray[Any, np.dtype[np.int64]]
Floats = np.ndarray[Any, np.dtype[np.float64]]
Truths = np.ndarray[Any, np.dtype[np.bool_]]

_MAJOR_M, _FLATTENING = 6_378_137.0, 1 / 298.257_223_563  # WGS84
_SHORT_M = 20_000.0
"""Up to here a step is measured on the ellipsoid's local plane: within a part in a million."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Stretches:
    """Pieces of ways from one meeting to the next, a row each.

    Parameters
    ----------
    tail, head
        Rows of the nodes they run between; those closed by a barrier have one node an end.
    way
        Row of the way.
    first, last
        Positions in the way's `refs` that they run through.
    metres
        Their lengths.
    node
        Rows in the extract of the nodes that `tail` and `head` name.
    """

    tail: Ids
    head: Ids
    way: Ids
    first: Ids
    last: Ids
    metres: Floats
    node: Ids

    @classmethod
    def of(cls, ways: OsmWays, closed: Truths) -> Self:
        """Cut ways where they meet or end, at what the extract cuts off, and at closed nodes.

        Parameters
        ----------
        ways
            Of an extract.
        closed
            Per node of the ways.
        """
        known, row = ways.node_rows()
        row = np.where(known, row, 0)
        way_of = np.repeat(np.arange(len(ways)), np.diff(ways.starts))
        step = known[:-1] & known[1:] & (way_of[:-1] == way_of[1:])
        step &= ways.refs[:-1] != ways.refs[1:]
        begins, ends = np.zeros(len(known), np.bool_), np.zeros(len(known), np.bool_)
        begins[:-1], ends[1:] = step, step
        on_road = begins | ends
        uses = np.bincount(row[on_road], minlength=len(ways.node_id))
        np.add.at(uses, row[begins != ends], 1)  # a way ends there
        meeting = np.zeros(len(known), np.bool_)
        meeting[on_road] = (uses[row[on_road]] > 1) | closed[row[on_road]]
        first, last = np.flatnonzero(meeting & begins), np.flatnonzero(meeting & ends)
        node, number = _ends(np.concatenate((row[first], row[last])), closed)
        start, points = ranges(first, last)
        return cls(
            tail=number[: len(first)],
            head=number[len(first) :],
            way=way_of[first],
            first=first,
            last=last,
            metres=_lengths(ways.lon[row[points]], ways.lat[row[points]], start),
            node=node,
        )

    def __len__(self) -> int:
        return len(self.tail)


def ranges(first: Ids, last: Ids) -> tuple[Ids, Ids]:
    """All positions from each first to its last, one after the other, and where each begins."""
    start = np.zeros(len(first) + 1, np.int64)
    np.cumsum(last - first + 1, out=start[1:])
    return start, np.arange(start[-1]) + np.repeat(first - start[:-1], last - first + 1)


def _ends(row: Ids, closed: Truths) -> tuple[Ids, Ids]:
    """Nodes by their rows, and their numbers per end; where closed, each end has its own."""
    node, number = np.unique(row, return_inverse=True)
    shut = np.flatnonzero(closed[row])
    again = shut[np.isin(shut, np.unique(row, return_index=True)[1], invert=True)]
    number[again] = len(node) + np.arange(len(again))
    return np.concatenate((node, row[again])), number


def _lengths(lon: Floats, lat: Floats, start: Ids) -> Floats:
    """Metres of each line."""
    if not len(lon):
        return np.zeros(0)
    step = steps_m(lon, lat)
    step[start[1:-1] - 1] = 0.0  # from the end of one line to the beginning of the next
    return np.add.reduceat(step, start[:-1])


def steps_m(lon: Floats, lat: Floats) -> Floats:
    """Metres from each point to the next, on the ellipsoid."""
    middle = np.radians((lat[:-1] + lat[1:]) / 2)
    squared = _FLATTENING * (2 - _FLATTENING)
    bend = 1 - squared * np.sin(middle) ** 2
    across = np.radians(np.diff(lon)) * np.cos(middle) * _MAJOR_M / np.sqrt(bend)
    up = np.radians(np.diff(lat)) * _MAJOR_M * (1 - squared) / bend**1.5
    step: Floats = np.hypot(across, up)
    long = np.flatnonzero(step > _SHORT_M)
    step[long] = Geod(ellps="WGS84").inv(lon[long], lat[long], lon[long + 1], lat[long + 1])[2]
    return step
