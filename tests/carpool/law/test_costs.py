"""Shareable costs: the scale by date, the ceiling, what an authority may add."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from msap_mobility.carpool.law import (
    SCALES,
    TUS,
    CostSharing,
    MileageScale,
    Timeline,
    allowance_ceiling,
    over_ceiling,
    shareable_ceiling,
)
from msap_mobility.carpool.law.registry import TERMS
from msap_mobility.errors import InputError

DAY = date(2026, 12, 1)

SCALE_2026 = [  # R3132-1; CGI annexe IV art. 6 B, euro a km up to 5 000 km a year
    (1, "0.529"),
    (3, "0.529"),
    (4, "0.606"),
    (5, "0.636"),
    (6, "0.665"),
    (7, "0.697"),
    (12, "0.697"),
]


@pytest.mark.parametrize(("power", "euros"), SCALE_2026)
def test_scale_of_2026(power: int, euros: str) -> None:
    """Of 1 000 km the scale has no rest to round."""
    cents = shareable_ceiling(on=DAY, driven_m=1_000_000, power_cv=power)
    assert cents == Fraction(euros) * 1000 * 100
    electric = shareable_ceiling(on=DAY, driven_m=1_000_000, power_cv=power, electric=True)
    assert electric == cents * Fraction(6, 5)


BY_DATE = [  # first day, 4 CV petrol and electric, 100 km
    (date(2020, 6, 7), 5_230, 5_230),
    (date(2021, 2, 19), 5_230, 5_230),
    (date(2021, 2, 20), 5_230, 6_276),
    (date(2022, 2, 13), 5_230, 6_276),
    (date(2022, 2, 14), 5_750, 6_900),
    (date(2023, 4, 7), 5_750, 6_900),
    (date(2023, 4, 8), 6_060, 7_272),
    (date(2026, 12, 1), 6_060, 7_272),
]


@pytest.mark.parametrize(("on", "petrol", "electric"), BY_DATE)
def test_scale_by_date(on: date, petrol: int, electric: int) -> None:
    ask = {"on": on, "driven_m": 100_000, "power_cv": 4}
    assert shareable_ceiling(**ask) == petrol
    assert shareable_ceiling(**ask, electric=True) == electric


BRACKETS = [  # 5 CV, 2026: yearly km, cents of 100 km
    (1, 6_360),
    (5_000, 6_360),
    (10_000, 4_965),  # 0.357 + 1 395 / 10 000
    (20_000, 4_267),  # 0.357 + 1 395 / 20 000 = 0.42675
    (20_001, 4_270),
    (40_000, 4_270),
]


@pytest.mark.parametrize(("yearly_km", "cents"), BRACKETS)
def test_three_brackets(yearly_km: int, cents: int) -> None:
    ask = {"on": DAY, "driven_m": 100_000, "power_cv": 5}
    assert shareable_ceiling(**ask, yearly_km=yearly_km) == cents


WHOLE_SCALES = [  # first day, then by power: up to 5 000 km, to 20 000 (+ euros), beyond
    (date(2020, 6, 7), """3 456 273  915 318
                          4 523 294 1147 352
                          5 548 308 1200 368
                          6 574 323 1256 386
                          7 601 340 1301 405"""),
    (date(2022, 2, 14), """3 502 300 1007 350
                           4 575 323 1262 387
                           5 603 339 1320 405
                           6 631 355 1382 425
                           7 661 374 1435 446"""),
    (date(2026, 12, 1), """3 529 316 1065 370
                           4 606 340 1330 407
                           5 636 357 1395 427
                           6 665 374 1457 447
                           7 697 394 1515 470"""),
]  # fmt: skip


@pytest.mark.parametrize(("on", "table"), WHOLE_SCALES)
def test_the_whole_scale(on: date, table: str) -> None:
    """CGI annexe IV art. 6 B, tenths of a cent and euros, as published."""
    rows = [[int(cell) for cell in line.split()] for line in table.splitlines()]
    assert {power: list(rates) for power, rates in SCALES.in_force(on).rates.items()} == {
        power: rates for power, *rates in rows
    }


def test_tolls_and_parking_come_on_top() -> None:
    bare = shareable_ceiling(on=DAY, driven_m=25_000, power_cv=5)
    assert bare == 1_590
    with_both = shareable_ceiling(
        on=DAY, driven_m=25_000, power_cv=5, electric=True, tolls_cents=240, parking_cents=110
    )
    assert with_both == 1_908 + 350


def test_a_fraction_of_a_cent_is_never_rounded_up() -> None:
    """0.529 × 0.018 km is 0.95 cents."""
    assert shareable_ceiling(on=DAY, driven_m=18, power_cv=3) == 0
    assert shareable_ceiling(on=DAY, driven_m=19, power_cv=3) == 1


@given(
    st.sampled_from(SCALES.editions),
    st.integers(1, 300_000),
    st.integers(1, 12),
    st.booleans(),
    st.integers(1, 60_000),
)
def test_the_ceiling_is_the_scale_to_the_cent(
    scale: MileageScale, driven_m: int, power: int, electric: bool, yearly_km: int
) -> None:
    rates = scale.rates[min(max(power, 3), 7)]
    if yearly_km <= 5_000:
        per_km = Fraction(rates.near, 1000)
    elif yearly_km <= 20_000:
        per_km = Fraction(rates.middle, 1000) + Fraction(rates.fixed, yearly_km)
    else:
        per_km = Fraction(rates.far, 1000)
    if electric:
        per_km *= Fraction(100 + scale.electric_percent, 100)
    exact = per_km * Fraction(driven_m, 1000) * 100
    ask: dict[str, Any] = {"on": scale.since, "power_cv": power, "electric": electric}
    cents = shareable_ceiling(**ask, driven_m=driven_m, yearly_km=yearly_km)
    assert 0 <= exact - cents < 1


@given(st.integers(0, 10**6), st.integers(0, 10**6), st.integers(0, 10**6))
def test_what_is_over_and_what_is_left(ceiling: int, payments: int, allowance: int) -> None:
    sharing = CostSharing(ceiling_cents=ceiling, payments_cents=payments, allowance_cents=allowance)
    assert sharing.driver_share_cents - sharing.over_cents == ceiling - payments - allowance
    assert 0 in {sharing.driver_share_cents, sharing.over_cents}
    assert over_ceiling(ceiling, payments, allowance) == sharing.over_cents
    most = allowance_ceiling(ceiling, payments)
    assert over_ceiling(ceiling, payments, most) == max(0, payments - ceiling)  # R3132-3
    assert over_ceiling(ceiling, payments, most + 1) > 0
    assert sharing.is_shared == (sharing.driver_share_cents > 0)


def test_an_empty_trip_may_be_paid_in_full_and_no_more() -> None:
    """R3132-4: an offered trip driven without a passenger."""
    assert allowance_ceiling(3_180) == 3_180
    assert over_ceiling(3_180, 0, 3_181) == 1


def test_bad_input_gives_every_fault_at_once() -> None:
    with pytest.raises(InputError) as caught:
        shareable_ceiling(
            on="today",  # type: ignore[arg-type]
            driven_m=0,
            power_cv=-1,
            electric=1,  # type: ignore[arg-type]
            yearly_km=0,
            tolls_cents=1.2,  # type: ignore[arg-type]
            parking_cents=-1,
        )
    assert [fault.column for fault in caught.value.faults] == [
        "on", "driven_m", "power_cv", "electric", "yearly_km", "tolls_cents", "parking_cents",
    ]  # fmt: skip
    with pytest.raises(InputError) as caught:
        over_ceiling(-1, 1.5, -1)  # type: ignore[arg-type]
    assert len(caught.value.faults) == 3


@pytest.mark.parametrize("timeline", [SCALES, TUS, TERMS])
def test_editions_are_dated_and_in_force_until_the_next(timeline: Timeline[Any]) -> None:
    days = [edition.since for edition in timeline.editions]
    assert days == sorted(set(days))
    assert timeline.first == days[0]
    for edition, following in zip(timeline.editions, [*days[1:], date(2100, 1, 1)], strict=True):
        assert timeline.in_force(edition.since) is edition
        assert timeline.in_force(following - timedelta(days=1)) is edition
    with pytest.raises(InputError, match=days[0].isoformat()):
        timeline.in_force(days[0] - timedelta(days=1))
    with pytest.raises(InputError):
        timeline.in_force("2026-12-01")  # type: ignore[arg-type]


def test_every_edition_of_the_scale_has_five_powers_and_a_source() -> None:
    for scale in SCALES.editions:
        assert sorted(scale.rates) == [3, 4, 5, 6, 7]
        assert scale.source
        assert "arrêté" in scale.order
        for rates in scale.rates.values():  # the brackets meet: a slip of the pen would show
            assert abs(5 * (rates.near - rates.middle) - rates.fixed) <= 5
            assert abs(20 * (rates.far - rates.middle) - rates.fixed) <= 20
