"""Who is how far from what: the interface every engine of travel times answers to."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING, Protocol

import numpy as np

if TYPE_CHECKING:
    from datetime import datetime

    from msap_mobility.model.home import FloatArray
    from msap_mobility.model.place import Place, Points

__all__ = ["Mode", "Reached", "Route", "TimesTable", "TravelTimes"]

TimesArray = np.ndarray[tuple[int, int], np.dtype[np.float32]]
StatusArray = np.ndarray[tuple[int, int], np.dtype[np.uint8]]


class Reached(IntEnum):
    """What stands behind one cell of a times table."""

    OK = 0
    UNREACHABLE = 1
    OVER_LIMIT = 2
    TOO_FAR_TO_SNAP = 3


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TimesTable:
    """Travel times and distances from some origins to some destinations.

    Parameters
    ----------
    seconds, metres
        float32, shape (origins, destinations), both of the *same* path; ``inf`` where there is
        none within the limit.
    status
        `Reached` code per cell, uint8.

    Examples
    --------
    >>> import numpy as np
    >>> table = TimesTable(seconds=np.array([[60.0]], np.float32),
    ...                    metres=np.array([[80.0]], np.float32),
    ...                    status=np.array([[Reached.OK]], np.uint8))
    >>> table.shape
    (1, 1)
    """

    seconds: TimesArray
    metres: TimesArray
    status: StatusArray

    @property
    def shape(self) -> tuple[int, int]:
        """(origins, destinations)."""
        return self.seconds.shape


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """One way from a place to another.

    Parameters
    ----------
    seconds, metres
        Of the path; ``inf`` if there is none.
    line
        (lon, lat) pairs from start to end; two points where the way itself is not known.
    status
        Why there is none, or `Reached.OK`.
    """

    seconds: float
    metres: float
    line: tuple[tuple[float, float], ...]
    status: Reached


class TravelTimes(Protocol):
    """Travel times by one mode. Engines: `roads.CalibratedTimes`, `roads.RoadTimes`."""

    def table(
        self,
        origins: Points,
        destinations: Points,
        *,
        limit_s: float = np.inf,
        at: datetime | None = None,
    ) -> TimesTable:
        """Times from every origin to every destination, within `limit_s`."""
        ...

    def route(self, a: Place, b: Place) -> Route:
        """The fastest way from `a` to `b`."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Mode:
    """A way of getting from homes to places, as coverage sees it.

    Parameters
    ----------
    id
        Name that `Limit.mode` refers to ("walk", "car").
    times
        From every home (rows) to every place of a timetable (columns).
    chance
        Per home, the probability that the mode is there at all (a carpool); None = certain.
    notice_s
        How long before leaving it must be asked for.
    """

    id: str
    times: TimesTable
    chance: FloatArray | None = None
    notice_s: int = 0
