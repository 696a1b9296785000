"""The registry's terms, and which of them a ride would break.

Terms of use of the registry, by date: 24 hours, 2 km, four trips a person and day, half an hour
between two trips of the same pair. Its code and its published rules differ in three details; here
the published rule decides: a delay of 24 hours and a minute is late (the code counts whole hours);
a gap of exactly thirty minutes is enough; and a day has at most four trips of a person (since July
2026 the code lets a fifth pass).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from msap_mobility.carpool.law.checks import check_instant
from msap_mobility.carpool.law.condition import Condition
from msap_mobility.carpool.law.timeline import Timeline
from msap_mobility.errors import Faults

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime, tzinfo

    from msap_mobility.carpool.law.registry.trip import Trip

__all__ = ["FRANCE", "TERMS", "RegistryTerms", "refusals"]

FRANCE = ZoneInfo("Europe/Paris")
"""Where the days of a ride begin, unless it starts overseas."""

_ARTICLE = "RPC API v3.3, terms_violation_label"


@dataclass(frozen=True, slots=True, kw_only=True)
class RegistryTerms:
    """One edition of the registry's terms.

    Parameters
    ----------
    since
        First day.
    latest_s
        A journey arrives at most so long after its start, seconds.
    shortest_m
        It is at least so long, metres.
    trips_a_day
        Trips of a person in one day, in any role.
    apart_s
        Least time between two trips of the same pair, seconds.
    source
        Where it was read.
    """

    since: date
    latest_s: int
    shortest_m: int
    trips_a_day: int
    apart_s: int
    source: str


TERMS = Timeline(
    rule="RPC terms of use",
    editions=(
        RegistryTerms(
            since=date(2024, 10, 30),  # before, the half hour held for each person alone
            latest_s=24 * 3600,
            shortest_m=2_000,
            trips_a_day=4,
            apart_s=30 * 60,
            source="covoiturage-gouv-fr/mono #2387, #2540, #2672; api-v3.3.yaml",
        ),
    ),
)
"""The registry's terms by date."""


def refusals(
    trip: Trip,
    known: Iterable[Trip],
    *,
    sent_at: datetime,
    timezone: tzinfo = FRANCE,
) -> tuple[Condition, ...]:
    """Every term of the registry a ride would break, under the registry's own labels.

    ``expired``, ``distance_too_short``, ``too_many_trips_by_day`` (once for each of the two whose
    day is full) and ``too_close_trips``. Passengers of the same trip do not count against it.

    Parameters
    ----------
    trip, known, sent_at, timezone
        See `eligibility.check_booking`.

    Raises
    ------
    InputError
        See `eligibility.check_booking`.
    """
    with Faults() as faults:
        check_instant(faults, "sent_at", sent_at)
    day = trip.start.astimezone(timezone).date()
    terms = TERMS.in_force(day)
    others = [other for other in known if other.id != trip.id]
    return (
        *_late_or_short(trip, sent_at, terms),
        *_full_days(trip, others, day, timezone, terms),
        *_too_close(trip, others, terms),
    )


def _late_or_short(trip: Trip, sent_at: datetime, terms: RegistryTerms) -> Iterator[Condition]:
    delay = sent_at - trip.start
    if delay > timedelta(seconds=terms.latest_s):
        seconds = -(-delay // timedelta(seconds=1))
        yield Condition(
            code="expired",
            article=_ARTICLE,
            value=seconds,
            limit=terms.latest_s,
            unit="seconds",
        )
    if trip.distance_m < terms.shortest_m:
        yield Condition(
            code="distance_too_short",
            article=_ARTICLE,
            value=trip.distance_m,
            limit=terms.shortest_m,
            unit="metres",
        )


def _full_days(
    trip: Trip, others: Sequence[Trip], day: date, timezone: tzinfo, terms: RegistryTerms
) -> Iterator[Condition]:
    today = [other for other in others if other.start.astimezone(timezone).date() == day]
    for person in (trip.driver, trip.passenger):
        trips = {other.id for other in today if person in other.pair}
        if len(trips) >= terms.trips_a_day:
            yield Condition(
                code="too_many_trips_by_day",
                article=_ARTICLE,
                value=len(trips),
                limit=terms.trips_a_day,
                about=(person,),
            )


def _too_close(trip: Trip, others: Sequence[Trip], terms: RegistryTerms) -> Iterator[Condition]:
    least = timedelta(seconds=terms.apart_s)
    close = [other for other in others if other.pair == trip.pair and _gap(trip, other) < least]
    if close:
        gap = max(timedelta(), min(_gap(trip, other) for other in close))
        yield Condition(
            code="too_close_trips",
            article=_ARTICLE,
            value=gap // timedelta(seconds=1),
            limit=terms.apart_s,
            unit="seconds",
            about=tuple(sorted({other.id for other in close})),
        )


def _gap(trip: Trip, other: Trip) -> timedelta:
    """Time between the two; negative while they overlap."""
    return max(other.start - trip.end, trip.start - other.end)
