"""Travel times without a road network, from the distance as the crow flies."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, Self, get_args

import numpy as np

from msap_mobility.errors import Fault, InputError
from msap_mobility.model import Points, Reached, Route, TimesTable
from msap_mobility.provenance import Source
from msap_mobility.roads.asked import check_how_many, check_limit
from msap_mobility.roads.calibration.power_law import FRENCH_ROADS, fit_power_law
from msap_mobility.roads.closest import nearest_within
from msap_mobility.roads.crow import crow_m, row_slices
from msap_mobility.roads.crow_nearest import nearest_by_crow
from msap_mobility.roads.room import check_room
from msap_mobility.wording import Words

if TYPE_CHECKING:
    from datetime import datetime

    from msap_mobility.model import Place
    from msap_mobility.roads.calibration.power_law import PowerLaw
    from msap_mobility.roads.calibration.trips import Trips
    from msap_mobility.roads.closest import Nearest

__all__ = ["CalibratedTimes"]

CalibratedMode = Literal["car", "walk"]
FloatArray = np.ndarray[Any, np.dtype[np.float64]]

_CELL_BYTES = 10  # of a table: seconds, metres, status, and a truth while it is made

_NEAREST_BYTES = 40
"""Of each of the nearest: row, metres and seconds, while they are found and as they are told."""

WALK_M_PER_S = 4.5 / 3.6
"""4.5 km/h, an unhurried adult on a road: our assumption, no measure behind it."""


class CalibratedTimes:
    """Car or walking times from the distance as the crow flies: for want of a road network.

    Every time is an estimate (see `error` and `sources`); a river or a ridge in between is not
    seen. Walking follows the same detour factors as driving, at `WALK_M_PER_S`.

    Parameters
    ----------
    mode
        ``"car"`` or ``"walk"``; with a law of your own, whatever its times are by.
    law
        Fitted to your times; see `fitted`. None: for a car `FRENCH_ROADS`, on foot a constant
        speed.

    Raises
    ------
    InputError
        With the fault ``unknown_mode``.

    Examples
    --------
    >>> from msap_mobility.model import Place
    >>> ayen = Place(id="19015", name="Ayen", lon=1.324, lat=45.254)
    >>> objat = Place(id="19153", name="Objat", lon=1.41, lat=45.263)
    >>> route = CalibratedTimes(mode="car").route(ayen, objat)
    >>> round(route.seconds / 60), round(route.metres)
    (14, 9527)
    """

    def __init__(self, *, mode: str = "car", law: PowerLaw | None = None) -> None:
        if law is None and mode not in get_args(CalibratedMode):
            raise InputError([Fault(code="unknown_mode", column="mode", value=mode)])
        self.mode = mode
        self.law = FRENCH_ROADS if law is None and mode == "car" else law

    @classmethod
    def fitted(cls, trips: Trips, *, mode: str = "car") -> Self:
        """The same model fitted to travel times of your own: observed, or of any other engine.

        Parameters
        ----------
        trips
            From any table (`Trips.of_table`), a file of pairs (`MatrixTimes.read` and
            `Trips.of_pairs`) or a file of trips (`Trips.read`).
        mode
            What they are by.

        Raises
        ------
        InputError
            As `fit_power_law`.

        Examples
        --------
        >>> from msap_mobility.roads import Trips
        >>> places = Points(np.linspace(1, 1.2, 9), np.full(9, 45.0))
        >>> known = CalibratedTimes(mode="walk").table(places, places)
        >>> times = CalibratedTimes.fitted(Trips.of_table(known, places, places), mode="walk")
        >>> times.law.pairs, times.law.error < 0.05, times.error[1] < 0.05
        (72, True, True)
        """
        return cls(mode=mode, law=fit_power_law(trips))

    @property
    def error(self) -> tuple[float, float] | None:
        """Median relative error of a time on what was not fitted to; None = not measured.

        Least and greatest over regions, or over the fifths of your own (`Trips.parts`).
        """
        if self.law is None or not self.law.error_by_part:
            return None
        return min(self.law.error_by_part), max(self.law.error_by_part)

    def sources(self) -> tuple[Source, ...]:
        """What the times rest on, to be told with every figure drawn from them."""
        detour = Source(
            name=Words.saying("roads.source.detour.name"),
            standing="estimated",
            note=Words.saying("roads.source.detour.note"),
        )
        if self.law is None:
            note = Words.saying("roads.source.walk.note", km_per_h=WALK_M_PER_S * 3.6)
            name = Words.saying("roads.source.walk.name")
            return (Source(name=name, standing="assumed", note=note), detour)
        if self.law is not FRENCH_ROADS:
            own = (*self.law.sources, self.law.source(self.mode))
            return own if self.law.has_own_detours else (*own, detour)
        least, greatest = self.error or (0.0, 0.0)
        note = Words.saying("roads.source.car.note", least=least, greatest=greatest)
        name = Words.saying("roads.source.car.name")
        return (Source(name=name, standing="estimated", note=note), detour)

    def table(
        self,
        origins: Points,
        destinations: Points,
        *,
        limit_s: float = np.inf,
        at: datetime | None = None,  # noqa: ARG002 - these times do not depend on the hour
    ) -> TimesTable:
        """Times from every origin to every destination, within `limit_s`.

        Parameters
        ----------
        origins, destinations
            WGS84 degrees.
        limit_s
            Cells over it are ``inf`` with the status `Reached.OVER_LIMIT`.
        at
            Ignored: the calibration knows no hours.

        Raises
        ------
        InputError
            ``too_big_for_memory``.
        """
        shape = (len(origins), len(destinations))
        check_limit(limit_s)
        check_room(*shape, cell_bytes=_CELL_BYTES)
        seconds = np.empty(shape, np.float32)
        metres = np.empty(shape, np.float32)
        for rows in row_slices(*shape):
            some = Points(origins.lon[rows], origins.lat[rows])
            seconds[rows], metres[rows] = self._times(crow_m(some, destinations))
        over = seconds > limit_s
        seconds[over] = np.inf
        metres[over] = np.inf
        status = np.where(over, np.uint8(Reached.OVER_LIMIT), np.uint8(Reached.OK))
        return TimesTable(seconds=seconds, metres=metres, status=status)

    def nearest(
        self, origins: Points, facilities: Points, k: int = 1, *, limit_s: float = np.inf
    ) -> Nearest:
        """The `k` facilities that each origin reaches soonest, without a table of all.

        Parameters
        ----------
        origins, facilities
            WGS84 degrees.
        k
            How many, at least 1.
        limit_s
            Facilities further away do not count.

        Returns
        -------
        Nearest
            As `RoadTimes.nearest`: what takes longer is further as the crow flies, so that these
            are found by a tree. Of equals as the crow flies, the first.

        Raises
        ------
        InputError
            ``too_big_for_memory``.

        Examples
        --------
        >>> homes = Points(np.array([1.324]), np.array([45.254]))
        >>> houses = Points(np.array([1.6, 1.41, 1.3]), np.array([45.3, 45.263, 45.2]))
        >>> found = CalibratedTimes().nearest(homes, houses, k=2)
        >>> found.facility.tolist(), (found.seconds / 60).round().tolist()
        ([[2, 1]], [[14.0, 14.0]])
        """
        check_how_many(k)
        check_limit(limit_s)
        check_room(len(origins), k, cell_bytes=_NEAREST_BYTES)
        facility, crow = nearest_by_crow(origins, facilities, k)
        there = facility >= 0
        seconds, metres = self._times(np.where(there, crow, 0.0))
        seconds[~there], metres[~there] = np.inf, np.inf
        everyone_is_near = np.ones(len(origins), np.bool_)
        return nearest_within(facility, seconds, metres, everyone_is_near, limit_s)

    def route(self, a: Place, b: Place) -> Route:
        """Time and distance from `a` to `b`; the line is straight, for the way is not known."""
        crow = crow_m(Points.of([a]), Points.of([b]))
        seconds, metres = self._times(crow)
        return Route(
            seconds=float(seconds[0, 0]),
            metres=float(metres[0, 0]),
            line=((a.lon, a.lat), (b.lon, b.lat)),
            status=Reached.OK,
        )

    def _times(self, crow: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Seconds and metres for distances as the crow flies, in metres."""
        km = crow / 1000
        metres = crow * (self.law or FRENCH_ROADS).detour(km)
        if self.law is None:
            return metres / WALK_M_PER_S, metres
        return 60 * self.law.minutes(km), metres
