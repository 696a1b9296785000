"""The nearest of many segments, found by the squares of a grid that they run through."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from msap_mobility.compiled import kernel

if TYPE_CHECKING:
    from msap_mobility.roads.hierarchy.arrays import Int32

__all__ = ["Grid", "Segments"]

Floats = np.ndarray[tuple[int], np.dtype[np.float64]]

_SEGMENTS_A_SQUARE = 1.0
"""On average over the whole finest grid: most squares of a real network are empty."""

_MOST_SQUARES = 4096
"""Each way."""

_UNKNOWN, _NOT_NEAR = -1, -2
"""In place of the number of a segment."""

_HAIR = 1 - 1e-9
"""A square is let go if even this part of its distance is too far: equals must not be lost."""

_RINGS, _COARSER = 6, 4
"""Rings of squares around a point that are looked at before squares so many times as wide are."""

_GRID = "float64[::1], int64[::1], int32[::1], int32[::1]"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Grid:
    """Squares, and the segments that run through each.

    Parameters
    ----------
    corner
        West and south edge and the side of a square, metres.
    shape
        int64: columns and rows.
    start, segment
        int32: the segments that meet square `i` are ``segment[start[i]:start[i + 1]]``.
    """

    corner: Floats
    shape: np.ndarray[tuple[int], np.dtype[np.int64]]
    start: Int32
    segment: Int32

    @classmethod
    def over(cls, ends: Any, corner: Any, extent: Any, side: float) -> Self:
        """Lay squares of some side over segments."""
        shape = (extent // side).astype(np.int64) + 1
        grid = np.array([*corner, side])
        start, segment = np.zeros(int(shape.prod()) + 1, np.int32), np.empty(0, np.int32)
        _enter(ends, grid, shape, start, segment)
        np.cumsum(start, out=start)
        segment = np.empty(start[-1], np.int32)
        _enter(ends, grid, shape, start, segment)
        return cls(corner=grid, shape=shape, start=start, segment=segment)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Segments:
    """Segments on a plane, each of a line with a number.

    Parameters
    ----------
    ends
        float64 (segments, 4): x, y of one end and x, y of the other, metres.
    line
        int32, per segment; ascending.
    corner, extent
        South-west corner and size of a box around all, metres.
    sides
        Of the squares of grids, the finest first: who finds nothing around in one looks in the
        next. A grid is laid when it is first needed.

    Examples
    --------
    >>> road = Segments.of(ends=[[0, 0, 100, 0], [100, 0, 100, 50]], line=[0, 0])
    >>> found, share, metres = road.nearest([40.0, 130.0], [30.0, 40.0])
    >>> found.tolist(), share.tolist(), metres.tolist()
    ([0, 1], [0.4, 0.8], [30.0, 30.0])
    """

    ends: np.ndarray[tuple[int, int], np.dtype[np.float64]]
    line: Int32
    corner: Floats
    extent: Floats
    sides: tuple[float, ...]
    _laid: dict[float, Grid] = field(default_factory=dict)

    @classmethod
    def of(cls, *, ends: Any, line: Any) -> Self:
        """Segments of lines.

        Parameters
        ----------
        ends, line
            As in the class.
        """
        ends = np.ascontiguousarray(ends, np.float64).reshape(-1, 4)
        line = np.ascontiguousarray(line, np.int32)
        if not len(ends):
            return cls(ends=ends, line=line, corner=np.zeros(2), extent=np.zeros(2), sides=())
        x, y = ends[:, ::2], ends[:, 1::2]
        corner = np.array([x.min(), y.min()])
        extent = np.maximum(np.array([x.max(), y.max()]) - corner, 1.0)
        side = max(float(np.sqrt(extent.prod() / len(ends) * _SEGMENTS_A_SQUARE)), 1.0)
        side = max(side, float(extent.max()) / _MOST_SQUARES)
        sides = [side]
        while extent.max() > sides[-1] * _RINGS:
            sides.append(sides[-1] * _COARSER)
        return cls(ends=ends, line=line, corner=corner, extent=extent, sides=tuple(sides))

    def grid(self, side: float) -> Grid:
        """The grid of squares of that side."""
        if side not in self._laid:
            self._laid[side] = Grid.over(self.ends, self.corner, self.extent, side)
        return self._laid[side]

    def nearest(self, x: Any, y: Any, *, most_m: float = np.inf) -> tuple[Int32, Floats, Floats]:
        """The nearest segment of each point; of equals the first.

        Parameters
        ----------
        x, y
            Finite, metres.
        most_m
            Whatever is further away need not be found.

        Returns
        -------
        tuple
            Its number (−1 if there is none), the part of it that lies before the point nearest,
            and the metres to there.
        """
        x, y = np.ascontiguousarray(x, np.float64), np.ascontiguousarray(y, np.float64)
        found, share = np.full(len(x), _UNKNOWN, np.int32), np.zeros(len(x))
        metres = np.full(len(x), np.inf)
        for side in self.sides:
            if not (found == _UNKNOWN).any():
                break
            grid = self.grid(side)
            rings = int(grid.shape.max()) if side == self.sides[-1] else _RINGS
            squares = (grid.corner, grid.shape, grid.start, grid.segment)
            _find(x, y, self.ends, *squares, rings, most_m, found, share, metres)
        found[found < 0] = -1
        return found, share, metres


@kernel("void(float64[:, ::1], float64[::1], int64[::1], int32[::1], int32[::1])")
def _enter(ends: Any, grid: Any, shape: Any, start: Any, segment: Any) -> None:
    """Count the segments of each square in ``start[1:]``; enter them, last first, if there is room.

    A segment is entered row by row of the grid, in the squares between where it comes into the row
    and where it leaves it, and in one more on either side: rounding must not lose it.
    """
    west, south, side = grid
    columns, rows = shape
    entering = len(segment) > 0
    for each in range(len(ends) - 1, -1, -1):
        x_a, y_a, x_b, y_b = ends[each]
        if y_b < y_a:
            x_a, y_a, x_b, y_b = x_b, y_b, x_a, y_a
        first = max(int((y_a - south) / side), 0)
        last = min(int((y_b - south) / side), rows - 1)
        for row in range(first, last + 1):
            x_in, x_out = x_a, x_b
            if y_b > y_a:
                below, above = south + row * side, south + (row + 1) * side
                slope = (x_b - x_a) / (y_b - y_a)
                if below > y_a:
                    x_in = x_a + (below - y_a) * slope
                if above < y_b:
                    x_out = x_a + (above - y_a) * slope
            left = max(int((min(x_in, x_out) - west) / side - 1e-6), 0)
            right = min(int((max(x_in, x_out) - west) / side + 1e-6), columns - 1)
            for column in range(left, right + 1):
                square = row * columns + column
                if entering:
                    start[square] -= 1
                    segment[start[square]] = each
                else:
                    start[square] += 1


@kernel("UniTuple(float64, 2)(float64, float64, float64[::1])")
def _away(x: float, y: float, ends: Any) -> tuple[float, float]:
    """Square of the distance from a point to a segment, and the part that lies before."""
    along_x, along_y = ends[2] - ends[0], ends[3] - ends[1]
    length = along_x * along_x + along_y * along_y
    part = 0.0
    if length > 0:
        part = ((x - ends[0]) * along_x + (y - ends[1]) * along_y) / length
    if part >= 1:  # the end itself, that equals be equal
        part, x, y = 1.0, x - ends[2], y - ends[3]
    elif part <= 0:
        part, x, y = 0.0, x - ends[0], y - ends[1]
    else:
        x, y = x - (ends[0] + part * along_x), y - (ends[1] + part * along_y)
    return x * x + y * y, part


@kernel(
    "Tuple((float64, int64, float64))(float64, float64, float64[:, ::1], int32[::1], float64, "
    "int64, float64)"
)
def _nearer(
    x: float, y: float, ends: Any, segments: Any, least: float, best: int, best_part: float
) -> tuple[float, int, float]:
    """The best so far, or a better one of a square."""
    for each in segments:
        away, part = _away(x, y, ends[each])
        if away < least or (away == least and each < best):
            least, best, best_part = away, each, part
    return least, best, best_part


@kernel("float64(float64, float64, float64)")
def _outside(at: float, low: float, side: float) -> float:
    """How far a number is from an interval."""
    return max(low - at, at - low - side, 0.0)


@kernel("float64(float64, float64, float64[::1], int64[::1], int64, int64, int64)")
def _beyond(x: float, y: float, corner: Any, shape: Any, column: int, row: int, ring: int) -> float:
    """How far at least whatever lies outside a ring of squares is; infinite if nothing does."""
    west, south, side = corner
    least = np.inf
    if column > ring:
        least = min(least, x - (west + (column - ring) * side))
    if column + ring + 1 < shape[0]:
        least = min(least, west + (column + ring + 1) * side - x)
    if row > ring:
        least = min(least, y - (south + (row - ring) * side))
    if row + ring + 1 < shape[1]:
        least = min(least, south + (row + ring + 1) * side - y)
    return max(least, 0.0)


@kernel(
    f"Tuple((float64, int64, float64))(float64, float64, float64[:, ::1], {_GRID}, int64, int64, "
    "int64, float64, int64, float64)"
)
def _in_ring(
    x: float,
    y: float,
    ends: Any,
    corner: Any,
    shape: Any,
    start: Any,
    segment: Any,
    middle: int,
    middle_row: int,
    ring: int,
    least: float,
    best: int,
    best_part: float,
) -> tuple[float, int, float]:
    """The best so far, or a better one of a ring of squares."""
    west, south, side = corner
    columns, rows = shape
    for row in range(max(middle_row - ring, 0), min(middle_row + ring, rows - 1) + 1):
        step = 1 if ring == 0 or abs(row - middle_row) == ring else 2 * ring
        for column in range(middle - ring, middle + ring + 1, step):
            square = row * columns + column
            if column < 0 or column >= columns or start[square] == start[square + 1]:
                continue
            off_x = _outside(x, west + column * side, side)
            off_y = _outside(y, south + row * side, side)
            if (off_x * off_x + off_y * off_y) * _HAIR <= least:
                here = segment[start[square] : start[square + 1]]
                least, best, best_part = _nearer(x, y, ends, here, least, best, best_part)
    return least, best, best_part


@kernel(
    f"void(float64[::1], float64[::1], float64[:, ::1], {_GRID}, int64, float64, int32[::1], "
    "float64[::1], float64[::1])"
)
def _find(
    x: Any,
    y: Any,
    ends: Any,
    corner: Any,
    shape: Any,
    start: Any,
    segment: Any,
    rings: int,
    most: float,
    found: Any,
    share: Any,
    metres: Any,
) -> None:
    """Look ring by ring around the square of each point, until what is left is further away.

    A point whose answer might lie beyond so many rings is left as it is, and so is one that has it.
    """
    west, south, side = corner
    columns, rows = shape
    for point in range(len(x)):
        if found[point] != _UNKNOWN:
            continue
        here_x, here_y = x[point], y[point]
        middle = min(max(int((here_x - west) / side), 0), columns - 1)
        row = min(max(int((here_y - south) / side), 0), rows - 1)
        least, best, part = np.inf, _UNKNOWN, 0.0
        for ring in range(rings + 1):
            grid = corner, shape, start, segment
            least, best, part = _in_ring(
                here_x, here_y, ends, *grid, middle, row, ring, least, best, part
            )
            beyond = _beyond(here_x, here_y, corner, shape, middle, row, ring)
            if least < beyond * beyond:
                found[point], share[point], metres[point] = best, part, np.sqrt(least)
                break
            if beyond > most:
                found[point] = _NOT_NEAR
                break
