"""Homes coarsened to grid cells, for maps.

The squares are those of the European grid ETRS89-LAEA (EPSG:3035) of INSPIRE, on which INSEE
publishes: 1 km where enough households live, and 2, 4 or 8 km where fewer do. Nothing is dropped
while it can be merged.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from msap_mobility.coverage.disclosure import THRESHOLD, is_safe, joint_classes, merge, tally

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pyproj import Transformer

    from msap_mobility.coverage.disclosure import HomeMask
    from msap_mobility.model import Homes
    from msap_mobility.model.home import FloatArray
    from msap_mobility.model.opening import SecondArray

__all__ = ["Cell", "Cells", "coarsen"]

_GRID = "EPSG:3035"
_SIDES_M = (8000, 4000, 2000, 1000)
_ROUND_PEOPLE = 10

Ring = tuple[tuple[float, float], ...]
Square = tuple[int, int, int]
"""South and west edge and side, metres on the grid."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One or several grid squares told together.

    Parameters
    ----------
    id
        Name of the first square in the European grid (``CRS3035RES1000mN2980000E3760000``).
    rings
        A closed ring of (lon, lat) for each square.
    people
        Persons, rounded to the next ten: a map needs no more, and exact counts could be subtracted
        from those of a commune.
    shares
        For each asked value, the share of people for whom it is true, rounded to a tenth; None
        where it would tell of a few households.
    """

    id: str
    rings: tuple[Ring, ...]
    people: int
    shares: Mapping[str, float | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cells:
    """The map of some homes.

    Parameters
    ----------
    cells
        From south to north and west to east.
    people_not_drawn
        Persons, rounded to the next ten, if all homes together are too few to be drawn.
    """

    cells: tuple[Cell, ...]
    people_not_drawn: int


def coarsen(
    homes: Homes,
    *,
    threshold: int = THRESHOLD,
    values: Mapping[str, HomeMask] | None = None,
) -> Cells:
    """Homes as grid cells of at least `threshold` households each.

    A square of 8 km is split into its quarters, and these again down to 1 km, as far as each class
    of households of each part is empty or above the threshold. Parts that fail are told together
    with the smallest part beside them that mends them (`disclosure.merge`), so that no
    subtraction of cells gives them away. Where even all homes together fail with their values,
    the values are withheld. Outside Europe the squares are distorted, and still squares of a grid.

    Parameters
    ----------
    homes
        Rows without people are left out.
    threshold
        Fewest households of a cell, and of each class of its `values`.
    values
        By name, a truth per home ("before" and "after", say, of being reached). They are merged
        by their joint classes: the difference of two tells no more than each.

    Examples
    --------
    >>> import numpy as np
    >>> from msap_mobility.model import Group, Home, Homes, Limit
    >>> group = Group(id="all", age="65_plus", car=False, alone=True,
    ...               limits=(Limit(mode="walk", max_m=800),))
    >>> homes = Homes.of([Home(id=f"h{n}", lon=1.24, lat=49.72, people=2, group="all")
    ...                   for n in range(30)], groups=(group,))
    >>> (cell,) = coarsen(homes, values={"reached": np.arange(30) < 12}).cells
    >>> cell.id, cell.people, cell.shares
    ('CRS3035RES1000mN2994000E3690000', 60, {'reached': 0.4})
    """
    values = values or {}
    rows = np.flatnonzero(homes.people > 0)
    households = np.unique(homes.ids, return_inverse=True)[1]
    classes = joint_classes(np.zeros(len(homes), np.bool_), *values.values())
    told = is_safe(tally(households[rows], 0 * rows, classes[rows], parts=1)[0], threshold)
    grid = _Grid(
        *_metres(homes), households, classes if told else np.zeros_like(classes), threshold
    )
    drawn = sorted(_squares(grid, rows, 0), key=lambda entry: entry[0][0])
    return Cells(
        cells=tuple(
            Cell(
                id="CRS3035RES{2}mN{0}E{1}".format(*squares[0]),
                rings=tuple(_ring(square) for square in squares),
                people=_rounded(homes.people[members].sum()),
                shares={
                    name: _share(homes, members, truth) if told else None
                    for name, truth in values.items()
                },
            )
            for squares, members in drawn
        ),
        people_not_drawn=0 if drawn else _rounded(homes.people.sum()),
    )


class _Grid(NamedTuple):
    """Where each home lies on the grid, its household and its class."""

    east_m: FloatArray
    north_m: FloatArray
    households: SecondArray
    classes: SecondArray
    threshold: int


@cache
def _projection() -> Transformer:
    """From degrees to metres on the grid."""
    from pyproj import Transformer  # noqa: PLC0415 - heavy, and only maps need it

    return Transformer.from_crs("EPSG:4326", _GRID, always_xy=True)


def _metres(homes: Homes) -> tuple[FloatArray, FloatArray]:
    east_m, north_m = _projection().transform(homes.lon, homes.lat)
    return east_m, north_m


def _squares(
    grid: _Grid, rows: SecondArray, level: int
) -> Iterator[tuple[tuple[Square, ...], SecondArray]]:
    """Squares told together and the homes in them, as fine as the threshold lets them be."""
    side = _SIDES_M[level]
    corners = np.stack([grid.north_m[rows] // side, grid.east_m[rows] // side]).astype(np.int64)
    found, part = np.unique(corners, axis=1, return_inverse=True)
    part = part.reshape(-1)
    homes = tally(grid.households[rows], part, grid.classes[rows], parts=found.shape[1])
    for block in merge(homes, threshold=grid.threshold):
        squares = tuple((int(n) * side, int(e) * side, side) for n, e in found[:, list(block)].T)
        inside = rows[np.isin(part, block)]
        if len(squares) > 1 or side == _SIDES_M[-1]:
            yield squares, inside
            continue
        quarters = list(_squares(grid, inside, level + 1))
        divided = len(quarters) > 1 or len(quarters[0][0]) == 1
        yield from quarters if divided else [(squares, inside)]


def _ring(square: Square) -> Ring:
    south, west, side = square
    east = [west, west + side, west + side, west, west]
    north = [south, south, south + side, south + side, south]
    lon, lat = _projection().transform(east, north, direction="INVERSE")
    return tuple((round(x, 6), round(y, 6)) for x, y in zip(lon, lat, strict=True))


def _share(homes: Homes, members: SecondArray, truth: HomeMask) -> float:
    people = homes.people[members]
    return round(float(people[truth[members]].sum() / people.sum()), 1)


def _rounded(people: float) -> int:
    return round(people / _ROUND_PEOPLE) * _ROUND_PEOPLE
