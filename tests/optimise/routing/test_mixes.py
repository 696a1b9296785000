"""1,000 random mixes of the rules: the checker finds nothing, brute force nothing better."""

from __future__ import annotations

from importlib.util import find_spec

import pytest
from hypothesis import given, settings

from msap_mobility.budget import Budget
from msap_mobility.optimise.routing.check import check
from msap_mobility.optimise.routing.problem import RoutingProblem
from msap_mobility.optimise.routing.solution import RoutingSolution
from tests.optimise.routing.brute_force import best, value
from tests.optimise.routing.planting import mix
from tests.optimise.routing.strategies import problems

ROUTING = "msap_mobility.optimise.routing"
pytestmark = pytest.mark.skipif(
    not all(find_spec(f"{ROUTING}.{name}") for name in ("solve", "native")),
    reason="the native engine is not there yet",
)

LONG = Budget(iterations=3000)
"""Far more than a problem of four requests needs."""
SHORT = Budget(iterations=400)
"""Enough to meet every rule where only the rules are judged."""
JUDGED = 80
"""So many of the tiny mixes with a planted plan are judged by brute force too."""
AGREED = 0.99
"""The least share of tiny problems on which the engine finds the optimum."""


def solve(problem: RoutingProblem, budget: Budget, seed: int = 0) -> RoutingSolution:
    from msap_mobility.optimise.routing.solve import solve as by_engine

    return by_engine(problem, budget=budget, seed=seed)


def agreement(problem: RoutingProblem, seed: int = 0) -> bool:
    """Whether the engine finds the optimum; it keeps every rule and is never better."""
    found, truth = solve(problem, LONG, seed), best(problem)
    assert check(problem, found) == ()
    assert value(problem, found) >= value(problem, truth)
    return value(problem, found) == value(problem, truth)


def test_any_tiny_mix_is_solved_by_the_rules_and_nearly_always_to_the_optimum() -> None:
    """Brute force judges those of up to three requests: of four it takes most of the time.

    Drawing takes longer than solving, so that most tiny mixes are those with a planted plan.
    """
    agreed: list[bool] = []

    @settings(max_examples=250)
    @given(problems())
    def every_example(problem: RoutingProblem) -> None:
        if len(problem.requests) <= 3:
            agreed.append(agreement(problem))
        else:
            assert check(problem, solve(problem, SHORT)) == ()

    every_example()
    assert len(agreed) >= 100
    assert sum(agreed) >= AGREED * len(agreed)


def test_tiny_mixes_with_a_plan_that_misses_nothing_are_solved_to_the_optimum() -> None:
    """These need several vehicles more often, and more of each rule at once."""
    seeds = [seed for seed in range(800) if len(mix(seed, 2 + seed % 3).problem.requests) <= 4]
    agreed = [agreement(mix(seed, 2 + seed % 3).problem, seed) for seed in seeds[:JUDGED]]
    assert len(agreed) == JUDGED
    assert sum(agreed) >= AGREED * len(agreed)
    assert len(seeds) >= 500
    for seed in seeds[JUDGED:500]:
        problem = mix(seed, 2 + seed % 3).problem
        assert check(problem, solve(problem, SHORT, seed)) == (), seed


@pytest.mark.parametrize("first", range(0, 250, 50))
def test_larger_mixes_keep_every_rule(first: int) -> None:
    """The engine is not asked to find the planted plan, but to keep the rules on the way."""
    for seed in range(first, first + 50):
        mixed = mix(seed, 10 + seed % 51)
        found = solve(mixed.problem, Budget(iterations=200), seed)
        assert check(mixed.problem, found) == (), seed


def test_most_larger_mixes_are_served_as_far_as_the_planted_plan() -> None:
    served = []
    for seed in range(1000, 1020):
        mixed = mix(seed, 10 + seed % 21)
        found = solve(mixed.problem, Budget(iterations=4000), seed)
        served.append(value(mixed.problem, found) <= value(mixed.problem, mixed.planted))
    assert sum(served) >= 0.9 * len(served)


def test_a_given_plan_is_never_made_worse() -> None:
    from msap_mobility.optimise.routing.solve import solve as by_engine

    for seed in range(2000, 2020):
        mixed = mix(seed, 20)
        found = by_engine(
            mixed.problem, budget=Budget(iterations=100), seed=seed, initial=mixed.planted
        )
        assert check(mixed.problem, found) == (), seed
        assert value(mixed.problem, found) <= value(mixed.problem, mixed.planted), seed
