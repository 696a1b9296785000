"""Speeds of a road profile, fitted to observed travel times."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from msap_mobility.errors import Fault, InputError
from msap_mobility.roads.calibration.speed_fit import SpeedFit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from msap_mobility.roads.calibration.exposure import SecondsByKind
    from msap_mobility.roads.calibration.trips import Floats, Trips
    from msap_mobility.roads.road_times import RoadTimes

__all__ = ["fit_speeds"]

LEAST_TRIPS, LEAST_ORIGINS = 30, 5
"""With fewer, the error on what has not been seen could not be told."""

_NOT_DRIVEN = ("ferry",)
"""Kinds whose times are those of a timetable."""

_PULLS = (np.inf, 100.0, 10.0, 1.0)
"""How strongly each kind is held to the factor of all roads; infinite = kinds do not differ. What
is nearest to trips left out of the fit is taken. About ten trips, a third of each of which is on
roads of the kind, outweigh 10; so kinds hardly driven stay as the rest."""

_FLAT = 0.01
"""Relative errors below this count as its square: the sum of the others is made least."""

_ROUNDS, _STEPS, _SETTLED = 4, 30, 0.01

Matrix = np.ndarray[tuple[int, int], np.dtype[np.float64]]


class _Seen(NamedTuple):
    """What trips tell: observed seconds, computed ones on roads by kind, and the others."""

    observed: Floats
    on_roads: Matrix
    elsewhere: Floats

    def some(self, rows: Any) -> _Seen:
        return _Seen(self.observed[rows], self.on_roads[rows], self.elsewhere[rows])

    def errors(self, slowness: Any) -> Floats:
        """Relative errors where roads take so many times as long."""
        computed = self.on_roads @ slowness + self.elsewhere
        errors: Floats = np.abs(computed / self.observed - 1)
        return errors


def fit_speeds(
    times: RoadTimes,
    trips: Trips,
    *,
    by_kind: bool = True,
    least: float = 0.5,
    greatest: float = 1.6,
    most: int = 1000,
) -> SpeedFit:
    """Fit the speeds of roads to observed trips: a factor for all, and for each kind if that helps.

    The sum of the relative errors of the trips is made least, each kind being held to the factor of
    all the more the less it is driven: as strongly as suits best the trips left out of the fit.
    Ways are chosen anew at the new speeds, up to four times.

    Parameters
    ----------
    times
        Roads at the speeds of a profile.
    trips
        At least 30 from 5 origins. They are yours: whether they were observed, and at which hours,
        is for their sources to say.
    by_kind
        Whether kinds of road may differ.
    least, greatest
        Between which a factor lies.
    most
        Of more trips so many are drawn, the same each time; some 5 ms each and round.

    Raises
    ------
    InputError
        ``fit_too_few``, with what was left out and why; ``fit_bounds``.

    Examples
    --------
    >>> from msap_mobility.model import Points
    >>> from msap_mobility.roads import RoadGraph, RoadTimes, Trips
    >>> row = list(range(9))
    >>> graph = RoadGraph.of_arcs(
    ...     node_id=row, lon=[1 + n / 100 for n in row], lat=[45.0] * 9,
    ...     tails=row[:-1] + row[1:], heads=row[1:] + row[:-1],
    ...     seconds=[60] * 16, metres=[788] * 16)
    >>> times, ends = RoadTimes(graph), Points(graph.lon, graph.lat)
    >>> slow = times.with_factors({"": 0.8}).table(ends, ends)
    >>> fit = fit_speeds(times, Trips.of_table(slow, ends, ends))
    >>> round(fit.factors[""], 3), round(fit.error_before, 3), round(fit.error_after, 3)
    (0.8, 0.2, 0.0)
    """
    if not 0 < least <= 1 <= greatest < np.inf:
        raise InputError([Fault(code="fit_bounds", value=f"{least} … {greatest}")])
    bounds = (1 / greatest, 1 / least)
    drawn = np.random.default_rng(0).permutation(len(trips))[:most]
    trips = trips.some(np.sort(drawn))
    apart = times.seconds_by_kind(trips.origins, trips.destinations)
    driven = np.array([kind not in _NOT_DRIVEN for kind in apart.kinds], np.bool_)
    there = np.isfinite(apart.elsewhere)
    kept = there & (apart.on_roads[:, driven].sum(axis=1) > 0) & (trips.seconds > 0)
    used = replace(trips, unreachable=int((~there).sum())).some(kept)
    without = len(trips) - len(used) - used.unreachable
    _check_enough(used, without)
    seen = _seen(used, apart, kept, driven)
    pull, left_out = _tried(used, seen, bounds, _PULLS if by_kind else _PULLS[:1])
    slowness, after = _settled(times, used, apart.kinds, driven, (seen, bounds, pull))
    overall = slowness if np.isinf(pull) else _overall(seen, bounds)
    ratio = np.median(apart.seconds[kept] / used.seconds)
    factors = {
        kind: float(1 / slow)
        for kind, slow in zip(np.array(apart.kinds)[driven].tolist(), slowness, strict=True)
    }
    return SpeedFit(
        factors=factors,
        overall=float(1 / overall[0]),
        by_kind=bool(np.isfinite(pull)),
        trips_by_kind={
            kind: int((seen.on_roads[:, n] > 0).sum()) for n, kind in enumerate(factors)
        },
        at_bounds=tuple(
            kind for kind, one in factors.items() if np.isclose(one, (least, greatest)).any()
        ),
        trips=len(used),
        origins=len(np.unique(used.origin_number)),
        unreachable=used.unreachable,
        without_distance=without,
        error_before=float(np.median(seen.errors(np.ones(len(factors))))),
        error_after=float(np.median(np.abs(after - 1))),
        error_left_out=left_out,
        ratio_before=float(ratio),
        ratio_after=float(np.median(after)),
        profile=times.graph.profile.id,
        sources=trips.sources,
    )


def _check_enough(used: Trips, without: int) -> None:
    origins = len(np.unique(used.origin_number))
    if len(used) < LEAST_TRIPS or origins < LEAST_ORIGINS:
        details = {
            "origins": origins,
            "needed": LEAST_TRIPS,
            "needed_origins": LEAST_ORIGINS,
            "unreachable": used.unreachable,
            "without_distance": without,
        }
        raise InputError([Fault(code="fit_too_few", value=len(used), details=details)])


def _seen(used: Trips, apart: SecondsByKind, kept: Any, driven: Any) -> _Seen:
    on_roads = apart.on_roads[kept]
    elsewhere = apart.elsewhere[kept] + on_roads[:, ~driven].sum(axis=1)
    return _Seen(used.seconds, on_roads[:, driven], elsewhere)


def _tried(
    used: Trips, seen: _Seen, bounds: tuple[float, float], pulls: Sequence[float]
) -> tuple[float, float]:
    """The pull that is nearest to trips left out of the fit, and its median error there."""
    errors = []
    for pull in pulls:
        missed = np.empty(len(used))
        for fit, tried in used.parts():
            slowness = _slowness(seen.some(fit), bounds, pull)
            missed[tried] = seen.some(tried).errors(slowness)
        errors.append(float(np.median(missed)))
    best = int(np.argmin(errors))
    return pulls[best], errors[best]


def _settled(
    times: RoadTimes,
    used: Trips,
    kinds: tuple[str, ...],
    driven: Any,
    first: tuple[_Seen, tuple[float, float], float],
) -> tuple[Floats, Floats]:
    """Slowness by kind once ways are chosen by it, and computed over observed times then."""
    seen, bounds, pull = first
    best: tuple[float, Floats, Floats] | None = None
    slowness = _slowness(seen, bounds, pull)
    for _ in range(_ROUNDS):
        of_kind = dict(zip(np.array(kinds)[driven].tolist(), slowness, strict=True))
        changed = times.with_factors({kind: 1 / slow for kind, slow in of_kind.items()})
        apart = changed.seconds_by_kind(used.origins, used.destinations)
        ratio = apart.seconds / used.seconds
        error = float(np.median(np.abs(ratio - 1)))
        if best is None or error < best[0]:
            best = (error, slowness, ratio)
        again = _seen(used, apart, np.ones(len(used), np.bool_), driven)
        again = again._replace(on_roads=again.on_roads / slowness)
        before, slowness = slowness, _slowness(again, bounds, pull)
        if np.abs(slowness / before - 1).max(initial=0.0) < _SETTLED:
            break
    return best[1:] if best else (slowness, np.ones(len(used)))


def _slowness(seen: _Seen, bounds: tuple[float, float], pull: float) -> Floats:
    """By kind, how many times as long its roads take."""
    from scipy.optimize import lsq_linear  # noqa: PLC0415 - heavy

    slowness = _overall(seen, bounds)
    if np.isinf(pull) or bounds[0] == bounds[1]:
        return slowness
    middle, share = slowness.copy(), seen.on_roads / seen.observed[:, None]
    goal = 1 - seen.elsewhere / seen.observed
    hold = np.sqrt(2 * pull)
    held, held_to = np.eye(len(middle)) * hold, middle * hold
    for _ in range(_STEPS):
        weight = 1 / np.sqrt(np.maximum(seen.errors(slowness), _FLAT))
        found = lsq_linear(
            np.vstack((share * weight[:, None], held)),
            np.concatenate((goal * weight, held_to)),
            bounds,
        ).x
        if np.abs(found - slowness).max(initial=0.0) < 1e-6:
            break
        slowness = found
    return slowness


def _overall(seen: _Seen, bounds: tuple[float, float]) -> Floats:
    """The one that makes the sum of the relative errors least: a weighted median."""
    seen = seen.some(np.flatnonzero(seen.on_roads.sum(axis=1) > 0))
    on_roads = seen.on_roads.sum(axis=1)
    wanted, weight = (seen.observed - seen.elsewhere) / on_roads, on_roads / seen.observed
    order = np.argsort(wanted, kind="stable")
    reached = np.cumsum(weight[order])
    middle = wanted[order][int(np.searchsorted(reached, reached[-1] / 2))]
    return np.full(seen.on_roads.shape[1], np.clip(middle, *bounds))
