"""Travel times without a road network, from the distance as the crow flies."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, get_args

import numpy as np

from msap_mobility.errors import Fault, InputError
from msap_mobility.model import Points, Reached, Route, TimesTable
from msap_mobility.provenance import Source
from msap_mobility.roads.crow import crow_m, row_slices
from msap_mobility.wording import Words

if TYPE_CHECKING:
    from datetime import datetime

    from msap_mobility.model import Place

__all__ = ["CalibratedTimes"]

CalibratedMode = Literal["car", "walk"]
FloatArray = np.ndarray[Any, np.dtype[np.float64]]

CAR_MINUTES_AT_1_KM = 4.46
CAR_EXPONENT = 0.61
"""Minutes = 4.46 × (km as the crow flies) ^ 0.61; fitted on five French road matrices, pairs of 0.5
to 60 km (DESIGN 6)."""

CAR_ERROR = (0.11, 0.14)
"""Median relative error of a car time, least and greatest over the five regions, each predicted by
a fit without it (DESIGN 6). Crow distance × 1.3 at 60 km/h misses by 7 to 37 %."""

DETOUR_KM = (0.8, 1.5, 3.0, 9.0, 13.0, 18.0)
DETOUR_FACTOR = (1.65, 1.47, 1.40, 1.40, 1.33, 1.28)
"""Road metres per crow metre, measured on the same matrices (DESIGN 6); between the points by
straight lines, beyond them constant."""

WALK_M_PER_S = 4.5 / 3.6
"""4.5 km/h, an unhurried adult on a road: our assumption, no measure behind it."""


class CalibratedTimes:
    """Car or walking times from the distance as the crow flies: for want of a road network.

    Every time is an estimate (see `error` and `sources`); a river or a ridge in between is not
    seen. Walking follows the same detour factors as driving, at `WALK_M_PER_S`.

    Parameters
    ----------
    mode
        ``"car"`` or ``"walk"``.

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

    def __init__(self, *, mode: CalibratedMode = "car") -> None:
        if mode not in get_args(CalibratedMode):
            raise InputError([Fault(code="unknown_mode", column="mode", value=mode)])
        self.mode = mode

    @property
    def error(self) -> tuple[float, float] | None:
        """Median relative error of a time, least and greatest over regions; None = not measured."""
        return CAR_ERROR if self.mode == "car" else None

    def sources(self) -> tuple[Source, ...]:
        """What the times rest on, to be told with every figure drawn from them."""
        least, greatest = CAR_ERROR
        detour = Source(
            name=Words.saying("roads.source.detour.name"),
            standing="estimated",
            note=Words.saying("roads.source.detour.note"),
        )
        if self.mode == "walk":
            note = Words.saying("roads.source.walk.note", km_per_h=WALK_M_PER_S * 3.6)
            name = Words.saying("roads.source.walk.name")
            return (Source(name=name, standing="assumed", note=note), detour)
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
        """
        shape = (len(origins), len(destinations))
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
        metres = crow * np.interp(crow / 1000, DETOUR_KM, DETOUR_FACTOR)
        if self.mode == "walk":
            return metres / WALK_M_PER_S, metres
        return 60 * CAR_MINUTES_AT_1_KM * (crow / 1000) ** CAR_EXPONENT, metres
