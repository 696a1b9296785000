"""Covering tours by PyVRP: never better than the slow truth, or refused by name."""

from __future__ import annotations

from dataclasses import replace
from importlib.util import find_spec
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings

from msap_mobility.budget import Budget
from msap_mobility.errors import InputError
from msap_mobility.optimise.routing.backends import backend_of
from msap_mobility.optimise.routing.backends.pyvrp_covering import lean
from msap_mobility.optimise.routing.check import check
from msap_mobility.optimise.routing.problem import (
    ANY_DAY,
    Covering,
    Requests,
    RoutingProblem,
    Tasks,
    Vehicles,
)
from msap_mobility.optimise.routing.solve import solve
from tests.optimise.routing.brute_force import best, value
from tests.optimise.routing.proof.towns import hamlets, village

needs_pyvrp = pytest.mark.skipif(find_spec("pyvrp") is None, reason="pyvrp is not installed")
LINE = np.abs(np.subtract.outer([0, 3, 5, -4], [0, 3, 5, -4]))


def asked(**tables: Any) -> RoutingProblem:
    """Homes at two stops each, on a line."""
    parts: dict[str, Any] = {
        "distance": LINE,
        "duration_s": np.zeros_like(LINE),
        "tasks": Tasks.of(place=[1, 2, 3]),
        "requests": Requests.of(task=[0, 1, 2], prize=0),
        "covering": Covering.of(reach=[[0, 1], [1], [0, 2]], prize=[-1, -1, 4]),
        "vehicles": Vehicles.of(count=2, max_stops=1),
    }
    return RoutingProblem(**{**parts, **tables})


@needs_pyvrp
def test_one_stop_a_route_covers_who_must_be() -> None:
    plan = solve(asked(), budget=Budget(iterations=100), backend="pyvrp")
    assert check(asked(), plan) == ()
    assert [route.tasks for route in plan.routes] == [(1,)]
    assert plan.cost.total == 10 + 4


@needs_pyvrp
@given(hamlets())
@settings(max_examples=40)
def test_a_hamlet_is_solved(problem: RoutingProblem) -> None:
    requests = replace(problem.requests, day=np.full_like(problem.requests.day, ANY_DAY))
    problem = replace(problem, requests=requests)
    if backend_of("pyvrp").refusals(problem):
        tasks = replace(problem.tasks, load=np.zeros_like(problem.tasks.load))
        free = replace(problem.vehicles, max_stops=problem.vehicles.max_stops.clip(min=4))
        problem = replace(problem, tasks=tasks, vehicles=free)
    plan = solve(problem, budget=Budget(iterations=300), backend="pyvrp")
    assert check(problem, plan) == ()
    truth = best(problem)
    assert value(problem, plan) >= value(problem, truth)
    if not truth.missing:
        assert plan.feasible


REFUSED: dict[str, dict[str, Any]] = {
    "covering": {"tasks": Tasks.of(place=[1, 2, 3], windows=[[(0, 9)], [], []])},
    "covering_load": {"tasks": Tasks.of(place=[1, 2, 3], load=[-1, 0, 0])},
    "covering_stops": {
        "duration_s": LINE,
        "vehicles": Vehicles.of(count=2, max_stops=1, shift_s=20),
    },
}


@pytest.mark.parametrize("rule", REFUSED)
def test_what_cannot_be_said_is_refused_by_name(rule: str) -> None:
    assert backend_of("pyvrp").refusals(asked()) == ()
    assert backend_of("pyvrp").refusals(asked(**REFUSED[rule])) == (rule,)
    with pytest.raises(InputError) as refused:
        solve(asked(**REFUSED[rule]), budget=Budget(iterations=1), backend="pyvrp")
    assert [fault.value for fault in refused.value.faults] == [rule]


def test_a_plan_visits_each_stop_once_and_no_idle_one() -> None:
    assert lean(asked(), [(0, [0]), (0, [1, 1]), (0, [0, 1])], "by hand") == [
        (0, []),
        (0, [1]),
        (0, []),
    ]


@needs_pyvrp
def test_a_village_by_pyvrp() -> None:
    problem = village(0, homes=40, most_stops=5)
    plan = solve(problem, budget=Budget(iterations=1000), backend="pyvrp")
    assert check(problem, plan) == ()
    assert plan.feasible
