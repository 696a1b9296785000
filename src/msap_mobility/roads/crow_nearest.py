"""The nearest places as the crow flies, by a tree rather than a table of all distances."""

from __future__ import annotations

from typing import Any

import numpy as np

from msap_mobility.model import Points
from msap_mobility.roads.crow import crow_between_m, crow_m, row_slices

__all__ = ["nearest_by_crow"]

_MORE = 3
"""Places asked of the tree beyond those wanted, for equals to be told apart."""

_EQUAL = 1e-13
"""Chords of the unit sphere that differ by less (0.6 µm) may be equal: the tree cannot tell."""

_AT_ONCE = 1_000_000
"""Places found by the tree, in flight."""

Rows = np.ndarray[tuple[int, int], np.dtype[np.int32]]
Metres = np.ndarray[tuple[int, int], np.dtype[np.float64]]


def nearest_by_crow(origins: Points, places: Points, k: int) -> tuple[Rows, Metres]:
    """The k places nearest to each origin by `crow_m`, nearest first, of equals the first.

    Parameters
    ----------
    origins, places
        WGS84 degrees.
    k
        How many, at least 1.

    Returns
    -------
    tuple
        Row of the place, int32, −1 where there is no further one; metres, float64, infinite there.
        Both (origins, k).

    Examples
    --------
    >>> here, there = Points(np.zeros(1), np.zeros(1)), Points(np.array([3.0, 1, 2]), np.zeros(3))
    >>> nearest_by_crow(here, there, 2)[0].tolist()
    [[1, 2]]
    """
    place = np.full((len(origins), k), -1, np.int32)
    metres = np.full((len(origins), k), np.inf)
    found = min(k, len(places))
    if not found or not len(origins):
        return place, metres
    from scipy.spatial import cKDTree  # noqa: PLC0415 - heavy

    tree = cKDTree(_on_sphere(places))
    asked = min(found + _MORE, len(places))
    for rows in row_slices(len(origins), asked, cells=_AT_ONCE):
        here = _some(origins, rows)
        chord, candidate = tree.query(_on_sphere(here), k=np.arange(1, asked + 1))
        place[rows, :found], metres[rows, :found] = _best(here, places, candidate, found)
        if asked < len(places):  # as many equals as that: there may be more
            sorted_chord = np.asarray(chord)
            spread = sorted_chord[:, -1] - sorted_chord[:, found - 1]
            doubtful = np.flatnonzero(spread <= _EQUAL)
            anew = _of_all(_some(here, doubtful), places, found)
            place[rows.start + doubtful, :found], metres[rows.start + doubtful, :found] = anew
    return place, metres


def _of_all(origins: Points, places: Points, found: int) -> tuple[Any, Any]:
    """The same by all distances."""
    place, metres = np.empty((len(origins), found), np.int32), np.empty((len(origins), found))
    for rows in row_slices(len(origins), len(places)):
        crow = crow_m(_some(origins, rows), places)
        place[rows] = np.argsort(crow, axis=1, kind="stable")[:, :found]
        metres[rows] = np.take_along_axis(crow, place[rows], axis=1)
    return place, metres


def _best(origins: Points, places: Points, candidate: Any, found: int) -> tuple[Any, Any]:
    """Of candidates of each origin, the nearest."""
    candidate = np.sort(candidate, axis=1)
    each = _some(origins, np.repeat(np.arange(len(origins)), candidate.shape[1]))
    metres = crow_between_m(each, _some(places, candidate.ravel())).reshape(candidate.shape)
    order = np.argsort(metres, axis=1, kind="stable")[:, :found]
    return np.take_along_axis(candidate, order, axis=1), np.take_along_axis(metres, order, axis=1)


def _on_sphere(points: Points) -> Any:
    """Points on the unit sphere: chords are as distances are."""
    lon, lat = np.radians(points.lon), np.radians(points.lat)
    return np.column_stack((np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)))


def _some(points: Points, rows: Any) -> Points:
    return Points(points.lon[rows], points.lat[rows])
