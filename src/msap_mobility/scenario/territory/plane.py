"""Metres round a point: short distances and squares of a few hundred metres."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

__all__ = ["Floats", "Plane"]

Floats = np.ndarray[Any, np.dtype[np.float64]]

_METRES_PER_DEGREE = 111_195.0  # of latitude, on a sphere of radius 6 371 km


@dataclass(frozen=True, slots=True, kw_only=True)
class Plane:
    """A flat map whose origin is a point; within 50 km its distances are right to 1 %.

    Parameters
    ----------
    lon, lat
        The origin, WGS84 degrees.

    Examples
    --------
    >>> plane = Plane(lon=5.27, lat=48.53)
    >>> east, north = plane.metres(np.array([5.27]), np.array([48.54]))
    >>> round(float(east[0])), round(float(north[0]))
    (0, 1112)
    """

    lon: float
    lat: float

    @property
    def _per_lon(self) -> float:
        """Metres per degree of longitude, alike on machines whose last bit of a cosine differs."""
        return _METRES_PER_DEGREE * max(1e-6, round(math.cos(math.radians(self.lat)), 6))

    def metres(self, lon: Any, lat: Any) -> tuple[Floats, Floats]:
        """Metres east and north of the origin."""
        east = (np.asarray(lon, np.float64) - self.lon) * self._per_lon
        return east, (np.asarray(lat, np.float64) - self.lat) * _METRES_PER_DEGREE

    def degrees(self, east_m: Any, north_m: Any) -> tuple[Floats, Floats]:
        """Longitude and latitude, to 5 decimals: about a metre."""
        lon = self.lon + np.asarray(east_m, np.float64) / self._per_lon
        lat = self.lat + np.asarray(north_m, np.float64) / _METRES_PER_DEGREE
        return np.round(lon, 5), np.round(lat, 5)
