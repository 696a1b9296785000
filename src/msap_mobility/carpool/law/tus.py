"""Transport of social utility (transport d'utilité sociale, TUS) and its conditions.

C. transports L3133-1 (law 2016-1920 of 29 December 2016, article 7); R3133-1 to R3133-5 (décret
2019-850 of 20 August 2019); arrêté of 17 October 2019, in the Journal officiel of 24 October.
An association drives people whose income or home keeps them from public transport. Read in
November 2026; this is no legal advice.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from msap_mobility.carpool.law.condition import Condition
from msap_mobility.carpool.law.timeline import Timeline

if TYPE_CHECKING:
    from collections.abc import Iterator

    from msap_mobility.carpool.law.facts import RideFacts, Territory

__all__ = ["TUS", "TusRules", "failing_of_tus"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TusRules:
    """One edition of the limits.

    Parameters
    ----------
    since
        First day.
    longest_m
        Longest ride, metres (R3133-4).
    people_below
        An urban unit of fewer inhabitants counts like a rural commune (R3133-1, R3133-4).
    cents_per_km
        Most that may be asked of the passenger (R3133-3; arrêté of 17 October 2019).
    most_seats
        Of the vehicle, the driver's included (décret 2019-850).
    read
        When the texts were last read, year and month.
    """

    since: date
    longest_m: int
    people_below: int
    cents_per_km: int
    most_seats: int
    read: str


TUS = Timeline(
    rule="C. transports R3133-1 to R3133-5; arrêté of 17 October 2019",
    editions=(
        TusRules(
            since=date(2019, 10, 25),
            longest_m=100_000,
            people_below=12_000,
            cents_per_km=32,
            most_seats=9,
            read="2026-11",
        ),
    ),
)
"""The limits by date. Sources: blog.landot-avocats.net (2019-10-24), institut-isbl.fr,
uriopss-pacac.fr, citego.org fiche 3620."""


def failing_of_tus(facts: RideFacts) -> tuple[Condition, ...]:
    """Every condition of transport of social utility that a ride does not meet.

    C. transports L3133-1, R3133-1 to R3133-4; arrêté of 17 October 2019.

    Parameters
    ----------
    facts
        The ride.

    Raises
    ------
    InputError
        For a day before the first known edition.

    Examples
    --------
    A village to the hospital in town, for somebody who lives in the village and has no benefit:

    >>> from msap_mobility.carpool.law.facts import RideFacts, Territory
    >>> facts = RideFacts(
    ...     on=date(2026, 12, 1), distance_m=25_000, driven_m=50_000, seats=5, association=True,
    ...     residence=Territory.village(), start=Territory.village(),
    ...     end=Territory(urban_unit_people=70_000), asked_cents=300, received_cents=300,
    ...     shareable_cents=3_000,
    ... )
    >>> [condition.code for condition in failing_of_tus(facts)]
    ['tus_outside_territory']
    """
    rules = TUS.in_force(facts.on)
    return (*_organiser(facts, rules), *_passenger(facts, rules), *_ride(facts, rules))


def _organiser(facts: RideFacts, rules: TusRules) -> Iterator[Condition]:
    """L3133-1: an association; décret 2019-850: its car or a lent one, of nine seats at most."""
    if not facts.association:
        yield Condition(code="tus_not_an_association", article="C. transports L3133-1")
    if not facts.lent_without_profit:
        yield Condition(code="tus_vehicle_for_profit", article="décret 2019-850")
    if facts.seats > rules.most_seats:
        yield Condition(
            code="tus_too_many_seats",
            article="décret 2019-850",
            value=facts.seats,
            limit=rules.most_seats,
        )


def _passenger(facts: RideFacts, rules: TusRules) -> Iterator[Condition]:
    """R3133-1: by residence or by resources. R3133-4: by residence alone, only near home."""
    by_residence = _small(facts.residence, rules)
    if not by_residence and not facts.by_resources:
        yield Condition(
            code="tus_not_eligible",
            article="C. transports R3133-1",
            value=facts.residence.urban_unit_people,
            limit=rules.people_below,
        )
    if by_residence and not facts.by_resources and not _within(facts, rules):
        yield Condition(code="tus_outside_territory", article="C. transports R3133-4")


def _ride(facts: RideFacts, rules: TusRules) -> Iterator[Condition]:
    """R3133-4: a hundred kilometres. R3133-3: so much a kilometre driven."""
    if facts.distance_m > rules.longest_m:
        yield Condition(
            code="tus_too_far",
            article="C. transports R3133-4",
            value=facts.distance_m,
            limit=rules.longest_m,
            unit="metres",
        )
    # Kilometres driven for the passenger: all of a trip made for them, their part of another.
    charged_m = facts.distance_m if facts.own_account else facts.driven_m
    if facts.asked_cents * 1000 > rules.cents_per_km * charged_m:
        yield Condition(
            code="tus_contribution_too_high",
            article="C. transports R3133-3; arrêté du 17 octobre 2019",
            value=facts.asked_cents,
            limit=rules.cents_per_km * charged_m // 1000,
            unit="cents",
        )


def _small(place: Territory, rules: TusRules) -> bool:
    return place.rural or place.urban_unit_people < rules.people_below


def _within(facts: RideFacts, rules: TusRules) -> bool:
    """In small places, or between one and an interchange; the way back counts as the way there."""
    small = (_small(facts.start, rules), _small(facts.end, rules))
    reached = (small[0] or facts.start.interchange, small[1] or facts.end.interchange)
    return any(small) and all(reached)
