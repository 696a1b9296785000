"""The nearest of many segments, found by the squares of a grid that they run through."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from msap_mobility.compiled import kernel

if TYPE_CHECKING:
    from msap_mobility.roads.hierarchy.arrays import Int32

__all__ = ["Segments"]

Floats = np.ndarray[tuple[int], np.dtype[np.float64]]

_SEGMENTS_A_SQUARE = 2.0
"""On average over the whole grid: most squares of a real network are empty."""

_GRID = "float64[::1], int64[::1], int32[::1], int32[::1]"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Segments:
    """Segments on a plane, each of a line with a number.

    Parameters
    ----------
    ends
        float64 (segments, 4): x, y of one end and x, y of the other, metres.
    line
        int32, per segment; ascending.
    grid
        West and south edge of the grid and the side of its squares, metres.
    shape
        int64: columns and rows of squares.
    start, segment
        int32: the segments that meet square `i` are ``segment[start[i]:start[i + 1]]``.

    Examples
    --------
    >>> road = Segments.of(ends=[[0, 0, 100, 0], [100, 0, 100, 50]], line=[0, 0])
    >>> found, share, metres = road.nearest([40.0, 130.0], [30.0, 40.0])
    >>> found.tolist(), share.tolist(), metres.tolist()
    ([0, 1], [0.4, 0.8], [30.0, 30.0])
    """

    ends: np.ndarray[tuple[int, int], np.dtype[np.float64]]
    line: Int32
    grid: Floats
    shape: np.ndarray[tuple[int], np.dtype[np.int64]]
    start: Int32
    segment: Int32

    @classmethod
    def of(cls, *, ends: Any, line: Any) -> Self:
        """Lay the grid.

        Parameters
        ----------
        ends, line
            As in the class.
        """
        ends = np.ascontiguousarray(ends, np.float64).reshape(-1, 4)
        count = len(ends)
        low, high = np.zeros(2), np.zeros(2)
        if count:
            both = ends.reshape(-1, 2)
            low, high = both.min(axis=0), both.max(axis=0)
        extent = np.maximum(high - low, 1.0)
        side = max(float(np.sqrt(extent.prod() / max(count, 1) * _SEGMENTS_A_SQUARE)), 1.0)
        side = max(side, float(extent.max()) / 4096)
        shape = (extent // side).astype(np.int64) + 1
        grid = np.array([*low, side])
        start = np.zeros(int(shape.prod()) + 1, np.int32)
        segment = np.empty(0, np.int32)
        _enter(ends, grid, shape, start, segment)
        np.cumsum(start, out=start)
        segment = np.empty(start[-1], np.int32)
        _enter(ends, grid, shape, start, segment)
        line = np.ascontiguousarray(line, np.int32)
        return cls(ends=ends, line=line, grid=grid, shape=shape, start=start, segment=segment)

    def nearest(self, x: Any, y: Any) -> tuple[Int32, Floats, Floats]:
        """The nearest segment of each point; of equals the first line, then the first segment.

        Parameters
        ----------
        x, y
            Finite, metres.

        Returns
        -------
        tuple
            Its number (−1 if there are none), the part of it that lies before the point nearest,
            and the metres to there.
        """
        x, y = np.ascontiguousarray(x, np.float64), np.ascontiguousarray(y, np.float64)
        found, share = np.full(len(x), -1, np.int32), np.zeros(len(x))
        metres = np.full(len(x), np.inf)
        if len(self.line):
            squares = (self.grid, self.shape, self.start, self.segment)
            _find(x, y, self.ends, *squares, found, share, metres)
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


@kernel("float64(float64, float64, float64[::1], int64[::1], int64, int64, int64)")
def _beyond(x: float, y: float, grid: Any, shape: Any, column: int, row: int, ring: int) -> float:
    """How far at least whatever lies outside a ring of squares is; infinite if nothing does."""
    west, south, side = grid
    least = np.inf
    if column > ring:
        least = min(least, x - (west + (column - ring) * side))
    if column + ring + 1 < shape[0]:
        least = min(least, west + (column + ring + 1) * side - x)
    if row > ring:
        least = min(least, y - (south + (row - ring) * side))
    if row + ring + 1 < shape[1]:
        least = min(least, south + (row + ring + 1) * side - y)
    return least


@kernel(
    f"void(float64[::1], float64[::1], float64[:, ::1], {_GRID}, "
    "int32[::1], float64[::1], float64[::1])"
)
def _find(
    x: Any,
    y: Any,
    ends: Any,
    grid: Any,
    shape: Any,
    start: Any,
    segment: Any,
    found: Any,
    share: Any,
    metres: Any,
) -> None:
    """Look ring by ring around the square of each point, until what is left is further away."""
    west, south, side = grid
    columns, rows = shape
    for point in range(len(x)):
        middle = min(max(int((x[point] - west) / side), 0), columns - 1)
        middle_row = min(max(int((y[point] - south) / side), 0), rows - 1)
        least, best, ring, beyond = np.inf, -1, 0, 0.0
        while beyond <= 0 or least >= beyond * beyond:
            for row in range(max(middle_row - ring, 0), min(middle_row + ring, rows - 1) + 1):
                step = 1 if ring == 0 or abs(row - middle_row) == ring else 2 * ring
                for column in range(middle - ring, middle + ring + 1, step):
                    if column < 0 or column >= columns:
                        continue
                    square = row * columns + column
                    for entry in range(start[square], start[square + 1]):
                        each = segment[entry]
                        away, part = _away(x[point], y[point], ends[each])
                        if away < least or (away == least and each < best):
                            least, best, share[point] = away, each, part
            beyond = _beyond(x[point], y[point], grid, shape, middle, middle_row, ring)
            ring += 1
            if np.isinf(beyond):
                break
        found[point], metres[point] = best, np.sqrt(least)
