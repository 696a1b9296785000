"""Turns: which section may follow which, and what it costs to go from one into the other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from msap_mobility.roads.profile import Turning

if TYPE_CHECKING:
    from msap_mobility.roads.graph import RoadGraph
    from msap_mobility.roads.sections import Sections

__all__ = ["Turns"]

Ints = np.ndarray[Any, np.dtype[np.int32]]
Longs = np.ndarray[Any, np.dtype[np.int64]]
Floats = np.ndarray[Any, np.dtype[np.float64]]
Truths = np.ndarray[Any, np.dtype[np.bool_]]

_FREE = Turning(right_s=0.0, left_s=0.0, back_s=0.0)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Turns:
    """Permitted turns between the open directions of a graph's sections (CSR).

    A direction is twice the number of its section, and one more against it. One turns round in the
    road only where nothing else is permitted.

    Parameters
    ----------
    begin, end
        int32, per direction: rows of the nodes it leads from and to.
    is_open
        Per direction.
    start
        int32: the turns out of direction `i` are ``start[i]:start[i + 1]``.
    into
        int32, per turn: the direction one turns into.
    seconds
        float64, per turn, the delay at its node included.

    Examples
    --------
    >>> from msap_mobility.roads import RoadGraph
    >>> road = RoadGraph.of_arcs(
    ...     node_id=[1, 2, 3], lon=[1.0, 1.1, 1.2], lat=[45.0, 45.0, 45.0],
    ...     tails=[0, 1, 1, 2], heads=[1, 0, 2, 1], seconds=[9, 9, 9, 9], metres=[9, 9, 9, 9])
    >>> turns = Turns.of(road)
    >>> [turns.into[a:b].tolist() for a, b in zip(turns.start, turns.start[1:])]
    [[2], [0], [3], [1]]
    """

    begin: Ints
    end: Ints
    is_open: Truths
    start: Ints
    into: Ints
    seconds: Floats

    @classmethod
    def of(cls, graph: RoadGraph, turning: Turning | None = None) -> Self:
        """All turns of a graph.

        Parameters
        ----------
        graph
            With the turns it bans.
        turning
            What they cost; the profile's if not given.
        """
        sections = graph.sections
        turning = turning or graph.profile.turning or _FREE
        pairs = np.column_stack((sections.tail, sections.head)).astype(np.int32)
        begin, end = pairs.ravel(), pairs[:, ::-1].ravel()
        is_open = np.isfinite(np.column_stack((sections.along_s, sections.against_s))).ravel()
        come, go = _meetings(begin, end, is_open, len(graph))
        allowed = ~_is_banned(come, go, graph.banned)
        back = go == come ^ 1
        elsewhere = np.bincount(come[allowed & ~back], minlength=len(begin)) > 0
        kept = np.flatnonzero(allowed & ~(back & elsewhere[come]))
        come, go, back = come[kept], go[kept], back[kept]
        at = end[come]
        is_junction = np.bincount(begin, minlength=len(graph))[at] > 2
        seconds = np.where(is_junction, turning.seconds(_angles(sections, come, go)), 0.0)
        start = np.zeros(len(begin) + 1, np.int32)
        np.cumsum(np.bincount(come, minlength=len(begin)), out=start[1:])
        return cls(
            begin=begin,
            end=end,
            is_open=is_open,
            start=start,
            into=go.astype(np.int32),
            seconds=np.where(back, turning.back_s, seconds) + graph.delay_s[at],
        )

    def __len__(self) -> int:
        return len(self.into)

    @property
    def come(self) -> Longs:
        """Per turn, the direction one comes from."""
        return np.repeat(np.arange(len(self.begin)), np.diff(self.start))


def _meetings(begin: Ints, end: Ints, is_open: Truths, nodes: int) -> tuple[Longs, Longs]:
    """All pairs of open directions of which the second begins where the first ends."""
    leaving = np.flatnonzero(is_open)
    leaving = leaving[np.argsort(begin[leaving], kind="stable")]
    count = np.bincount(begin[leaving], minlength=nodes)
    first = np.cumsum(count) - count
    arriving = np.flatnonzero(is_open)
    ways = count[end[arriving]]
    before = np.cumsum(ways) - ways
    nth = np.arange(ways.sum()) - np.repeat(before, ways)
    return np.repeat(arriving, ways), leaving[np.repeat(first[end[arriving]], ways) + nth]


def _is_banned(come: Longs, go: Longs, banned: Ints) -> Truths:
    if not len(banned):
        return np.zeros(len(come), np.bool_)
    wide = np.int64(1) << 32
    return np.isin(come * wide + go, banned[:, 0] * wide + banned[:, 1])


def _angles(sections: Sections, come: Longs, go: Longs) -> Floats:
    """Degrees, to the left positive, −180 to 180."""
    forth, back = _bearings(sections)
    departing = np.column_stack((forth, back)).ravel()  # from the end at which one sets out
    turn = departing[go] - (departing[come ^ 1] + 180)
    angle: Floats = (turn + 180) % 360 - 180
    return angle


def _bearings(sections: Sections) -> tuple[Floats, Floats]:
    """Seen from each end of the sections, degrees from east against the clock."""
    lon, lat, first, last = sections.lon, sections.lat, sections.start[:-1], sections.start[1:] - 1

    def towards(here: Any, there: Any) -> Floats:
        across = np.cos(np.radians(lat[here]))
        east, north = (lon[there] - lon[here]) * across, lat[there] - lat[here]
        bearing: Floats = np.degrees(np.arctan2(north, east))
        return bearing

    return towards(first, first + 1), towards(last, last - 1)
