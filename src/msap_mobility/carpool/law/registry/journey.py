"""One passenger's ride as it is sent to the registry (API v3.3, POST /journeys)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC
from typing import TYPE_CHECKING, Any, get_args

from msap_mobility.carpool.law.checks import (
    check_id,
    check_instant,
    check_pattern,
    check_records,
    check_whole,
)
from msap_mobility.carpool.law.registry.identity import Identity
from msap_mobility.carpool.law.registry.payments import MOST_CENTS, Incentive, Payment
from msap_mobility.carpool.law.registry.proof import HEX_ID, ProofClass
from msap_mobility.carpool.law.registry.trip import MOST_M
from msap_mobility.errors import Faults

if TYPE_CHECKING:
    from datetime import datetime

__all__ = ["Journey", "PointInTime"]

_MOST_ITEMS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class PointInTime:
    """Where and when the passenger gets in, or out.

    Parameters
    ----------
    at
        With timezone; sent in UTC, to the second.
    lat, lon
        WGS84, degrees.

    Raises
    ------
    InputError
        With every fault.

    Examples
    --------
    >>> from datetime import datetime, timedelta, timezone
    >>> paris = timezone(timedelta(hours=1))
    >>> start = PointInTime(at=datetime(2026, 12, 1, 8, 10, tzinfo=paris), lat=45.254, lon=1.324)
    >>> start.to_payload()
    {'datetime': '2026-12-01T07:10:00Z', 'lat': 45.254, 'lon': 1.324}
    """

    at: datetime
    lat: float
    lon: float

    def __post_init__(self) -> None:
        with Faults() as faults:
            check_instant(faults, "at", self.at)
            for column, value, most in (("lat", self.lat, 90), ("lon", self.lon, 180)):
                if type(value) not in (int, float):
                    faults.add("not_a_number", column=column, value=value)
                elif not -most <= value <= most:
                    faults.add("out_of_range", column=column, value=value, least=-most, most=most)

    def to_payload(self) -> dict[str, Any]:
        """The registry's ``time_geopoint`` object."""
        utc = self.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        return {"datetime": utc, "lat": self.lat, "lon": self.lon}


@dataclass(frozen=True, slots=True, kw_only=True)
class Journey:
    """One passenger's ride with one driver, as it goes to the registry.

    Parameters
    ----------
    id, trip_id
        From `registry_id`: of this couple, and of the driver's trip that its passengers share.
    proof
        From `proof_class`.
    start, end
        Of the passenger.
    distance_m
        Metres, up to 1 000 km.
    driver, passenger
        Two persons.
    revenue_cents
        What the driver really got for this passenger, after everything.
    contribution_cents
        What the ride really cost the passenger, after everything.
    seats
        Booked by the passenger, 1 to 8.
    payments, incentives
        In the order in which they apply, at most 20 each.
    licence_plate
        Of the car; empty: not sent.

    Raises
    ------
    InputError
        With every fault.

    Examples
    --------
    >>> from datetime import datetime, timezone
    >>> from msap_mobility.carpool.law.registry.proof import registry_id
    >>> ayen = PointInTime(at=datetime(2026, 12, 1, 7, 10, tzinfo=timezone.utc), lat=45.254,
    ...                    lon=1.324)
    >>> brive = PointInTime(at=datetime(2026, 12, 1, 7, 45, tzinfo=timezone.utc), lat=45.158,
    ...                     lon=1.533)
    >>> journey = Journey(
    ...     id=registry_id("ride-17/paul"), trip_id=registry_id("ride-17"), proof="A",
    ...     start=ayen, end=brive, distance_m=25_000,
    ...     driver=Identity.of("m1", phone="06 01 02 03 04", last_name="Roche"),
    ...     passenger=Identity.of("m2", phone="07 01 02 03 04", last_name="Faure"),
    ...     revenue_cents=150, contribution_cents=150,
    ... )
    >>> sorted(journey.to_payload())[:4]
    ['distance', 'driver', 'end', 'incentives']
    """

    id: str
    trip_id: str
    proof: ProofClass
    start: PointInTime
    end: PointInTime
    distance_m: int
    driver: Identity
    passenger: Identity
    revenue_cents: int
    contribution_cents: int
    seats: int = 1
    payments: tuple[Payment, ...] = ()
    incentives: tuple[Incentive, ...] = ()
    licence_plate: str = ""

    def __post_init__(self) -> None:
        with Faults() as faults:
            self._check_parts(faults)
            check_whole(faults, "distance_m", self.distance_m, 1, MOST_M)
            check_whole(faults, "revenue_cents", self.revenue_cents, 0, MOST_CENTS)
            check_whole(faults, "contribution_cents", self.contribution_cents, 0, MOST_CENTS)
            check_whole(faults, "seats", self.seats, 1, 8)
            check_records(faults, "payments", self.payments, Payment, _MOST_ITEMS)
            check_records(faults, "incentives", self.incentives, Incentive, _MOST_ITEMS)
            if self.licence_plate != "":
                check_id(faults, "licence_plate", self.licence_plate)

    def _check_parts(self, faults: Faults) -> None:
        for column in ("id", "trip_id"):
            check_pattern(faults, "law_not_a_registry_id", column, getattr(self, column), HEX_ID)
        if self.proof not in get_args(ProofClass):
            faults.add("not_one_of", column="proof", value=self.proof, known="A, B, C")
        for column, kind in (("start", PointInTime), ("end", PointInTime),
                             ("driver", Identity), ("passenger", Identity)):  # fmt: skip
            if type(getattr(self, column)) is not kind:
                faults.add(
                    "law_not_a_record",
                    column=column,
                    value=getattr(self, column),
                    sort=kind.__name__,
                )
        if faults.found:
            return
        if self.end.at <= self.start.at:
            faults.add("ends_before_start", column="end", value=self.end.at, start=self.start.at)
        if self.driver.key == self.passenger.key or self.driver.user_id == self.passenger.user_id:
            faults.add("law_same_person", column="passenger", value=self.passenger.user_id)

    def to_payload(self) -> dict[str, Any]:
        """The body of POST /journeys: the properties API v3.3 allows, and no others."""
        payload = {
            "operator_journey_id": self.id,
            "operator_trip_id": self.trip_id,
            "operator_class": self.proof,
            "incentives": [one.to_payload(index) for index, one in enumerate(self.incentives)],
            "start": self.start.to_payload(),
            "end": self.end.to_payload(),
            "distance": self.distance_m,
            "driver": {"identity": self.driver.to_payload(), "revenue": self.revenue_cents},
            "passenger": {
                "identity": self.passenger.to_payload(),
                "contribution": self.contribution_cents,
                "seats": self.seats,
                "payments": [one.to_payload(index) for index, one in enumerate(self.payments)],
            },
        }
        return {**payload, "licence_plate": self.licence_plate} if self.licence_plate else payload
