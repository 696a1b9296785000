"""TSPLIB's distances between coordinates (Reinelt 1991, doi 10.1287/ijoc.3.4.376)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from benchmarks.routing.ground import euclid

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from benchmarks.routing.text import Sections

__all__ = ["lengths_of", "nearest"]

_PI, _RADIUS_KM = 3.141592, 6378.388


def lengths_of(read: Sections, places: NDArray[np.float64]) -> NDArray[np.float64]:
    """float64 (P, P), whole, by the file's EDGE_WEIGHT_TYPE.

    Raises
    ------
    Malformed
        The type is none of those that follow from coordinates.
    """
    kind = read.text("EDGE_WEIGHT_TYPE", "EUC_2D")
    if kind not in _KINDS:
        raise read.headers["EDGE_WEIGHT_TYPE"].bad(f"only {', '.join(_KINDS)} are read here")
    return _KINDS[kind](places)


def nearest(places: NDArray[np.float64]) -> NDArray[np.float64]:
    """EUC_2D: to the nearest whole number."""
    return np.floor(euclid(places) + 0.5)


def _up(places: NDArray[np.float64]) -> NDArray[np.float64]:
    """To the next whole number."""
    return np.ceil(euclid(places))


def _pseudo_euclidean(places: NDArray[np.float64]) -> NDArray[np.float64]:
    """Of the capitals of the United States: shortened by the root of ten, never below that."""
    short = euclid(places) / np.sqrt(10.0)
    near = np.floor(short + 0.5)
    return np.asarray(np.where(near < short, near + 1.0, near))


def _geographical(places: NDArray[np.float64]) -> NDArray[np.float64]:
    """Kilometres on a sphere; coordinates are degrees and minutes as DDD.MM."""
    degrees = np.trunc(places)
    radians = _PI * (degrees + 5.0 * (places - degrees) / 3.0) / 180.0
    north, east = radians[:, 0], radians[:, 1]
    q1 = np.cos(east[:, None] - east[None, :])
    q2 = np.cos(north[:, None] - north[None, :])
    q3 = np.cos(north[:, None] + north[None, :])
    angle = np.arccos(np.clip(0.5 * ((1.0 + q1) * q2 - (1.0 - q1) * q3), -1.0, 1.0))
    found = np.trunc(_RADIUS_KM * angle + 1.0)
    np.fill_diagonal(found, 0.0)
    return found


_KINDS: dict[str, Callable[[NDArray[np.float64]], NDArray[np.float64]]] = {
    "EUC_2D": nearest,
    "CEIL_2D": _up,
    "ATT": _pseudo_euclidean,
    "GEO": _geographical,
}
