"""Planted calendars: what is claimed to be the least is, as far as brute force can tell."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from msap_mobility.optimise.routing.check import check
from msap_mobility.optimise.routing.pricing import priced
from msap_mobility.optimise.routing.rules import further_rules
from tests.optimise.routing.brute_force import best
from tests.optimise.routing.planting import Mix
from tests.optimise.routing.planting_calendars import calendar


@settings(max_examples=60)
@given(
    st.integers(0, 2**32),
    st.integers(1, 30),
    st.integers(1, 10),
    st.integers(1, 3),
    st.integers(1, 5),
    st.booleans(),
)
def test_the_plan_keeps_every_rule_and_costs_its_bound(
    seed: int, villages: int, days: int, crews: int, customers: int, full: bool
) -> None:
    mix = calendar(seed, villages=villages, days=days, crews=crews, customers=customers, full=full)
    assert check(mix.problem, mix.planted) == ()
    assert mix.planted.feasible
    assert mix.planted.cost.total == mix.planted.bound
    again = priced(mix.problem, mix.planted.routes, engine="by hand", bound=mix.planted.bound)
    assert again == mix.planted


@cache
def tiny() -> tuple[Mix, ...]:
    """Those that brute force can judge; full ones count vehicles and have a village less."""
    small: dict[str, Any] = {"days": 2, "customers": 1, "stops": 1}
    mixes = [
        calendar(seed, villages=2 - full, crews=1 + full, full=bool(full), **small)
        for seed in range(60)
        for full in (0, 1)
    ]
    return tuple(mix for mix in mixes if len(mix.problem.requests) <= 6)[:50]


@pytest.mark.parametrize("number", range(50))
def test_nothing_undercuts_it(number: int) -> None:
    mix = tiny()[number]
    found = best(mix.problem)
    assert found.feasible
    assert found.cost.total == mix.planted.bound


def test_what_is_judged_has_every_part_of_the_cost() -> None:
    costs = [mix.planted.cost for mix in tiny()]
    for part in ("fixed", "distance", "time", "unserved", "patterns"):
        assert sum(getattr(cost, part) > 0 for cost in costs) >= 5, part


def test_the_rules_meet() -> None:
    """Most of a hundred calendars choose among patterns, stops and prizes, and count vehicles."""
    mixes = [calendar(seed, full=seed % 2 == 0) for seed in range(100)]
    named = [further_rules(mix.problem) for mix in mixes]
    assert all({"days", "patterns", "breaks"} <= set(rules) for rules in named)
    costs = [mix.planted.cost for mix in mixes]
    for share, chosen in (
        (0.9, [len(mix.problem.patterns) > mix.problem.patterns.customers for mix in mixes]),
        (0.9, ["covering" in rules for rules in named]),
        (0.9, [mix.problem.requests.skills.any() for mix in mixes]),
        (0.5, [cost.unserved > 0 for cost in costs]),
        (0.4, [cost.fixed > 0 for cost in costs]),
        (0.2, [cost.time > 0 for cost in costs]),
        (0.3, [not mix.problem.breaks.paid.any() for mix in mixes]),
    ):
        assert sum(map(bool, chosen)) >= share * len(mixes)
