"""What it takes more to go from one place to another by way of a third."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from msap_mobility.model import Points, Reached, TimesTable
from msap_mobility.roads.asked import check_one_each

if TYPE_CHECKING:
    from msap_mobility.model import TravelTimes

__all__ = ["detours", "paired"]

_PAIRS_AT_ONCE = 200
"""Rows of a square table of which only the diagonal is wanted."""


def detours(times: TravelTimes, a: Points, via: Points, b: Points) -> TimesTable:
    """Extra seconds and metres of each way (a row) by each place between (a column).

    Parameters
    ----------
    times
        By any engine.
    a, b
        Ends of the ways, of one length.
    via
        The places between.
    """
    plain = paired(times, a, b)
    out, home = times.table(a, via), times.table(via, b)
    with np.errstate(invalid="ignore"):  # of ways that there are not
        seconds = out.seconds + home.seconds.T - plain.seconds[:, None]
        metres = out.metres + home.metres.T - plain.metres[:, None]
    direct: Any = np.broadcast_to(plain.status[:, None], seconds.shape)
    status = np.where(direct == Reached.OK, out.status, direct)
    status = np.where(status == Reached.OK, home.status.T, status)
    is_there = status == Reached.OK
    return TimesTable(
        seconds=np.where(is_there, np.maximum(seconds, 0), np.float32(np.inf)),
        metres=np.where(is_there, metres, np.float32(np.inf)),
        status=status.astype(np.uint8),
    )


class Pairs:
    """Seconds, metres and status of some pairs."""

    def __init__(self, count: int) -> None:
        self.seconds = np.empty(count, np.float32)
        self.metres = np.empty(count, np.float32)
        self.status = np.empty(count, np.uint8)


def paired(times: TravelTimes, a: Points, b: Points) -> Pairs:
    """From each `a` to its own `b`: seconds, metres and status, per row."""
    check_one_each(origins=len(a), destinations=len(b))
    found = Pairs(len(a))
    for first in range(0, len(a), _PAIRS_AT_ONCE):
        some = slice(first, first + _PAIRS_AT_ONCE)
        table = times.table(Points(a.lon[some], a.lat[some]), Points(b.lon[some], b.lat[some]))
        found.seconds[some] = table.seconds.diagonal()
        found.metres[some] = table.metres.diagonal()
        found.status[some] = table.status.diagonal()
    return found
