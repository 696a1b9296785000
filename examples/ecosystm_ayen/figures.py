"""The figures of the year, counted from the desk and the ledger, never from memory."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from msap_mobility.carpool.law import (
    PrefectReport,
    RideFacts,
    TusDriver,
    TusPassenger,
    TusRide,
    TusVehicle,
    classify_ride,
    prefect_report,
    shareable_ceiling,
)
from msap_mobility.carpool.law.registry.eligibility import check_booking

from .given import given
from .territory import territory

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from msap_mobility.carpool.law.registry.trip import Trip

    from .given import Given
    from .maison import Maison
    from .year import Year

__all__ = ["Figures", "counted"]

SEATS, POWER_CV = 5, 5
"""Of every car: with the driver's seat; chevaux of the tax scale. Assumed."""

AT_ONCE = timedelta(hours=1)
"""After the ride, for a slip that is sent by telephone: what could be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What comes out of a year.

    Parameters
    ----------
    rides, metres, coupons
        Rides that were given, one for each passenger and way (there and back with a driver who
        waits is one); ridden by passengers; coupons paid for them.
    riders, elderly
        Different passengers; of them, the elderly.
    kinds
        How many rides are what under the law: ``carpool``, ``tus``, ``neither``.
    ways, accepted, in_time
        Ways the registry of carpool proofs would be sent; of them, those it would take; and those
        it would take if every slip were sent at once.
    refusals
        What it would refuse them for, and how often.
    prefect
        The yearly report of transport of social utility.
    """

    rides: int
    riders: int
    elderly: int
    metres: int
    coupons: int
    kinds: Mapping[str, int]
    ways: int
    accepted: int
    in_time: int
    refusals: Mapping[str, int]
    prefect: PrefectReport


def counted(year: Year, maison: Maison) -> Figures:
    """The figures of the rides that were settled."""
    rides = given(year, maison)
    kinds = {each.life.ride: _kind(year, each, rides) for each in rides}
    riders = {each.life.rider for each in rides}
    ways = [(each, way) for each in rides for way in each.ways()]
    known: dict[str, list[Trip]] = {each.life.day: [] for each in rides}
    for each, way in ways:
        known[each.life.day].append(way)
    late = [check_booking(way, known[each.life.day], sent_at=each.settled) for each, way in ways]
    at_once = [
        check_booking(way, known[each.life.day], sent_at=way.end + AT_ONCE) for each, way in ways
    ]
    return Figures(
        rides=len(rides),
        riders=len(riders),
        elderly=sum(each.elderly for each in year.people if each.id in riders),
        metres=sum(each.life.metres for each in rides),
        coupons=sum(each.coupons for each in rides),
        kinds=Counter(kinds.values()),
        ways=len(ways),
        accepted=sum(each.accepted for each in late),
        in_time=sum(each.accepted for each in at_once),
        refusals=Counter(no.code for each in late for no in (*each.refusals, *each.anomalies)),
        prefect=_prefect(year, [each for each in rides if kinds[each.life.ride] == "tus"]),
    )


def _kind(year: Year, one: Given, rides: Sequence[Given]) -> str:
    """Under which law a ride stands; that an association organises it is a fact of Ecosyst'M."""
    rider = next(each for each in year.people if each.id == one.life.rider)
    start = next(each.place for each in one.ride.stops if one.life.request in each.picks_up)
    end = next(each.place for each in one.ride.stops if one.life.request in each.sets_down)
    own = one.offer.kind == "trip"
    facts = RideFacts(
        on=_day(one),
        distance_m=one.life.metres,
        driven_m=one.ride.driven_m,
        solo_m=one.ride.driven_m - one.ride.detour_m if own else 0,
        seats=SEATS,
        association=True,
        residence=territory(rider.home.commune),
        by_resources=rider.by_resources,
        start=territory(start.commune),
        end=territory(end.commune),
        asked_cents=one.cents,
        received_cents=sum(each.cents for each in rides if each.ride.id == one.ride.id),
        shareable_cents=shareable_ceiling(
            on=_day(one), driven_m=one.ride.driven_m, power_cv=POWER_CV
        ),
    )
    return classify_ride(facts).kind


def _prefect(year: Year, rides: Sequence[Given]) -> PrefectReport:
    """The report on the rides of volunteers, each in their own car, lent without profit."""
    by_id = {each.id: each for each in year.people}
    drivers = sorted({each.life.driver for each in rides})
    riders = [by_id[name] for name in sorted({each.life.rider for each in rides})]
    return prefect_report(
        year.days[0].year,
        [
            TusRide(
                on=_day(each),
                driver=each.life.driver,
                passenger=each.life.rider,
                vehicle=each.life.driver,
                distance_m=each.life.metres,
                asked_cents=each.cents,
            )
            for each in rides
        ],
        drivers=[TusDriver(id=name) for name in drivers],
        passengers=[
            TusPassenger(
                id=each.id,
                by_residence=territory(each.home.commune).rural,
                by_resources=each.by_resources,
            )
            for each in riders
        ],
        vehicles=[TusVehicle(id=name, seats=SEATS) for name in drivers],
    )


def _day(one: Given) -> date:
    return one.ride.stops[0].at.date()
