"""Fewer and fewer plans: by the number of routes, then by who is visited."""

from __future__ import annotations

from math import ceil, floor
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from msap_mobility.optimise.routing.proof.ground import Ground

__all__ = ["branches"]

_WHOLE = 1e-4


def branches(ground: Ground, routes: float, often: NDArray[np.float64]) -> list[Ground]:
    """Two grounds with all whole plans of one and without its fractional one; none if it is whole.

    Parameters
    ----------
    ground
        To be parted.
    routes
        How many the linear program takes.
    often
        float64 (N,): how often it visits each stop.
    """
    least, most = ground.routes
    if abs(routes - round(routes)) > _WHOLE:
        return [ground.with_routes(ceil(routes), most), ground.with_routes(least, floor(routes))]
    part = abs(often - np.rint(often))
    if len(part) == 0 or part.max() <= _WHOLE:
        return []
    stop = int(part.argmax())
    return [ground.with_stop(stop), ground.without_stop(stop)]
