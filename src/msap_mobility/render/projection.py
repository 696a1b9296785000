"""From degrees to pixels: true to scale at the middle latitude, north up."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from msap_mobility.errors import BrokenInvariant

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["Projection", "round_length"]

METRES_PER_DEGREE = 111_195.0
"""Of latitude, on a sphere of 6371 km."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Projection:
    """An equirectangular projection around one latitude.

    Over the 60 km of a canton its scale is off by less than 1 % from one edge to the other at
    50° of latitude.

    Parameters
    ----------
    west, north
        Degrees at the upper left corner of the picture.
    middle
        Latitude at which east-west lengths are true.
    scale
        Pixels per metre.
    width, height
        Of the picture, pixels.
    """

    west: float
    north: float
    middle: float
    scale: float
    width: float
    height: float

    @classmethod
    def fit(
        cls,
        positions: Iterable[tuple[float, float]],
        *,
        width: float,
        margin: float,
        least_height: float,
        most_height: float,
    ) -> Projection:
        """The projection that shows all positions, `margin` pixels from every edge.

        Examples
        --------
        >>> square = [(1.0, 49.0), (1.2, 49.2)]
        >>> sight = Projection.fit(
        ...     square, width=400, margin=20, least_height=100, most_height=500)
        >>> sight.height > sight.width      # a degree of latitude is the longer one
        True
        """
        listed = list(positions)
        if not listed:
            raise BrokenInvariant("a map shows at least one feature")
        west, east = min(lon for lon, _ in listed), max(lon for lon, _ in listed)
        south, north = min(lat for _, lat in listed), max(lat for _, lat in listed)
        middle = (south + north) / 2
        across = max((east - west) * _lon_metres(middle), 1000.0)
        down = max((north - south) * METRES_PER_DEGREE, 1000.0)
        room = width - 2 * margin
        height = min(max(room * down / across + 2 * margin, least_height), most_height)
        scale = min(room / across, (height - 2 * margin) / down)
        return cls(
            west=(west + east) / 2 - width / 2 / scale / _lon_metres(middle),
            north=middle + height / 2 / scale / METRES_PER_DEGREE,
            middle=middle,
            scale=scale,
            width=width,
            height=height,
        )

    def pixel(self, lon: float, lat: float) -> tuple[float, float]:
        """Where a point falls, in pixels from the upper left corner."""
        return (
            (lon - self.west) * _lon_metres(self.middle) * self.scale,
            (self.north - lat) * METRES_PER_DEGREE * self.scale,
        )


def _lon_metres(lat: float) -> float:
    return METRES_PER_DEGREE * math.cos(math.radians(lat))


def round_length(most_m: float) -> float:
    """The longest of 1, 2, 5, 10, 20, 50 … metres that is not over `most_m`.

    Examples
    --------
    >>> round_length(7300)
    5000.0
    """
    power = 10.0 ** math.floor(math.log10(most_m))  # may be rounded up just below a power of ten
    return max(step * power for step in (0.5, 1.0, 2.0, 5.0) if step * power <= most_m)
