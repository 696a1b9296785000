"""What the registry sets aside a day or two later: journeys that cannot have been.

Labels ``temporal_overlap_anomaly`` and ``distance_duration_anomaly`` of API v3.3. The registry
compares with the shortest way of its own router; any road times may stand in for it here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from msap_mobility.carpool.law.checks import check_whole
from msap_mobility.carpool.law.condition import Condition
from msap_mobility.errors import Faults

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from msap_mobility.carpool.law.condition import Unit
    from msap_mobility.carpool.law.registry.trip import Trip

__all__ = ["Route", "anomalies"]

_OVERLAP = "RPC API v3.3, temporal_overlap_anomaly"
_FIGURES = "RPC API v3.3, distance_duration_anomaly"
_OVERLAP_PERCENT = 70
_SHORTEST_M, _SHORTEST_S = 300, 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """The shortest way by road from start to end.

    Parameters
    ----------
    distance_m, duration_s
        Metres and seconds, whole.

    Raises
    ------
    InputError
        With every fault.

    Examples
    --------
    >>> Route(distance_m=24_800, duration_s=1_740).duration_s
    1740
    """

    distance_m: int
    duration_s: int

    def __post_init__(self) -> None:
        with Faults() as faults:
            check_whole(faults, "distance_m", self.distance_m, 0, 10_000_000)
            check_whole(faults, "duration_s", self.duration_s, 0, 1_000_000)


def anomalies(
    trip: Trip, known: Iterable[Trip] = (), *, route: Route | None = None
) -> tuple[Condition, ...]:
    """Every anomaly the registry would find in a journey.

    Two rides of the same passenger that overlap by 70 % or more (of the shorter one: the registry
    does not say of which); less than 300 m or a minute; with a route, besides: the route takes
    more than 2.5 times the time sent, or is more than 2.5 times the distance sent; the distance
    sent is more than 4 times, the time more than 7 times that of the route.

    Parameters
    ----------
    trip
        The journey.
    known
        The passenger's other rides (others' are passed over).
    route
        The shortest way by road; None: its rules are left out.

    Examples
    --------
    >>> from datetime import datetime, timezone
    >>> from msap_mobility.carpool.law.registry.trip import Trip
    >>> trip = Trip(
    ...     id="t1", driver="jeanne", passenger="paul", distance_m=25_000,
    ...     start=datetime(2026, 12, 1, 7, 10, tzinfo=timezone.utc),
    ...     end=datetime(2026, 12, 1, 7, 20, tzinfo=timezone.utc),
    ... )
    >>> print(anomalies(trip, route=Route(distance_m=24_800, duration_s=1_740))[0].text("en"))
    The road takes 29 min, more than 2.5 times the time sent (25 min)
    (RPC API v3.3, distance_duration_anomaly).
    """
    found = (*_overlaps(trip, known), *_too_small(trip.distance_m, trip.duration_s))
    if route is None:
        return found
    if not _too_small(trip.distance_m, trip.duration_s):
        found = (*found, *_too_small(route.distance_m, route.duration_s))
    return (*found, *_against(trip, route))


def _overlaps(trip: Trip, known: Iterable[Trip]) -> Iterator[Condition]:
    for other in known:
        if other.passenger != trip.passenger or (other.id, other.pair) == (trip.id, trip.pair):
            continue
        shared = min(trip.end, other.end) - max(trip.start, other.start)
        shorter = min(trip.end - trip.start, other.end - other.start)
        if shared > timedelta() and 100 * shared >= _OVERLAP_PERCENT * shorter:
            yield Condition(
                code="anomaly_overlap",
                article=_OVERLAP,
                value=100 * shared // shorter,
                limit=_OVERLAP_PERCENT,
                unit="percent",
                about=(other.id,),
            )


def _too_small(distance_m: int, duration_s: int) -> tuple[Condition, ...]:
    found = []
    if distance_m < _SHORTEST_M:
        found.append(_figure("anomaly_distance_below", distance_m, _SHORTEST_M, "metres"))
    if duration_s < _SHORTEST_S:
        found.append(_figure("anomaly_duration_below", duration_s, _SHORTEST_S, "seconds"))
    return tuple(found)


def _against(trip: Trip, route: Route) -> Iterator[Condition]:
    sent_m, sent_s = trip.distance_m, trip.duration_s
    if 2 * route.duration_s > 5 * sent_s:
        yield _figure("anomaly_road_slower", route.duration_s, 5 * sent_s // 2, "seconds")
    if 2 * route.distance_m > 5 * sent_m:
        yield _figure("anomaly_road_longer", route.distance_m, 5 * sent_m // 2, "metres")
    if sent_m > 4 * route.distance_m:
        yield _figure("anomaly_sent_longer", sent_m, 4 * route.distance_m, "metres")
    if sent_s > 7 * route.duration_s:
        yield _figure("anomaly_sent_slower", sent_s, 7 * route.duration_s, "seconds")


def _figure(code: str, value: int, limit: int, unit: Unit) -> Condition:
    return Condition(code=code, article=_FIGURES, value=value, limit=limit, unit=unit)
