"""Proven plans against the slow truth, and against optima others have proven."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings

from benchmarks.routing.covering import covering, covering_runs
from benchmarks.routing.covering_tours import CoveringTours
from msap_mobility.errors import InputError
from msap_mobility.optimise.routing.check import check
from msap_mobility.optimise.routing.problem import (
    Groups,
    Objective,
    Requests,
    RoutingProblem,
    Tasks,
    Vehicles,
)
from msap_mobility.optimise.routing.proof import proven, unprovable
from tests.optimise.routing.brute_force import best, value
from tests.optimise.routing.proof.towns import hamlets, village
from tests.real_data import real_data


@given(hamlets())
@settings(max_examples=150)
def test_the_best_plan_of_a_hamlet_is_found_and_proven(problem: RoutingProblem) -> None:
    plan = proven(problem)
    assert check(problem, plan) == ()
    assert value(problem, plan) == value(problem, best(problem))
    assert plan.bound == plan.cost.total


@given(hamlets())
@settings(max_examples=60)
def test_a_bound_is_true_however_little_is_kept(problem: RoutingProblem) -> None:
    truth = best(problem)
    plan = proven(problem, labels=5)
    assert check(problem, plan) == ()
    assert value(problem, plan) >= value(problem, truth)
    if plan.bound is not None and len(plan.missing) == len(truth.missing):
        assert plan.bound <= truth.cost.total


@given(hamlets())
@settings(max_examples=30)
def test_the_best_plan_to_begin_with_is_proven(problem: RoutingProblem) -> None:
    plan = proven(problem, initial=best(problem))
    assert check(problem, plan) == ()
    assert plan.bound == plan.cost.total == best(problem).cost.total


@pytest.mark.parametrize(("seed", "homes", "most_stops"), [(0, 40, 5), (1, 90, 4), (2, 150, 8)])
def test_a_village_is_proven_and_the_same_each_time(seed: int, homes: int, most_stops: int) -> None:
    problem = village(seed, homes=homes, most_stops=most_stops)
    plan = proven(problem)
    assert check(problem, plan) == ()
    assert plan.feasible
    assert plan.gap == 0
    assert proven(problem) == plan


def test_more_stops_a_route_never_cost_more() -> None:
    costs = [proven(village(3, homes=60, most_stops=most)).cost.total for most in (3, 4, 6, 8)]
    assert costs == sorted(costs, reverse=True)
    assert costs[0] > costs[-1]


@pytest.mark.parametrize(
    "name",
    ["A1-1-25-75-8", "A1-5-25-75-4-500", "C1-1-25-75-4", "C1-5-25-75-6", "C1-10-50-50-8"],
)
def test_optima_that_others_have_proven(name: str) -> None:
    folder = real_data("instances/mctp")
    (run,) = (run for run in covering_runs(folder) if run.name == name)
    tours = CoveringTours(network=covering(folder / f"{run.network}.txt"), run=run)
    plan = proven(tours.problem())
    verdict = tours.judge(plan)
    assert verdict.broken == ()
    assert verdict.value == plan.bound == run.reference.value


REFUSED: dict[str, dict[str, Any]] = {
    "pairs": {"requests": Requests.of(task=[0], delivery=[1])},
    "groups": {
        "requests": Requests.of(task=[0, 1], group=[0, -1], prize=0),
        "groups": Groups(must=np.array([False])),
    },
    "windows": {"tasks": Tasks.of(place=[1, 2], windows=[[(0, 9)], []])},
    "vehicles_first": {"objective": Objective(vehicles_first=True)},
    "balance": {"objective": Objective(balance=1)},
    "mixed_load": {"tasks": Tasks.of(place=[1, 2], load=[1, -1])},
    "magnitude": {"vehicles": Vehicles.of(count=1, per_distance=2**40)},
    "reload": {"vehicles": Vehicles.of(count=1, reload=0, max_trips=2)},
    "stops": {
        "tasks": Tasks.of(place=[0] * 63),
        "requests": Requests.of(task=np.arange(63)),
    },
}


@pytest.mark.parametrize("rule", REFUSED)
def test_what_cannot_be_proven_is_refused_by_name(rule: str) -> None:
    line = np.abs(np.subtract.outer([0, 3, 5], [0, 3, 5]))
    problem = RoutingProblem(
        distance=line,
        duration_s=line,
        tasks=Tasks.of(place=[1, 2]),
        requests=Requests.of(task=[0, 1]),
        vehicles=Vehicles.of(count=1),
    )
    assert unprovable(problem) == ()
    asked = replace(problem, **REFUSED[rule])
    assert unprovable(asked) == (rule,)
    with pytest.raises(InputError) as refused:
        proven(asked)
    (fault,) = refused.value.faults
    assert (fault.code, fault.value) == ("routing_not_provable", rule)
    assert rule in fault.text("fr")


def test_a_broken_plan_to_begin_with_is_refused() -> None:
    problem = village(0, homes=40, most_stops=5)
    plan = proven(problem)
    with pytest.raises(InputError) as refused:
        proven(replace(problem, vehicles=Vehicles.of(count=25, max_stops=1)), initial=plan)
    assert {fault.code for fault in refused.value.faults} == {"routing_initial_broken"}
