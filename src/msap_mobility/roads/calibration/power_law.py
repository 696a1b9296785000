"""The model without roads, `minutes = a × km_crow ^ b`, fitted to any matrix of travel times."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from msap_mobility.errors import Fault, Faults, InputError
from msap_mobility.provenance import Source
from msap_mobility.wording import Words, say

if TYPE_CHECKING:
    from collections.abc import Mapping

    from msap_mobility.roads.calibration.trips import Floats, Trips
    from msap_mobility.wording import Lang

__all__ = ["FRENCH_ROADS", "PowerLaw", "fit_power_law"]

LEAST_PAIRS, LEAST_ORIGINS = 50, 5
"""With fewer, the error on what has not been seen could not be told."""

_LEAST_SPREAD = 2.0
"""The far pairs (the 95th percentile) are so many times as far as the near ones (the 5th)."""

_NOTHING_M = 1.0
"""Places nearer to one another than this are one place: they tell nothing of a power."""

_KNOTS_KM = (0.8, 1.5, 3.0, 9.0, 13.0, 18.0)
_LEAST_IN_BAND = 20

_STEPS, _SETTLED, _FLAT = 200, 1e-9, 1e-6


@dataclass(frozen=True, slots=True, kw_only=True)
class PowerLaw:
    """`minutes = minutes_at_1_km × km ^ exponent`, km as the crow flies, and how well it fits.

    Parameters
    ----------
    minutes_at_1_km, exponent
        The law.
    detour_km, detour_factor
        Road metres per crow metre: between these distances by straight lines, beyond them constant.
    pairs, origins
        How many it rests on.
    least_km, most_km
        From where to where these reach: 5th and 95th percentile of their distances.
    error
        Median relative error of a time it was fitted to.
    error_left_out
        The same for times it had not seen: of origins left out of the fit, a fifth at a time.
    error_by_part
        The same for each fifth, see `Trips.parts`.
    unreachable
        Pairs left out because there is no way between them.
    without_distance
        Pairs left out because they are one place, or take no time.
    has_own_detours
        Whether the detour factors were fitted too, or are those of French roads.
    sources
        What the times rest on.

    Examples
    --------
    >>> law = FRENCH_ROADS
    >>> round(float(law.minutes(10.0)), 1), round(float(law.detour(10.0)), 2)
    (18.2, 1.38)
    """

    minutes_at_1_km: float
    exponent: float
    detour_km: tuple[float, ...]
    detour_factor: tuple[float, ...]
    pairs: int = 0
    origins: int = 0
    least_km: float = 0.0
    most_km: float = 0.0
    error: float | None = None
    error_left_out: float | None = None
    error_by_part: tuple[float, ...] = ()
    unreachable: int = 0
    without_distance: int = 0
    has_own_detours: bool = False
    sources: tuple[Source, ...] = ()

    def minutes(self, km: Any) -> Any:
        """Minutes of distances as the crow flies."""
        return self.minutes_at_1_km * np.asarray(km) ** self.exponent

    def detour(self, km: Any) -> Any:
        """Road metres per crow metre at such distances."""
        return np.interp(km, self.detour_km, self.detour_factor)

    def summary(self, lang: Lang = "en") -> str:
        """The law and its errors as a sentence."""
        if not self.pairs:
            return say("roads.source.car.note", lang, **self._told())
        return say("roads.power_law.summary", lang, **self._told())

    def source(self, mode: str) -> Source:
        """What times by this law rest on, to be told with every figure drawn from them."""
        return Source(
            name=Words.saying("roads.power_law.name", mode=mode),
            standing="estimated",
            note=Words.saying("roads.power_law.summary", **self._told()),
        )

    def to_dict(self) -> dict[str, Any]:
        """JSON data that `from_dict` reads back."""
        return {**asdict(self), "sources": [source.to_dict() for source in self.sources]}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Read what `to_dict` wrote."""
        values = {field.name: data[field.name] for field in fields(cls)}
        for name in ("detour_km", "detour_factor", "error_by_part"):
            values[name] = tuple(values[name])
        values["sources"] = tuple(Source.from_dict(source) for source in values["sources"])
        return cls(**values)

    def _told(self) -> dict[str, Any]:
        least, most = (pick(self.error_by_part, default=0.0) for pick in (min, max))
        return {
            "minutes": f"{self.minutes_at_1_km:.3g}",
            "exponent": f"{self.exponent:.2f}",
            "pairs": self.pairs,
            "origins": self.origins,
            "least_m": 1000 * self.least_km,
            "most_m": 1000 * self.most_km,
            "error": self.error or 0.0,
            "left_out": self.error_left_out or 0.0,
            "least": least,
            "greatest": most,
            "unreachable": self.unreachable,
            "without_distance": self.without_distance,
        }


FRENCH_ROADS = PowerLaw(
    minutes_at_1_km=4.46,
    exponent=0.61,
    detour_km=_KNOTS_KM,
    detour_factor=(1.65, 1.47, 1.40, 1.40, 1.33, 1.28),
    least_km=0.5,
    most_km=60.0,
    error_by_part=(0.11, 0.14),
    has_own_detours=True,
)
"""Fitted on five French road matrices, pairs of 0.5 to 60 km; the errors are the least and the
greatest median over the regions, each predicted by a fit without it (DESIGN 6)."""


