"""Ways that are looked up when they are first asked for, and remembered."""

from __future__ import annotations

from collections import ChainMap
from copy import copy
from typing import TYPE_CHECKING

import numpy as np

from msap_mobility.carpool.ways import Ways, vectors
from msap_mobility.model import Points

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from msap_mobility.carpool.ways import Int64
    from msap_mobility.model import Place, TravelTimes

__all__ = ["AskedWays"]

_MOST = 1 << 31  # places: a way is one number, whatever places come to be added


class AskedWays(Ways):
    """The ways between many places of which few are ever asked for, some of them often.

    Parameters
    ----------
    places, times
        As for `Ways`.
    """

    def __init__(self, places: Iterable[Place], times: TravelTimes) -> None:
        super().__init__(places, times, dense=-1)
        nothing = np.zeros(0, dtype=np.int64)
        self._code, self._seconds, self._metres = nothing, nothing, nothing

    def and_places(self, places: Iterable[Place]) -> AskedWays:
        """The same ways and those from and to other places, whose numbers follow.

        What is looked up there is not remembered here.
        """
        more = copy(self)
        more.add(places)
        return more

    def add(self, places: Iterable[Place]) -> None:
        """Take in other places; the numbers of those known stay."""
        extra: dict[tuple[float, float], int] = {}
        new: list[Place] = []
        for place in places:
            if self.find(place.lon, place.lat) < 0 and (place.lon, place.lat) not in extra:
                extra[place.lon, place.lat] = len(self) + len(new)
                new.append(place)
        points = Points.of(new)
        self._number = ChainMap(extra, self._number)
        self.places = (*self.places, *new)
        self.points = Points(
            np.concatenate([self.points.lon, points.lon]),
            np.concatenate([self.points.lat, points.lat]),
        )
        self._vectors = np.concatenate([self._vectors, vectors(points)])

    def between(self, origin: Int64, destination: Int64) -> tuple[Int64, Int64]:
        """As `Ways.between`; only what was never asked is looked up."""
        code = origin * _MOST + destination
        row = np.searchsorted(self._code, code)
        known = row < len(self._code)
        known[known] = self._code[row[known]] == code[known]
        if not known.all():
            missing = np.unique(code[~known])
            seconds, metres = self._looked_up(missing // _MOST, missing % _MOST)
            at = np.searchsorted(self._code, missing)
            self._code = np.insert(self._code, at, missing)
            self._seconds = np.insert(self._seconds, at, seconds)
            self._metres = np.insert(self._metres, at, metres)
            row = np.searchsorted(self._code, code)
        return self._seconds[row], self._metres[row]

    def among(self, places: Int64) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        """As `Ways.among`; only what was never asked is looked up."""
        count = len(places)
        found = self.between(np.repeat(places, count), np.tile(places, count))
        seconds, metres = (lengths.astype(np.int32).reshape(count, count) for lengths in found)
        return seconds, metres
