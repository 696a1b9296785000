"""One driver and one passenger, from when to when: what the registry compares."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from msap_mobility.carpool.law.checks import check_id, check_instant, check_whole
from msap_mobility.errors import Faults

if TYPE_CHECKING:
    from datetime import datetime

__all__ = ["MOST_M", "Trip"]

MOST_M = 1_000_000
"""Longest journey the registry's schema takes, metres."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trip:
    """A ride of one passenger with one driver, booked or driven.

    Parameters
    ----------
    id
        Of the driver's trip: passengers of the same trip share it (``operator_trip_id``).
    driver, passenger
        Who, by any id that tells persons apart.
    start, end
        Of the passenger's ride, with timezone.
    distance_m
        Of the passenger's ride, metres.

    Raises
    ------
    InputError
        With every fault; driver and passenger must be two persons.

    Examples
    --------
    >>> from datetime import datetime, timezone
    >>> trip = Trip(
    ...     id="t1", driver="jeanne", passenger="paul", distance_m=25_000,
    ...     start=datetime(2026, 12, 1, 7, 10, tzinfo=timezone.utc),
    ...     end=datetime(2026, 12, 1, 7, 45, tzinfo=timezone.utc),
    ... )
    >>> trip.duration_s, sorted(trip.pair)
    (2100, ['jeanne', 'paul'])
    """

    id: str
    driver: str
    passenger: str
    start: datetime
    end: datetime
    distance_m: int

    def __post_init__(self) -> None:
        with Faults() as faults:
            for column in ("id", "driver", "passenger"):
                check_id(faults, column, getattr(self, column))
            if self.driver == self.passenger:
                faults.add("law_same_person", column="passenger", value=self.passenger)
            check_instant(faults, "start", self.start)
            check_instant(faults, "end", self.end)
            check_whole(faults, "distance_m", self.distance_m, 1, MOST_M)
            times = {"start", "end"}
            if not times & {fault.column for fault in faults.found} and self.end <= self.start:
                faults.add("ends_before_start", column="end", value=self.end, start=self.start)

    @property
    def duration_s(self) -> int:
        """Seconds from start to end, rounded down."""
        return int((self.end - self.start).total_seconds())

    @property
    def pair(self) -> frozenset[str]:
        """The two persons, whoever drives."""
        return frozenset((self.driver, self.passenger))
