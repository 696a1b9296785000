"""Carpooling as cost sharing (covoiturage) and its conditions: C. transports L3132-1."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msap_mobility.carpool.law.condition import Condition
from msap_mobility.carpool.law.scale import SCALES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from msap_mobility.carpool.law.facts import RideFacts

__all__ = ["DETOUR_PERCENT", "failing_of_carpool"]

DETOUR_PERCENT = 25
"""Longest detour, in percent of the driver's own trip: our assumption, for schemes without a rule.

The law gives no figure. It says that the driver travels on their own account: the longer the
detour, the less that is so."""


def failing_of_carpool(
    facts: RideFacts, *, detour_percent: int = DETOUR_PERCENT
) -> tuple[Condition, ...]:
    """Every condition of cost-sharing carpooling that a ride does not meet.

    C. transports L3132-1: a vehicle used in common, without profit except the sharing of costs, on
    a trip the driver makes on their own account. R3132-1: what the costs are.

    Parameters
    ----------
    facts
        The ride.
    detour_percent
        Longest detour of the scheme's rules, in percent of the driver's own trip.

    Raises
    ------
    InputError
        For a day before the first known edition of R3132-1.

    Examples
    --------
    >>> from datetime import date
    >>> from msap_mobility.carpool.law.facts import RideFacts, Territory
    >>> village = Territory.village()
    >>> lift = RideFacts(
    ...     on=date(2026, 12, 1), distance_m=9_000, driven_m=18_000, seats=5, association=False,
    ...     residence=village, start=village, end=village, asked_cents=100, received_cents=100,
    ...     shareable_cents=952,
    ... )
    >>> print(failing_of_carpool(lift)[0].text("en"))
    The driver makes the trip for the passenger alone, not on their own account
    (C. transports L3132-1).
    """
    SCALES.in_force(facts.on)
    return (*_account(facts, detour_percent), *_costs(facts))


def _account(facts: RideFacts, detour_percent: int) -> Iterator[Condition]:
    if not facts.own_account:
        yield Condition(code="carpool_not_own_account", article="C. transports L3132-1")
    elif facts.detour_percent > detour_percent:
        yield Condition(
            code="carpool_detour_too_long",
            article="C. transports L3132-1",
            value=facts.detour_percent,
            limit=detour_percent,
            unit="percent",
        )


def _costs(facts: RideFacts) -> Iterator[Condition]:
    if facts.received_cents > facts.shareable_cents:
        yield Condition(
            code="carpool_over_costs",
            article="C. transports L3132-1, R3132-1",
            value=facts.received_cents,
            limit=facts.shareable_cents,
            unit="cents",
        )
