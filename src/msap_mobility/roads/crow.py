"""Distances as the crow flies, and the slices in which big tables are filled."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from msap_mobility.model import Points

__all__ = ["crow_between_m", "crow_m", "row_slices"]

EARTH_RADIUS_M = 6_371_008.8
"""Mean radius of the WGS84 ellipsoid, (2a + b) / 3."""

_CELLS_AT_ONCE = 2_000_000  # 16 MB per float64 array in flight

MetresArray = np.ndarray[tuple[int, int], np.dtype[np.float64]]
LineArray = np.ndarray[tuple[int], np.dtype[np.float64]]


def crow_m(origins: Points, destinations: Points) -> MetresArray:
    """Great-circle distances by the haversine formula.

    Parameters
    ----------
    origins, destinations
        WGS84 degrees.

    Returns
    -------
    ndarray
        float64 metres, shape (origins, destinations). Against the geodesic of WGS84 (pyproj), on
        200,000 pairs within 60 km: at most 0.32 % off in metropolitan France, 0.57 % anywhere.

    Examples
    --------
    >>> from msap_mobility.model import Points
    >>> paris = Points(np.array([2.3522]), np.array([48.8566]))
    >>> rouen = Points(np.array([1.0993]), np.array([49.4431]))
    >>> int(crow_m(paris, rouen)[0, 0])
    112054
    """
    here = (np.radians(origins.lon)[:, None], np.radians(origins.lat)[:, None])
    there = (np.radians(destinations.lon)[None, :], np.radians(destinations.lat)[None, :])
    distances: MetresArray = _haversine_m(here, there)
    return distances


def crow_between_m(origins: Points, destinations: Points) -> LineArray:
    """Great-circle distances of pairs: of each origin to the destination of the same row.

    Parameters
    ----------
    origins, destinations
        WGS84 degrees, of one length.

    Returns
    -------
    ndarray
        float64 metres, as precise as those of `crow_m`.

    Examples
    --------
    >>> from msap_mobility.model import Points
    >>> paris = Points(np.array([2.3522]), np.array([48.8566]))
    >>> rouen = Points(np.array([1.0993]), np.array([49.4431]))
    >>> int(crow_between_m(paris, rouen)[0])
    112054
    """
    here = (np.radians(origins.lon), np.radians(origins.lat))
    there = (np.radians(destinations.lon), np.radians(destinations.lat))
    distances: LineArray = _haversine_m(here, there)
    return distances


def _haversine_m(here: tuple[Any, Any], there: tuple[Any, Any]) -> Any:
    """Between longitudes and latitudes, radians."""
    (lon_a, lat_a), (lon_b, lat_b) = here, there
    haversine = (
        np.sin((lat_b - lat_a) / 2) ** 2
        + np.cos(lat_a) * np.cos(lat_b) * np.sin((lon_b - lon_a) / 2) ** 2
    )
    return 2 * EARTH_RADIUS_M * np.arcsin(np.sqrt(np.minimum(haversine, 1)))


def row_slices(rows: int, columns: int, *, cells: int = _CELLS_AT_ONCE) -> Iterator[slice]:
    """Slices that cover `rows` rows of a table, none holding many more than `cells` cells.

    Examples
    --------
    >>> list(row_slices(5, 10, cells=20))
    [slice(0, 2, None), slice(2, 4, None), slice(4, 5, None)]
    """
    step = max(1, cells // max(1, columns))
    for start in range(0, rows, step):
        yield slice(start, min(rows, start + step))
