"""What a slope does to the speed of those who climb it by their own strength."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

__all__ = ["Climbing", "Hiking", "Pedalling"]

Floats = np.ndarray[Any, np.dtype[np.float64]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hiking:
    """On foot: Tobler's hiking function, for whatever speed one has on the flat.

    Speed is proportional to ``exp(−steepness · |slope − easiest|)``. W. Tobler, *Three
    presentations on geographical analysis and modeling*, NCGIA technical report 93-1, 1993, after
    walking times of E. Imhof's.

    Parameters
    ----------
    steepness
        How soon speed is lost.
    easiest
        The slope at which one is fastest, rise over run.

    Examples
    --------
    >>> Hiking().pace([0, 0.1, -0.05, -0.2]).round(2).tolist()
    [1.0, 1.42, 0.84, 1.42]
    """

    steepness: float = 3.5
    easiest: float = -0.05

    def pace(self, slope: ArrayLike) -> Floats:
        """Time on slopes (rise over run), as a multiple of that on the flat."""
        away = np.abs(np.asarray(slope, np.float64) - self.easiest) - abs(self.easiest)
        pace: Floats = np.exp(self.steepness * away)
        return pace


@dataclass(frozen=True, slots=True, kw_only=True)
class Pedalling:
    """By bicycle: so much slower or faster for each hundredth of slope, and pushing at the least.

    J. Parkin and J. Rotheram, *Design speeds and acceleration characteristics of bicycle traffic*,
    Transport Policy 17 (2010): 6.01 m/s on the flat, 0.4002 m/s less for each per cent uphill,
    0.2379 m/s more for each downhill, measured on everyday cyclists in Leeds; and 35 km/h, for
    which they would have steeper slopes designed, at the most. Here these are shares of whatever
    speed one has on the flat.

    Parameters
    ----------
    lost, gained
        Part of the speed on the flat for a slope of 1, uphill and downhill.
    least, most
        Between which the part of it stays.

    Examples
    --------
    >>> Pedalling(least=0.25).pace([0, 0.05, 0.2, -0.05]).round(2).tolist()
    [1.0, 1.5, 4.0, 0.83]
    """

    lost: float = 40.02 / 6.01
    gained: float = 23.79 / 6.01
    least: float
    most: float = 35 / 3.6 / 6.01

    def pace(self, slope: ArrayLike) -> Floats:
        """Time on slopes (rise over run), as a multiple of that on the flat."""
        rise = np.asarray(slope, np.float64)
        share = 1 - rise * np.where(rise > 0, self.lost, self.gained)
        pace: Floats = 1 / np.clip(share, self.least, self.most)
        return pace


Climbing = Hiking | Pedalling
