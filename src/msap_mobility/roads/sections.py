"""Sections: what lies between two junctions, with its shape and both directions."""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from msap_mobility.roads.weights import LONGEST_S

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Sections"]

Floats = np.ndarray[tuple[int], np.dtype[np.float64]]
Ints = np.ndarray[tuple[int], np.dtype[np.int32]]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sections:
    """Pieces of road, a row each; a loop ends where it begins.

    Parameters
    ----------
    tail, head
        int32, rows of the nodes it runs between.
    along_s, against_s
        float64, seconds from tail to head and from head to tail; infinite where that is closed.
    along_m, against_m
        float64, metres likewise: of one length, unless whoever made the graph says otherwise.
    way_id
        int64, what the source calls the road; −1 where it has no name for it.
    kind
        int16, number in `kinds`.
    kinds
        Kinds of road: the classes of OpenStreetMap's ``highway``, ``ferry``; ``""`` where unknown.
    name, names
        int32, number in `names`: what the road is called, or else its number (``D 54``); ``""``
        where unknown, as all are if these are not given.
    start
        int32: section `i` runs through the points ``start[i]:start[i + 1]``, its ends included.
    lon, lat
        float64, WGS84 degrees, of these points.

    Examples
    --------
    >>> road = Sections.straight(
    ...     lon=[1.0, 1.1], lat=[45.0, 45.0], tail=[0], head=[1], along_s=[60], against_s=[np.inf],
    ...     along_m=[900], against_m=[900])
    >>> len(road), road.line(0)
    (1, ((1.0, 45.0), (1.1, 45.0)))
    """

    tail: Ints
    head: Ints
    along_s: Floats
    against_s: Floats
    along_m: Floats
    against_m: Floats
    way_id: np.ndarray[tuple[int], np.dtype[np.int64]]
    kind: np.ndarray[tuple[int], np.dtype[np.int16]]
    kinds: tuple[str, ...]
    start: Ints
    lon: Floats
    lat: Floats
    name: Ints = field(default_factory=lambda: np.zeros(0, np.int32))
    names: tuple[str, ...] = ("",)

    def __post_init__(self) -> None:
        if len(self.name) != len(self.tail):
            object.__setattr__(self, "name", np.zeros(len(self.tail), np.int32))

    @classmethod
    def straight(
        cls,
        *,
        lon: Any,
        lat: Any,
        tail: Any,
        head: Any,
        along_s: Any,
        against_s: Any,
        along_m: Any,
        against_m: Any,
    ) -> Self:
        """Sections of which only the ends are known.

        Parameters
        ----------
        lon, lat
            Of the nodes.
        tail, head, along_s, against_s, along_m, against_m
            As in the class.
        """
        tail, head = np.asarray(tail, np.int32), np.asarray(head, np.int32)
        ends = np.column_stack((tail, head)).ravel()
        count = len(tail)
        return cls(
            tail=tail,
            head=head,
            along_s=np.asarray(along_s, np.float64),
            against_s=np.asarray(against_s, np.float64),
            along_m=np.asarray(along_m, np.float64),
            against_m=np.asarray(against_m, np.float64),
            way_id=np.full(count, -1, np.int64),
            kind=np.zeros(count, np.int16),
            kinds=("",),
            start=np.arange(0, 2 * count + 1, 2, dtype=np.int32),
            lon=np.asarray(lon, np.float64)[ends],
            lat=np.asarray(lat, np.float64)[ends],
        )

    @classmethod
    def of_arcs(
        cls, *, lon: Any, lat: Any, tails: Any, heads: Any, seconds: Any, metres: Any
    ) -> Self:
        """Straight sections of arcs: the fastest each way are the two directions of one road."""
        tails, heads = np.asarray(tails, np.int32), np.asarray(heads, np.int32)
        seconds, metres = np.asarray(seconds, np.float64), np.asarray(metres, np.float64)
        order = np.lexsort((metres, seconds, heads, tails))
        tail, head = tails[order], heads[order]
        rank = _rank_within(tail, head)
        low, high = np.minimum(tail, head), np.maximum(tail, head)
        rank = np.where(tail == head, np.arange(len(tail)), rank)  # a loop has no other direction
        ends, section = np.unique(np.column_stack((low, high, rank)), axis=0, return_inverse=True)
        ways = np.full((4, len(ends)), np.inf)
        for turned in (False, True):
            rows = np.flatnonzero((tail > head) == turned)
            at = section.reshape(-1)[rows]
            ways[int(turned), at] = seconds[order][rows]
            ways[2 + int(turned), at] = metres[order][rows]
        lengths = np.where(
            np.isfinite(ways[2:]), ways[2:], ways[:1:-1]
        )  # a closed one: as the open
        return cls.straight(
            lon=lon,
            lat=lat,
            tail=ends[:, 0],
            head=ends[:, 1],
            along_s=ways[0],
            against_s=ways[1],
            along_m=lengths[0],
            against_m=lengths[1],
        )

    def __len__(self) -> int:
        return len(self.tail)

    def line(self, number: int, *, backward: bool = False) -> tuple[tuple[float, float], ...]:
        """(lon, lat) of the points of one section."""
        points = slice(int(self.start[number]), int(self.start[number + 1]))
        line = tuple(zip(self.lon[points].tolist(), self.lat[points].tolist(), strict=True))
        return line[::-1] if backward else line

    def passable(self) -> Self:
        """The same, closed where the way through takes as long as `weights.LONGEST_S`, 12 days.

        Examples
        --------
        >>> road = Sections.straight(
        ...     lon=[1.0, 1.1], lat=[45.0, 45.0], tail=[0], head=[1], along_s=[60],
        ...     against_s=[2e6], along_m=[900], against_m=[900])
        >>> road.passable().along_s.tolist(), road.passable().against_s.tolist()
        ([60.0], [inf])
        """
        along_s, against_s = (
            np.where(seconds < LONGEST_S, seconds, np.inf)
            for seconds in (self.along_s, self.against_s)
        )
        return replace(self, along_s=along_s, against_s=against_s)

    def some(self, rows: Sequence[int] | np.ndarray[Any, Any]) -> Self:
        """These sections only, in the order given."""
        rows = np.asarray(rows, np.int64)
        count = np.diff(self.start)[rows]
        start = np.zeros(len(rows) + 1, np.int32)
        np.cumsum(count, out=start[1:])
        points = np.arange(start[-1]) + np.repeat(self.start[rows] - start[:-1], count)
        columns = {column.name: getattr(self, column.name) for column in fields(self)}
        kept = {
            name: values
            if name in ("kinds", "names")
            else values[points if name in ("lon", "lat") else rows]
            for name, values in columns.items()
            if name != "start"
        }
        return type(self)(**kept, start=start)


def _rank_within(tail: Ints, head: Ints) -> np.ndarray[Any, np.dtype[np.int64]]:
    """Of arcs in order of tail and head: how many before each have the same two."""
    if not len(tail):
        return np.zeros(0, np.int64)
    number = np.arange(len(tail))
    begins = np.ones(len(tail), np.bool_)
    begins[1:] = (np.diff(tail) != 0) | (np.diff(head) != 0)
    return number - np.maximum.accumulate(np.where(begins, number, 0))
