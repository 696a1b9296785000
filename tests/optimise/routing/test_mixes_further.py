"""Random mixes of patterns, homes, days and loadings: no rule broken, brute force no better."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import given, settings

from msap_mobility.budget import Budget
from msap_mobility.optimise.routing.check import check
from msap_mobility.optimise.routing.problem import UNLIMITED, Breaks, RoutingProblem
from msap_mobility.optimise.routing.solve import solve
from tests.optimise.routing.brute_force import best, value
from tests.optimise.routing.native.calendars import calendar
from tests.optimise.routing.strategies_further import mixes

AGREED = 0.99
"""The least share of tiny problems on which the engine finds the optimum."""


def without_hours(problem: RoutingProblem) -> RoutingProblem:
    """The rules the native engine searches with."""
    tasks, patterns = problem.tasks, problem.patterns
    return replace(
        problem,
        tasks=replace(
            tasks,
            service_most_s=tasks.service_s,
            per_s_less=np.zeros_like(tasks.per_s_less),
            wanted_s=np.full_like(tasks.wanted_s, UNLIMITED),
        ),
        patterns=replace(patterns, per_s_apart=np.zeros_like(patterns.per_s_apart)),
        breaks=Breaks.of(),
    )


def test_any_tiny_mix_is_solved_by_the_rules_and_nearly_always_to_the_optimum() -> None:
    agreed: list[bool] = []

    @settings(max_examples=250)
    @given(mixes(most_requests=3))
    def every_example(drawn: RoutingProblem) -> None:
        problem = without_hours(drawn)
        found, truth = solve(problem, budget=Budget(iterations=3000)), best(problem)
        assert check(problem, found) == ()
        assert value(problem, found) >= value(problem, truth)
        agreed.append(value(problem, found) == value(problem, truth))

    every_example()
    assert sum(agreed) >= AGREED * len(agreed)


def test_larger_mixes_keep_every_rule() -> None:
    for seed in range(1000, 1150):
        problem = calendar(seed, 6 + seed % 25)
        found = solve(problem, budget=Budget(iterations=200), seed=seed)
        assert check(problem, found) == (), seed
