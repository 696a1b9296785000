"""Arrays filled to their end, and problems with nothing in them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from msap_mobility.budget import Budget
from msap_mobility.optimise.routing.check import check
from msap_mobility.optimise.routing.native.encode import encoded
from msap_mobility.optimise.routing.native.start import Start
from msap_mobility.optimise.routing.problem import RELOAD
from msap_mobility.optimise.routing.solution import RoutingSolution
from msap_mobility.optimise.routing.solve import solve
from tests.optimise.bounds import checks_bounds
from tests.optimise.routing.native.extremes import EXTREMES, pairs
from tests.optimise.routing.native.truth import consistent

ROOT = Path(__file__).resolve().parents[4]
BUDGET = Budget(iterations=300)


def found(name: str, budget: Budget = BUDGET) -> RoutingSolution:
    return solve(EXTREMES[name](), budget=budget)


@pytest.mark.parametrize("name", EXTREMES)
def test_every_rule_is_kept(name: str) -> None:
    problem = EXTREMES[name]()
    assert check(problem, solve(problem, budget=BUDGET)) == ()


@pytest.mark.parametrize(
    "name",
    [
        "one route of all tasks",
        "one timed route of all tasks",
        "one route as long as stops allow",
        "one stop each",
        "pairs in one vehicle",
        "pairs one by one",
        "pairs of as many stops as allowed",
        "one visit",
        "one pair",
        "a group of 50",
        "three dimensions",
        "62 skills",
        "20 windows each",
        "fewer vehicles first",
        "more vehicles than requests",
        "a loading between any two visits",
    ],
)
def test_all_that_must_be_is_served(name: str) -> None:
    assert found(name).missing == ()


@pytest.mark.parametrize("name", ["no stop", "no window in reach", "no vehicle"])
def test_nobody_is_served_where_nobody_can_be(name: str) -> None:
    problem = EXTREMES[name]()
    solution = found(name)
    assert solution.routes == ()
    assert solution.missing == tuple(("request", row) for row in range(len(problem.requests)))


def test_one_stop_too_few_leaves_one_out() -> None:
    solution = found("one stop more than allowed")
    assert [len(route.tasks) for route in solution.routes] == [19]
    assert len(solution.missing) == 1


def test_it_loads_as_often_as_it_may() -> None:
    (route,) = found("a loading between any two visits").routes
    assert route.tasks.count(RELOAD) == 19
    (route,) = found("as many loadings as allowed").routes
    assert (len(route.tasks), route.tasks.count(RELOAD)) == (17, 8)


def test_one_route_holds_all_tasks() -> None:
    for name in ("one route of all tasks", "pairs in one vehicle"):
        (route,) = found(name).routes
        assert sorted(route.tasks) == list(range(len(EXTREMES[name]().tasks)))


def test_without_requests_nothing_is_done() -> None:
    solution = found("no request")
    assert (solution.routes, solution.cost.total, solution.feasible) == ((), 0, True)


def test_one_alternative_of_fifty_is_served() -> None:
    assert len(found("a group of 50").unserved) == 49
    assert len(found("a group of 50 that may be left").unserved) >= 49


def test_skills_of_the_highest_bits_are_told_apart() -> None:
    by_kind = {route.vehicle: route.tasks for route in found("62 skills").routes}
    assert by_kind[1] == (60,)
    assert len(by_kind[0]) == 61


def test_what_earns_nothing_is_left() -> None:
    assert found("all optional for nothing").routes == ()
    assert found("one optional visit").unserved == ()


def test_a_full_plan_is_in_order() -> None:
    """All pairs aboard at once: one route whose last position is the last of every array."""
    problem = pairs()
    arrays = encoded(problem)
    count = len(problem.requests)
    start = Start(arrays, 1, 0, [(0, range(2 * count))])
    assert start.plan.sequence.shape[1] == 2 * count + 2
    consistent(arrays, start.plan)
    assert start.plan.aboard[0, count, 0].tolist() == [count, 2 * count, 0]


@checks_bounds
def test_kernels_stay_within_their_arrays(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.optimise.routing.native.extremes"],
        env={
            **os.environ,
            "PYTHONPATH": os.pathsep.join((str(ROOT), str(ROOT / "src"))),
            "NUMBA_BOUNDSCHECK": "1",
            "MSAP_CACHE_DIR": str(tmp_path / "cache"),
        },
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == ["bounds are checked", f"{len(EXTREMES)} problems"]
