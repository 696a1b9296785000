"""How far apart any two moments must be, kept complete while rows are added."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from msap_mobility.optimise.routing.timing.nodes import CLOCK

if TYPE_CHECKING:
    from msap_mobility.optimise.arrays import Int64

__all__ = ["Bounds"]


class Bounds:
    """The longest way between any two moments in the graph of differences.

    Parameters
    ----------
    moments
        How many there are, the zero of the clock first.
    horizon
        Seconds: all lie between 0 and this.

    Examples
    --------
    >>> bounds = Bounds(3, 100)
    >>> bounds.require(0, 1, 10), bounds.require(1, 2, 30), bounds.require(2, 1, -20)
    (True, True, False)
    >>> bounds.apart[0].tolist()
    [0, 10, 40]
    """

    __slots__ = ("apart",)

    apart: Int64
    """int64 (M, M): the least that ``time[column] − time[row]`` may be."""

    def __init__(self, moments: int, horizon: int) -> None:
        self.apart = np.full((moments, moments), -horizon, dtype=np.int64)
        self.apart[CLOCK] = 0
        np.fill_diagonal(self.apart, 0)

    def require(self, first: int, second: int, apart: int) -> bool:
        """The second comes at least so long after the first; whether that is possible."""
        ways = self.apart
        if apart <= ways[first, second]:
            return True
        if apart + ways[second, first] > 0:
            return False
        np.maximum(ways, ways[:, first, None] + (ways[second] + apart), out=ways)
        return True

    def copy(self) -> Bounds:
        """The same, to be changed apart."""
        other = Bounds.__new__(Bounds)
        other.apart = self.apart.copy()
        return other
