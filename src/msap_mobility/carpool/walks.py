"""Where a rider may be met: at the door, or at a meeting point within walking distance."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from msap_mobility.model import Points

if TYPE_CHECKING:
    from collections.abc import Sequence

    from msap_mobility.carpool.ways import Ways
    from msap_mobility.model import Place, TimesTable, TravelTimes

__all__ = ["Met", "Walks"]


class Met(NamedTuple):
    """A place where somebody is met: its number, and the walk there."""

    place: int
    seconds: int
    metres: int


class Walks:
    """Walks from doors to meeting points; a walk back is as long.

    Parameters
    ----------
    ways
        Gives the places their numbers.
    doors
        Places that people walk from, in any order.
    points
        The meeting points.
    times
        Of people on foot; None = nobody walks.
    """

    def __init__(
        self,
        ways: Ways,
        doors: Sequence[Place],
        points: Sequence[Place],
        times: TravelTimes | None,
    ) -> None:
        self._ways = ways
        self._points = ways.numbers(points).tolist()
        first = {ways.number(door): door for door in doors}
        self._row = {number: row for row, number in enumerate(first)}
        self._table: TimesTable | None = None
        if times is not None and first and points:
            self._table = times.table(Points.of(first.values()), Points.of(points))

    def points_near(self, place: Place, limit_m: int) -> list[Met]:
        """The door itself, then the meeting points within `limit_m`, nearest first.

        Seconds and metres are rounded up.
        """
        door = self._ways.number(place)
        met = [Met(door, 0, 0)]
        if limit_m == 0 or self._table is None:
            return met
        seconds = self._table.seconds[self._row[door]]
        metres = np.ceil(
            np.where(np.isfinite(seconds), self._table.metres[self._row[door]], np.inf)
        )
        near = sorted(
            Met(self._points[column], math.ceil(seconds[column]), int(metres[column]))
            for column in np.flatnonzero(metres <= limit_m).tolist()
            if self._points[column] != door
        )
        return met + sorted(near, key=lambda walk: (walk.metres, walk.place))
