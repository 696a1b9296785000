"""Rides as the law sees them, and what the tables of the law vary in them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from msap_mobility.carpool.law import RideFacts, Territory

DAY = date(2026, 12, 1)
VILLAGE = Territory.village()
SMALL_TOWN = Territory(urban_unit_people=11_999)
TOWN = Territory(urban_unit_people=12_000)
STATION = Territory(urban_unit_people=70_000, interchange=True)
HOSPITAL = Territory(urban_unit_people=70_000)

LIFT = RideFacts(
    on=DAY,
    distance_m=25_000,
    driven_m=27_000,
    solo_m=25_000,
    seats=5,
    association=True,
    residence=VILLAGE,
    start=VILLAGE,
    end=VILLAGE,
    asked_cents=150,
    received_cents=150,
    shareable_cents=1_590,
)
"""A neighbour's own trip: a carpool, and within transport of social utility too."""

ERRAND = replace(LIFT, solo_m=0, driven_m=50_000)
"""A volunteer's trip for the passenger alone, from home to home."""


def lift(**changes: Any) -> RideFacts:
    return replace(LIFT, **changes)


def errand(**changes: Any) -> RideFacts:
    return replace(ERRAND, **changes)
