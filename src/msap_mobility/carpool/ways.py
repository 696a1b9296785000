"""The way between places in whole seconds and metres: rounded up once, here."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from msap_mobility.model import Points

if TYPE_CHECKING:
    from collections.abc import Iterable, MutableMapping

    from msap_mobility.model import Place, TimesTable, TravelTimes

__all__ = ["DENSE", "NEVER", "Int64", "Ways", "vectors"]

Int64 = NDArray[np.int64]

NEVER = 1 << 30
"""Seconds or metres where there is no way: beyond every trip, safe to add up in int64."""

DENSE = 4_000
"""Places up to which the whole table is held: 128 MB as int32, with both lengths."""

_CELLS_AT_ONCE = 8_000_000
_LEAST_RADIUS_M = 6_335_000.0  # smallest radius of curvature of WGS84, rounded down


class Ways:
    """Places, each once, and the way from any to any other.

    Up to 4,000 distinct places one table is asked for and kept. Beyond, the pairs asked for are
    looked up in blocks of origins, and nothing is kept.

    Parameters
    ----------
    places
        In any order; two at the same point are one.
    times
        Of the car.

    Examples
    --------
    >>> from msap_mobility.model import Place
    >>> from msap_mobility.roads import CalibratedTimes
    >>> ayen = Place(id="ayen", name="Ayen", lon=1.324, lat=45.254)
    >>> objat = Place(id="objat", name="Objat", lon=1.41, lat=45.263)
    >>> ways = Ways([ayen, objat, ayen], CalibratedTimes(mode="car"))
    >>> seconds, metres = ways.between(np.array([0, 0]), np.array([1, 0]))
    >>> seconds.tolist(), metres.tolist()
    ([863, 0], [9528, 0])
    """

    def __init__(self, places: Iterable[Place], times: TravelTimes, *, dense: int = DENSE) -> None:
        number: dict[tuple[float, float], int] = {}
        first: list[Place] = []
        for place in places:
            if (place.lon, place.lat) not in number:
                number[place.lon, place.lat] = len(first)
                first.append(place)
        self._number: MutableMapping[tuple[float, float], int] = number
        self.times = times
        self.places: tuple[Place, ...] = tuple(first)
        self.points = Points.of(first)
        self._vectors = vectors(self.points)
        self._table: tuple[NDArray[np.int32], NDArray[np.int32]] | None = None
        if len(first) <= dense:
            seconds, metres = _whole(times.table(self.points, self.points))
            np.fill_diagonal(seconds, 0)
            np.fill_diagonal(metres, 0)
            self._table = seconds, metres

    def __len__(self) -> int:
        return len(self.places)

    @property
    def dense(self) -> bool:
        """Whether all ways are at hand."""
        return self._table is not None

    def number(self, place: Place) -> int:
        """Number of a place."""
        return self._number[place.lon, place.lat]

    def find(self, lon: float, lat: float) -> int:
        """Number of the place at a point; −1 if there is none."""
        return self._number.get((lon, lat), -1)

    def numbers(self, places: Iterable[Place]) -> Int64:
        """Numbers of some places."""
        return np.array([self.number(place) for place in places], dtype=np.int64)

    def between(self, origin: Int64, destination: Int64) -> tuple[Int64, Int64]:
        """Seconds and metres from each origin to the destination beside it, `NEVER` if no way.

        Parameters
        ----------
        origin, destination
            Numbers of places, of one length.
        """
        if self._table is not None:
            cell = origin * len(self.places) + destination
            seconds, metres = (table.ravel().take(cell).astype(np.int64) for table in self._table)
            return seconds, metres
        return self._looked_up(origin, destination)

    def among(self, places: Int64) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        """Seconds and metres from each of some places to each of them, `NEVER` if no way.

        Parameters
        ----------
        places
            Numbers, each once.
        """
        if self._table is not None:
            seconds, metres = (table[np.ix_(places, places)] for table in self._table)
            return seconds, metres
        some = self._some(places)
        seconds, metres = _whole(self.times.table(some, some))
        np.fill_diagonal(seconds, 0)
        np.fill_diagonal(metres, 0)
        return seconds, metres

    def least_m(self, origin: Int64, destination: Int64) -> NDArray[np.float64]:
        """Metres that no way can be shorter than: straight through the earth, a little less."""
        apart = self._vectors.take(origin, axis=0) - self._vectors.take(destination, axis=0)
        metres: NDArray[np.float64] = _LEAST_RADIUS_M * np.sqrt((apart * apart).sum(axis=1))
        return metres

    def _looked_up(self, origin: Int64, destination: Int64) -> tuple[Int64, Int64]:
        seconds = np.empty(len(origin), dtype=np.int64)
        metres = np.empty(len(origin), dtype=np.int64)
        order = np.argsort(origin, kind="stable")
        start = 0
        while start < len(order):
            some = order[start : self._block_end(origin[order], start)]
            rows, row = np.unique(origin[some], return_inverse=True)
            columns, column = np.unique(destination[some], return_inverse=True)
            table = _whole(self.times.table(self._some(rows), self._some(columns)))
            seconds[some], metres[some] = (lengths[row, column] for lengths in table)
            start += len(some)
        same = origin == destination
        seconds[same] = 0
        metres[same] = 0
        return seconds, metres

    def _block_end(self, origin: Int64, start: int) -> int:
        """Where a block of whole origins ends whose table is not too big."""
        rows = max(1, _CELLS_AT_ONCE // len(self.places))
        distinct = np.flatnonzero(np.diff(origin[start:])) + 1
        return start + int(distinct[rows - 1]) if len(distinct) >= rows else len(origin)

    def _some(self, numbers: Int64) -> Points:
        return Points(self.points.lon[numbers], self.points.lat[numbers])


def vectors(points: Points) -> NDArray[np.float64]:
    """The points on a sphere of radius one."""
    lon, lat = np.radians(points.lon), np.radians(points.lat)
    return np.stack((np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)), axis=1)


def _whole(table: TimesTable) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    seconds, metres = (
        np.ceil(np.minimum(lengths, NEVER)).astype(np.int32)
        for lengths in (table.seconds, table.metres)
    )
    never = (seconds == NEVER) | (metres == NEVER)
    seconds[never] = NEVER
    metres[never] = NEVER
    return seconds, metres
