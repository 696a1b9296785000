"""The engine finds calendars whose optimum is planted: patterns, homes, themes and breaks."""

from __future__ import annotations

import pytest

from msap_mobility.budget import Budget
from msap_mobility.optimise.routing.check import check
from msap_mobility.optimise.routing.solve import solve
from tests.optimise.routing.planting_calendars import calendar


@pytest.mark.parametrize("seed", range(6))
def test_it_finds_a_planted_calendar(seed: int) -> None:
    """`bound` is what no plan undercuts: of all sizes, some with days that are full."""
    mixed = calendar(seed, villages=4 + seed % 3, days=3 + seed % 3, full=seed % 3 == 2)
    found = solve(mixed.problem, budget=Budget(iterations=3000), seed=seed)
    assert check(mixed.problem, found) == ()
    assert found.feasible
    assert found.cost.total == mixed.planted.cost.total
