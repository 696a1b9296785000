"""Prices of patterns and times of setting up, against their definitions."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from msap_mobility.errors import InputError
from msap_mobility.optimise.routing.pattern_prices import (
    moved_visits,
    pattern_price,
    spacing,
    weekday_changes,
)
from msap_mobility.optimise.routing.setup import with_setup

days_of = st.sets(st.integers(0, 27), min_size=1, max_size=8)


@given(days_of, st.integers(28, 40))
def test_spacing_is_the_sum_of_squares_by_its_definition(days: set[int], horizon: int) -> None:
    around = [day for day in range(horizon) if day in days]
    gaps = [
        next(step for step in range(1, horizon + 1) if (day + step) % horizon in days)
        for day in around
    ]
    even = Fraction(horizon, len(days))
    assert Fraction(*spacing(days, horizon=horizon)) == sum((gap - even) ** 2 for gap in gaps)


@given(days_of, st.integers(0, 27))
def test_spacing_does_not_depend_on_where_the_horizon_begins(days: set[int], shift: int) -> None:
    turned = {(day + shift) % 28 for day in days}
    assert spacing(turned, horizon=28) == spacing(days, horizon=28)


def test_even_visits_cost_nothing() -> None:
    assert pattern_price([0, 7, 14, 21], horizon=28, per_square_day=9, per_weekday_change=9) == 0


def test_the_price_is_rounded_to_the_nearest_halves_up() -> None:
    """Gaps of 3 and 4 days are half a square day from even."""
    assert [pattern_price([0, 3], horizon=7, per_square_day=rate) for rate in (0, 1, 2, 3)] == [
        0, 1, 1, 2,
    ]  # fmt: skip


def test_the_examples_of_the_page() -> None:
    spaced = [pattern_price(days, horizon=7, per_square_day=10) for days in ([0, 3], [0, 1])]
    changed = pattern_price([0, 7, 15, 21], horizon=28, per_weekday_change=40)
    moved = [pattern_price(d, horizon=7, given=[0, 2], per_move=25) for d in ([0, 3], [0, 2, 4])]
    assert (spaced, changed, moved) == ([5, 125], 40, [25, 25])


@given(days_of)
def test_weekdays_that_change_are_all_but_the_most_frequent(days: set[int]) -> None:
    most = max(sum(day % 7 == weekday for day in days) for weekday in range(7))
    assert weekday_changes(days) == len(days) - most


@given(days_of, days_of)
def test_a_plan_is_left_as_often_as_visits_move(days: set[int], given_days: set[int]) -> None:
    moved = moved_visits(days, given_days)
    assert moved == moved_visits(given_days, days)
    assert (moved == 0) == (days == given_days)
    assert moved <= max(len(days), len(given_days))


def test_parts_are_added() -> None:
    parts = (
        pattern_price([0, 8], horizon=14, per_square_day=7),
        pattern_price([0, 8], horizon=14, per_weekday_change=100),
        pattern_price([0, 8], horizon=14, given=[0, 7], per_move=1000),
    )
    assert parts == (14, 100, 1000)
    assert pattern_price(
        [0, 8], horizon=14, per_square_day=7, per_weekday_change=100, given=[0, 7], per_move=1000
    ) == sum(parts)


@pytest.mark.parametrize("days", [[], [1, 1], [0, 7], [-1, 3]])
def test_days_that_are_none_are_refused(days: list[int]) -> None:
    with pytest.raises(InputError, match=r"outside 0 to 6"):
        pattern_price(days, horizon=7)


@given(st.integers(0, 2**32), st.integers(1, 2))
def test_setting_up_is_paid_on_the_way_into_another_place(seed: int, profiles: int) -> None:
    rng = np.random.default_rng(seed)
    ways = rng.integers(0, 99, size=(profiles, 4, 4))
    setup = rng.integers(0, 99, size=4)
    found = with_setup(ways, setup)
    for profile, here, there in np.ndindex(ways.shape):
        paid = 0 if here == there else setup[there]
        assert found[profile, here, there] == ways[profile, here, there] + paid
    assert (with_setup(ways[0], setup) == found[0]).all()


def test_a_setup_for_each_place() -> None:
    with pytest.raises(InputError) as told:
        with_setup(np.zeros((3, 3)), [1, 2])
    assert [fault.code for fault in told.value.faults] == ["array_not_whole", "array_shape"]
