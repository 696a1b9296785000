"""Trips, releases, cold goods and breaks: the checker finds nothing, brute force nothing better."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from msap_mobility.budget import Budget
from msap_mobility.optimise.routing.check import check
from msap_mobility.optimise.routing.problem import (
    ANY_DAY,
    UNLIMITED,
    Covering,
    Patterns,
    RoutingProblem,
)
from msap_mobility.optimise.routing.rules import further_rules
from msap_mobility.optimise.routing.solve import solve
from tests.optimise.routing.brute_force import best, value
from tests.optimise.routing.tiny import tiny

BUDGET = Budget(iterations=2000)
AGREED = 0.98
"""The least share of tiny problems on which the engine finds the optimum."""


def of_one_day(seed: int) -> RoutingProblem:
    """The tiny problem without customers of patterns, hours and homes."""
    problem = tiny(seed)
    tasks, requests = problem.tasks, problem.requests
    return replace(
        problem,
        tasks=replace(
            tasks, service_most_s=tasks.service_s, wanted_s=np.full_like(tasks.wanted_s, UNLIMITED)
        ),
        requests=replace(requests, day=np.full_like(requests.day, ANY_DAY)),
        patterns=Patterns.of(),
        covering=Covering.of(),
    )


def test_tiny_days_are_solved_by_the_rules_and_nearly_always_to_the_optimum() -> None:
    met: set[str] = set()
    agreed: list[bool] = []
    for seed in range(150):
        problem = of_one_day(seed)
        rules = further_rules(problem)
        if not rules or len(problem.requests) > 4:
            continue
        met.update(rules)
        found, truth = solve(problem, budget=BUDGET, seed=seed), best(problem)
        assert check(problem, found) == (), seed
        assert value(problem, found) >= value(problem, truth), seed
        agreed.append(value(problem, found) == value(problem, truth))
    assert met == {"breaks", "reload", "release_s", "max_cold_s"}
    assert len(agreed) >= 50
    assert sum(agreed) >= AGREED * len(agreed)
