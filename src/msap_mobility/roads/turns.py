"""Turns: which section may follow which, and what it costs to go from one into the other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from msap_mobility.roads.profile import Turning
from msap_mobility.roads.turn_memory import TurnMemory

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
    road only where nothing else is permitted. States are the directions, and after them copies of
    some for those who have come by a way that forbids them a turn, see `TurnMemory`.

    Parameters
    ----------
    direction
        int32, per state.
    begin, end
        int32, per state: rows of the nodes it leads from and to.
    is_open
        Per state.
    start
        int32: the turns out of state `i` are ``start[i]:start[i + 1]``.
    into
        int32, per turn: the state one turns into.
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

    direction: Ints
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
        memory = TurnMemory.of(graph.banned, len(begin))
        direction = np.append(np.arange(len(begin), dtype=np.int32), memory.direction)
        state, go = _meetings(begin, end, is_open, direction, len(graph))
        come = direction[state].astype(np.int64)
        into, allowed = memory.followed(state, go)
        allowed &= ~_is_banned(come, go, graph.banned)
        back = go == come ^ 1
        elsewhere = np.bincount(state[allowed & ~back], minlength=len(direction)) > 0
        kept = np.flatnonzero(allowed & ~(back & elsewhere[state]))
        state, come, go, back = state[kept], come[kept], go[kept], back[kept]
        at = end[come]
        is_junction = np.bincount(begin, minlength=len(graph))[at] > 2
        seconds = np.where(is_junction, turning.seconds(_angles(sections, come, go)), 0.0)
        start = np.zeros(len(direction) + 1, np.int32)
        np.cumsum(np.bincount(state, minlength=len(direction)), out=start[1:])
        return cls(
            direction=direction,
            begin=begin[direction],
            end=end[direction],
            is_open=is_open[direction],
            start=start,
            into=into[kept].astype(np.int32),
            seconds=np.where(back, turning.back_s, seconds) + graph.delay_s[at],
        )

    def __len__(self) -> int:
        return len(self.into)

    @property
    def come(self) -> Longs:
        """Per turn, the state one comes from."""
        return np.repeat(np.arange(len(self.direction)), np.diff(self.start))

    @property
    def remember_nothing(self) -> Truths:
        """Per state, whether it is a direction itself: as those are who only set out."""
        plain: Truths = self.direction == np.arange(len(self.direction))
        return plain


def _meetings(
    begin: Ints, end: Ints, is_open: Truths, direction: Ints, nodes: int
) -> tuple[Longs, Longs]:
    """All pairs of a state and an open direction that begins where it ends, in order of states."""
    leaving = np.flatnonzero(is_open)
    leaving = leaving[np.argsort(begin[leaving], kind="stable")]
    count = np.bincount(begin[leaving], minlength=nodes)
    first = np.cumsum(count) - count
    arriving = np.flatnonzero(is_open[direction])
    at = end[direction[arriving]]
    ways = count[at]
    before = np.cumsum(ways) - ways
    nth = np.arange(ways.sum()) - np.repeat(before, ways)
    return np.repeat(arriving, ways), leaving[np.repeat(first[at], ways) + nth]


def _is_banned(come: Longs, go: Longs, banned: Ints) -> Truths:
    pairs = banned[(banned[:, 2:] < 0).all(axis=1)]
    wide = np.int64(1) << 32
    return np.isin(come * wide + go, pairs[:, 0] * wide + pairs[:, 1])


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
