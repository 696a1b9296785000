"""Outlines of where a field on a grid is low: each square's piece of them, chained into rings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from shapely import MultiPolygon

__all__ = ["low_areas"]

Floats2 = np.ndarray[tuple[int, int], np.dtype[np.floating[Any]]]
Floats = np.ndarray[Any, np.dtype[np.float64]]
Ids = np.ndarray[Any, np.dtype[np.int64]]

_OFF_CORNER = 1e-3
"""Outlines keep so much of a side away from its ends: rings never touch."""


def low_areas(
    value: Floats2, limit: float, *, west: float = 0, south: float = 0, side: float = 1
) -> MultiPolygon:
    """Where a field is at most `limit`.

    Parameters
    ----------
    value
        (rows, columns), at points `side` apart, the first in the south-west. May be infinite: the
        outline then runs half way. Around the grid nothing is low.
    limit
        What counts as low.
    west, south, side
        Where the points lie.

    Returns
    -------
    MultiPolygon
        Valid; empty where nothing is low. Straight between the points where the sides of squares
        cross the limit; two low corners that face one another are not joined.

    Examples
    --------
    >>> bowl = np.array([[9.0, 2, 9], [2, 0, 2], [9, 2, 9]])
    >>> low_areas(bowl, 1.0).area
    0.5
    """
    import shapely  # noqa: PLC0415 - heavy

    field = np.pad(np.asarray(value, np.float64), 1, constant_values=np.inf)
    sides, following = _pieces(field <= limit)
    x, y = _crossings(field, limit, sides)
    x, y = west + side * (x - 1), south + side * (y - 1)
    rings = [np.column_stack((x[ring], y[ring])) for ring in _cycles(following)]
    shapes: Any = np.array([shapely.Polygon(ring) for ring in rings], object)
    shells = np.array([_winds_left(ring) for ring in rings], np.bool_)
    return shapely.MultiPolygon(_with_holes(shapes[shells], shapes[~shells]))


def _pieces(low: np.ndarray[Any, np.dtype[np.bool_]]) -> tuple[Ids, Ids]:
    """Sides of squares that are crossed, and for each which one the outline goes on to.

    Low ground is on the left. Sides are numbered by the point they begin at, twice, and one more if
    they go north.
    """
    columns = low.shape[1]
    corners = [low[:-1, :-1], low[:-1, 1:], low[1:, 1:], low[1:, :-1]]  # counterclockwise
    square = np.arange(low.size).reshape(low.shape)[:-1, :-1]
    ids = [2 * square, 2 * (square + 1) + 1, 2 * (square + columns), 2 * square + 1]
    leaves = [corners[i] & ~corners[(i + 1) % 4] for i in range(4)]
    enters = [~corners[i] & corners[(i + 1) % 4] for i in range(4)]
    begins, ends = [], []
    for i in range(4):
        # Low corners that face one another are left apart: back by the side before, if one can
        for back in (1, 2, 3):
            here = leaves[i] & enters[i - back]
            for nearer in range(1, back):
                here &= ~enters[i - nearer]
            begins.append(ids[i][here])
            ends.append(ids[i - back][here])
    begin, end = np.concatenate(begins), np.concatenate(ends)
    order = np.argsort(begin)
    sides = begin[order]
    return sides, np.searchsorted(sides, end[order])


def _crossings(field: Floats2, limit: float, sides: Ids) -> tuple[Floats, Floats]:
    """Column and row where each side is crossed."""
    columns = field.shape[1]
    point, north = sides >> 1, (sides & 1).astype(np.bool_)
    values = field.ravel()
    here, there = values[point], values[point + np.where(north, columns, 1)]
    known = np.isfinite(here) & np.isfinite(there)
    share = np.full(len(sides), 0.5)
    np.divide(limit - here, there - here, out=share, where=known)
    share = np.clip(share, _OFF_CORNER, 1 - _OFF_CORNER)
    row, column = np.divmod(point, columns)
    return column + np.where(north, 0.0, share), row + np.where(north, share, 0.0)


def _cycles(following: Ids) -> list[list[int]]:
    """The rings that a permutation runs through."""
    onward = following.tolist()
    rings = []
    for first in range(len(onward)):
        ring = []
        at = first
        while onward[at] >= 0:
            ring.append(at)
            onward[at], at = -1, onward[at]
        if ring:
            rings.append(ring)
    return rings


def _winds_left(ring: Floats) -> bool:
    x, y = (ring - ring[0]).T
    return bool(np.sum(x * np.roll(y, -1) - np.roll(x, -1) * y) > 0)


def _with_holes(shells: Any, holes: Any) -> list[Any]:
    """Polygons of shells and, for each hole, the smallest shell around it."""
    import shapely  # noqa: PLC0415 - heavy

    inside: list[list[Any]] = [[] for _ in shells]
    dots = shapely.points(np.array([hole.exterior.coords[0] for hole in holes]).reshape(-1, 2))
    hole, shell = shapely.STRtree(shells).query(dots, predicate="within")
    order = np.lexsort((-shapely.area(shells)[shell], hole))
    for one, around in dict(zip(hole[order].tolist(), shell[order].tolist(), strict=True)).items():
        inside[around].append(holes[one].exterior)
    return [shapely.Polygon(one.exterior, more) for one, more in zip(shells, inside, strict=True)]
