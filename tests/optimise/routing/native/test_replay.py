"""What was found by the clock is found again by its record."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from msap_mobility.budget import Budget
from msap_mobility.errors import InputError
from msap_mobility.optimise.routing.check import check
from msap_mobility.optimise.routing.solve import solve
from tests.optimise.routing.native.test_engine import PROBLEMS, visits


@pytest.mark.parametrize("make", PROBLEMS.values(), ids=PROBLEMS)
def test_a_search_by_the_clock_is_found_again(make: Any) -> None:
    problem, budget = make(), Budget(seconds=0.5, starts=2)
    found = solve(problem, budget=budget, seed=3)
    assert solve(problem, budget=budget, seed=3, replay=found) == found
    slower = Budget(seconds=60, starts=2, workers=2)
    assert solve(problem, budget=slower, seed=3, replay=found) == found


def test_a_plan_recombined_by_the_clock_is_found_again() -> None:
    """Where the routes of the starts are recombined the record tells which were chosen."""
    problem, budget = visits(150), Budget(iterations=14_000, starts=3, workers=2)
    found = solve(problem, budget=budget, seed=1)
    assert any(found.recombined)
    again = solve(problem, budget=Budget(seconds=1, starts=3), seed=1, replay=found)
    assert again == found
    nothing = replace(found, recombined=tuple(() for _ in found.recombined))
    assert solve(problem, budget=budget, seed=1, replay=nothing).routes != found.routes


@pytest.mark.parametrize("vehicles_first", [False, True])
@pytest.mark.parametrize("polls", [1, 3, 9])
def test_a_search_that_was_stopped_is_found_again(polls: int, vehicles_first: bool) -> None:
    problem, budget = visits(60, vehicles_first=vehicles_first), Budget(seconds=20, starts=2)
    left = iter(range(polls))
    found = solve(problem, budget=budget, should_stop=lambda: next(left, None) is None)
    again = solve(problem, budget=budget, replay=found)
    assert again == found
    assert check(problem, again) == ()


def test_a_plan_to_begin_with_is_part_of_what_is_repeated() -> None:
    problem, budget = visits(40), Budget(seconds=0.3)
    initial = solve(problem, budget=Budget(iterations=5))
    found = solve(problem, budget=budget, initial=initial)
    assert solve(problem, budget=budget, initial=initial, replay=found) == found


def test_what_was_not_recorded_is_not_repeated() -> None:
    problem, budget = visits(10), Budget(iterations=50, starts=2)
    found = solve(problem, budget=budget)
    for replay, starts, backend in (
        (replace(found, engine="pyvrp", cooling=()), 2, "native"),
        (found, 2, "ortools"),
        (found, 3, "native"),
    ):
        asked = Budget(iterations=50, starts=starts)
        with pytest.raises(InputError) as refused:
            solve(problem, budget=asked, backend=backend, replay=replay)
        assert [fault.code for fault in refused.value.faults] == ["routing_not_replayed"]
