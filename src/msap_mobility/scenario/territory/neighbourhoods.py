"""Homes told together, so that none stands where it really is.

The rule. Squares of 200 m with at least eleven households stand for themselves, and homes within
300 m of the middle of one join it. What is left is looked at in squares of 400 m, then of 800 m,
then of 1,600 m; there it stays, few or not. So a lonely farm is told with others of its
surroundings and is never counted into a village. A neighbourhood stands at the mean of its
households, rounded to 50 m; one of fewer than eleven in the middle of a square of 400 m.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Container

    from msap_mobility.scenario.territory.dwellings import Dwellings
    from msap_mobility.scenario.territory.plane import Floats, Plane

__all__ = ["FEWEST", "Ints", "Neighbourhoods", "neighbourhoods"]

FEWEST = 11
"""Households that may be told together: INSEE's own threshold for its gridded data."""

SIDES_M = (200.0, 400.0, 800.0, 1600.0)
JOINED_M = 300.0
_ROUND_M = 50.0
_ROUND_FEW_M = 400.0
_ASIDE_M = 23.0

Ints = np.ndarray[tuple[int], np.dtype[np.int64]]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Neighbourhoods:
    """Households told together.

    Parameters
    ----------
    lon, lat
        WGS84 degrees.
    east_m, north_m
        The same, from the maison.
    households
        int64, of each.
    moved_m
        Of each household, how far its real place is from where it is told.
    """

    lon: Floats
    lat: Floats
    east_m: Floats
    north_m: Floats
    households: Ints
    moved_m: Floats

    def __len__(self) -> int:
        return len(self.households)

    @property
    def few(self) -> int:
        """How many hold fewer households than `FEWEST`."""
        return int((self.households < FEWEST).sum())


def neighbourhoods(
    homes: Dwellings, plane: Plane, taken: Container[tuple[float, float]] = ()
) -> Neighbourhoods:
    """The homes by neighbourhood, from south to north and west to east.

    Parameters
    ----------
    homes, plane
        Where they are.
    taken
        Degrees, to 5 decimals, at which no neighbourhood may stand: those of real things.

    Examples
    --------
    >>> from msap_mobility.scenario.territory.dwellings import Dwellings
    >>> from msap_mobility.scenario.territory.plane import Plane
    >>> homes = Dwellings(east_m=np.array([10.0, 30.0, 700.0]),
    ...                   north_m=np.array([20.0, 40.0, 60.0]), households=np.array([6, 6, 1]),
    ...                   buildings=3, with_address=0, without_address=3, outbuildings=0)
    >>> told = neighbourhoods(homes, Plane(lon=5.27, lat=48.53))
    >>> told.households.tolist(), told.east_m.tolist(), told.few
    ([12, 1], [0.0, 600.0], 1)
    """
    member = _members(homes)
    count = int(member.max(initial=-1)) + 1
    households = np.bincount(member, homes.households, count).astype(np.int64)
    east_m, north_m = (
        _placed(np.bincount(member, homes.households * each, count) / households, households)
        for each in (homes.east_m, homes.north_m)
    )
    lon, lat = _aside(plane, east_m, north_m, taken)
    moved = np.hypot(homes.east_m - east_m[member], homes.north_m - north_m[member])
    order = np.lexsort((east_m, north_m))
    return Neighbourhoods(
        lon=lon[order],
        lat=lat[order],
        east_m=east_m[order],
        north_m=north_m[order],
        households=households[order],
        moved_m=np.repeat(moved, homes.households),
    )


def _members(homes: Dwellings) -> Ints:
    """Number of the neighbourhood of each home."""
    member = np.full(len(homes), -1, np.int64)
    for side in SIDES_M:
        left = np.flatnonzero(member < 0)
        member[left] = _in_squares(homes, left, side, first=int(member.max(initial=-1)) + 1)
        if side == SIDES_M[0]:
            _join(homes, member)
    return member


def _in_squares(homes: Dwellings, left: Ints, side: float, *, first: int) -> Ints:
    """Numbers from `first` for the homes left whose square stands for itself; -1 for the others.

    The maison lies in the middle of a square, for it lies in the middle of a village.
    """
    squares = np.stack(
        [np.floor(each[left] / side + 0.5) for each in (homes.north_m, homes.east_m)]
    )
    _, part = np.unique(squares, axis=1, return_inverse=True)
    part = part.reshape(-1)
    sums = np.bincount(part, homes.households[left])
    whole = (sums >= FEWEST) | (side == SIDES_M[-1])
    numbers: Ints = np.where(whole, first + np.cumsum(whole) - 1, -1)[part]
    return numbers


def _join(homes: Dwellings, member: Ints) -> None:
    """Give the homes left the number of the nearest neighbourhood there is, if it is near."""
    from scipy.spatial import cKDTree  # noqa: PLC0415 - heavy

    left, settled = np.flatnonzero(member < 0), np.flatnonzero(member >= 0)
    if not len(left) or not len(settled):
        return
    sums = np.bincount(member[settled], homes.households[settled])
    middle = [
        np.bincount(member[settled], (homes.households * each)[settled]) / sums
        for each in (homes.east_m, homes.north_m)
    ]
    here = np.column_stack((homes.east_m[left], homes.north_m[left]))
    apart, nearest = cKDTree(np.column_stack(middle)).query(here)
    near = np.asarray(apart) <= JOINED_M
    member[left[near]] = np.asarray(nearest)[near]


def _placed(mean_m: Floats, households: Ints) -> Floats:
    coarse: Floats = np.where(
        households >= FEWEST,
        np.round(mean_m / _ROUND_M) * _ROUND_M,
        (np.floor(mean_m / _ROUND_FEW_M) + 0.5) * _ROUND_FEW_M,
    )
    return coarse


def _aside(
    plane: Plane, east_m: Floats, north_m: Floats, taken: Container[tuple[float, float]]
) -> tuple[Floats, Floats]:
    """Degrees; a point that happens to be one of those taken is moved a little to the east."""
    east = east_m.copy()
    while True:
        lon, lat = plane.degrees(east, north_m)
        points = zip(lon.tolist(), lat.tolist(), strict=True)
        hit = np.array([point in taken for point in points], np.bool_)
        if not hit.any():
            return lon, lat
        east[hit] += _ASIDE_M