def fit_power_law(trips: Trips) -> PowerLaw:
    """Fit the model without roads to travel times.

    The sum of the absolute differences of the logarithms is made least: a few wrong times among
    many do not move it, and 10 % too long weighs the same near and far.

    Parameters
    ----------
    trips
        At least 50 from 5 origins, of different distances. Where they tell metres, the detour
        factors are fitted as well, as medians by distance.

    Raises
    ------
    InputError
        ``fit_too_few``, with what was left out and why; ``fit_one_distance``;
        ``fit_not_growing``, if the far take no longer than the near.

    Examples
    --------
    >>> from msap_mobility.model import Points
    >>> from msap_mobility.roads import CalibratedTimes
    >>> places = Points(np.linspace(1, 1.2, 9), np.full(9, 45.0))
    >>> from msap_mobility.roads.calibration import Trips
    >>> trips = Trips.of_table(CalibratedTimes().table(places, places), places, places)
    >>> law = fit_power_law(trips)
    >>> round(law.minutes_at_1_km, 2), round(law.exponent, 2), law.pairs, law.without_distance
    (4.46, 0.61, 72, 9)
    """
    crow = trips.crow_m
    kept = (crow >= _NOTHING_M) & (trips.seconds > 0)
    used, km = trips.some(kept), crow[kept] / 1000
    without = len(trips) - len(used)
    origins = len(np.unique(used.origin_number))
    _check_enough(used, km, origins, without)
    minutes = used.seconds / 60
    a, b = _fitted(km, minutes)
    if b <= 0:
        raise InputError([Fault(code="fit_not_growing", value=f"{b:.2f}")])
    left_out = np.empty(len(km))
    by_part = []
    for fit, tried in used.parts():
        left_out[tried] = _errors(_fitted(km[fit], minutes[fit]), km[tried], minutes[tried])
        by_part.append(float(np.median(left_out[tried])))
    knots, factors = _detours(km, used.metres)
    return PowerLaw(
        minutes_at_1_km=a,
        exponent=b,
        detour_km=knots or FRENCH_ROADS.detour_km,
        detour_factor=factors or FRENCH_ROADS.detour_factor,
        pairs=len(km),
        origins=origins,
        least_km=float(np.quantile(km, 0.05)),
        most_km=float(np.quantile(km, 0.95)),
        error=float(np.median(_errors((a, b), km, minutes))),
        error_left_out=float(np.median(left_out)),
        error_by_part=tuple(by_part),
        unreachable=trips.unreachable,
        without_distance=without,
        has_own_detours=bool(knots),
        sources=trips.sources,
    )


def _check_enough(used: Trips, km: Floats, origins: int, without: int) -> None:
    with Faults() as faults:
        if len(used) < LEAST_PAIRS or origins < LEAST_ORIGINS:
            faults.add(
                "fit_too_few",
                value=len(used),
                origins=origins,
                needed=LEAST_PAIRS,
                needed_origins=LEAST_ORIGINS,
                unreachable=used.unreachable,
                without_distance=without,
            )
            return
        near, far = np.quantile(km, (0.05, 0.95)) * 1000
        if far < _LEAST_SPREAD * near:
            faults.add("fit_one_distance", value=len(used), near_m=float(near), far_m=float(far))


def _fitted(km: Floats, minutes: Floats) -> tuple[float, float]:
    """Least absolute deviations of logarithms, by least squares weighted again and again."""
    x, y = np.log(km), np.log(minutes)
    weight = np.ones(len(x))
    a = b = np.inf
    for _ in range(_STEPS):
        middle_x, middle_y = np.average(x, weights=weight), np.average(y, weights=weight)
        spread = float(np.sum(weight * (x - middle_x) ** 2))
        new_b = float(np.sum(weight * (x - middle_x) * (y - middle_y))) / (spread or 1.0)
        new_a = float(middle_y - new_b * middle_x)
        settled = abs(new_a - a) + abs(new_b - b) < _SETTLED
        a, b = new_a, new_b
        if settled:
            break
        weight = 1 / np.maximum(np.abs(y - a - b * x), _FLAT)
    return float(np.exp(a)), b


def _errors(law: tuple[float, float], km: Floats, minutes: Floats) -> Floats:
    """Relative errors of times."""
    a, b = law
    errors: Floats = np.abs(a * km**b / minutes - 1)
    return errors


def _detours(km: Floats, metres: Floats | None) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Median detour factors around some distances, where there are enough pairs."""
    if metres is None:
        return (), ()
    edges = [0.0, *((a * b) ** 0.5 for a, b in pairwise(_KNOTS_KM)), np.inf]
    knots, factors = [], []
    for knot, (low, high) in zip(_KNOTS_KM, pairwise(edges), strict=True):
        ratio = metres[(km >= low) & (km < high)] / (1000 * km[(km >= low) & (km < high)])
        if len(ratio) >= _LEAST_IN_BAND:
            knots.append(knot)
            factors.append(max(1.0, float(np.median(ratio))))
    return tuple(knots), tuple(factors)
