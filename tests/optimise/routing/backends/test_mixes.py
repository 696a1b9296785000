"""Any mix of rules: the answer keeps them all, and on tiny problems no plan is better."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings

from msap_mobility.budget import Budget
from msap_mobility.optimise.routing.backends import backend_of
from msap_mobility.optimise.routing.problem import NONE, UNLIMITED, RoutingProblem, Tasks
from msap_mobility.optimise.routing.solution import RoutingSolution
from tests.optimise.routing.backends.engines import NAMES, solved
from tests.optimise.routing.brute_force import best, value
from tests.optimise.routing.planting import Mix, mix
from tests.optimise.routing.stated import stated
from tests.optimise.routing.strategies import problems


@pytest.mark.parametrize("backend", NAMES)
def test_the_best_of_tiny_problems(backend: str) -> None:
    held = {"asked": 0, "best": 0}

    @settings(max_examples=60)
    @given(problems())
    def run(problem: RoutingProblem) -> None:
        problem = replace(problem, objective=replace(problem.objective, balance=0))
        if backend_of(backend).refusals(problem):
            return
        answer, truth = solved(problem, backend), best(problem)
        assert value(problem, answer) >= value(problem, truth)
        held["asked"] += 1
        held["best"] += value(problem, answer) == value(problem, truth)

    run()
    assert held["asked"] >= 15
    assert held["best"] >= 0.95 * held["asked"]


@pytest.mark.parametrize("backend", NAMES)
@pytest.mark.parametrize("seed", range(12))
def test_larger_mixes_keep_every_rule(backend: str, seed: int) -> None:
    problem, planted = _expressible(mix(seed, 6 + seed))
    answer = solved(problem, backend, budget=Budget(iterations=30))
    assert len(answer.missing) <= len(problem.requests) // 2
    warm = solved(problem, backend, budget=Budget(iterations=3), initial=planted)
    assert value(problem, warm) <= value(problem, planted)


def _expressible(drawn: Mix) -> tuple[RoutingProblem, RoutingSolution]:
    """Without the rules that PyVRP has no words for."""
    problem, requests, tasks = drawn.problem, drawn.problem.requests, drawn.problem.tasks
    paired = requests.delivery != NONE
    ends = {*requests.task[paired].tolist(), *requests.delivery[paired].tolist()}
    begins = {
        task: start
        for route in drawn.planted.routes
        for task, start in zip(route.tasks, route.starts_s, strict=True)
    }
    windows = []
    for task in range(len(tasks)):
        first, end = tasks.window_start[task : task + 2]
        rows = [tuple(row) for row in tasks.window_s[first:end].tolist()]
        held = [row for row in rows if row[0] <= begins.get(task, row[0]) <= row[1]]
        windows.append(held[:1] if task in ends else rows)
    group = np.where(paired, NONE, requests.group).astype(np.int32)
    must = problem.groups.must & np.isin(np.arange(len(problem.groups)), group)
    stops = UNLIMITED if paired.any() else problem.vehicles.max_stops
    problem = replace(
        problem,
        tasks=Tasks.of(
            place=tasks.place, service_s=tasks.service_s, load=tasks.load, windows=windows
        ),
        requests=replace(
            requests, group=group, max_ride_s=np.full(len(requests), UNLIMITED, dtype=np.int64)
        ),
        groups=replace(problem.groups, must=must),
        vehicles=replace(
            problem.vehicles,
            max_stops=np.full(len(problem.vehicles), stops, dtype=np.int64)
            if paired.any()
            else problem.vehicles.max_stops,
        ),
        objective=replace(problem.objective, balance=0),
    )
    return problem, stated(problem, drawn.planted.routes)
