"""After any iteration the plans are what their sequences say, and equal where they must be."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import numpy as np
import pytest

from msap_mobility.optimise.dice import chance_table
from msap_mobility.optimise.routing.answer import solution_of
from msap_mobility.optimise.routing.check import check
from msap_mobility.optimise.routing.native.anneal import STEPS, improve, is_better
from msap_mobility.optimise.routing.native.arrays import plan as ap
from msap_mobility.optimise.routing.native.encode import encoded
from msap_mobility.optimise.routing.native.loading import routes_of
from msap_mobility.optimise.routing.native.start import Start
from msap_mobility.optimise.routing.problem import RoutingProblem
from tests.optimise.routing.native.calendars import calendar
from tests.optimise.routing.native.drawing import drawn
from tests.optimise.routing.native.loading_again import trips
from tests.optimise.routing.native.truth import consistent, remembered, same
from tests.optimise.routing.planting import mix

HOT, COLD = 1 << 40, 0
"""Nearly all is accepted; nothing worse is."""


def begin(problem: RoutingProblem, number: int = 0) -> Start:
    return Start(encoded(problem), 17 + number, number)


def iterate(start: Start, heat: int, iterations: int) -> Iterator[bool]:
    """One iteration after the other; whether it was accepted."""
    cooling = np.full(STEPS, heat, dtype=np.int64)
    for _ in range(iterations):
        before = start.accepted.copy()
        stretch = np.array([start.iterations, 1, 0, 1], dtype=np.int64)
        done = improve(
            start.problem,
            start.plan,
            start.accepted,
            start.best,
            start.memory,
            start.pool,
            cooling,
            chance_table(),
            stretch,
            1,
        )
        assert done == 1
        yield not all(
            np.array_equal(getattr(before, name), getattr(start.accepted, name))
            for name in ("total", "sequence", "route", "served", "where")
        )


def in_order(start: Start) -> None:
    """All that must hold between two iterations."""
    consistent(start.problem, start.accepted)
    same(start.plan, start.accepted)
    consistent(start.problem, start.best)
    remembered(start.problem, start.accepted, start.memory)
    assert not is_better(start.problem, start.accepted, start.best)


@pytest.mark.parametrize("heat", [HOT, COLD])
@pytest.mark.parametrize("seed", range(5))
def test_every_iteration_leaves_the_plans_in_order(seed: int, heat: int) -> None:
    mixed = mix(300 + seed, 6 + 2 * seed)
    start = begin(mixed.problem, seed)
    changed = 0
    for row, is_changed in enumerate(iterate(start, heat, 60)):
        if row < 10 or row % 5 == 0:
            in_order(start)
        changed += is_changed
    assert changed > 0
    told = solution_of(mixed.problem, routes_of(start.problem, start.accepted), engine="test")
    assert check(mixed.problem, told) == ()
    assert told.cost.total == int(start.accepted.total[[ap.ROUTES_COST, ap.MISSED]].sum())


@pytest.mark.parametrize("seed", range(40))
def test_so_does_every_iteration_on_small_problems(seed: int) -> None:
    """In these much that must be served cannot be, and groups are common."""
    start = begin(drawn(seed, 1 + seed % 9), seed)
    for row, _ in enumerate(iterate(start, HOT if seed % 2 else COLD, 40)):
        if row % 8 == 0:
            in_order(start)
    in_order(start)


@pytest.mark.parametrize("seed", range(40))
def test_so_does_every_iteration_with_patterns_and_homes(seed: int) -> None:
    """Parts of one pattern stand in several routes; one request may serve a pattern and homes."""
    problem = calendar(seed, 2 + seed % 12)
    start = begin(problem, seed)
    for row, _ in enumerate(iterate(start, HOT if seed % 2 else COLD, 40)):
        if row % 8 == 0:
            in_order(start)
    in_order(start)
    told = solution_of(problem, routes_of(start.problem, start.best), engine="test")
    assert check(problem, told) == ()
    if told.feasible:
        assert told.cost.total == int(start.best.total[[ap.ROUTES_COST, ap.MISSED]].sum())
    start.give_up_route()
    consistent(start.problem, start.accepted)
    same(start.plan, start.accepted)
    remembered(start.problem, start.accepted, start.memory)


def test_a_rejected_iteration_is_undone_in_every_array() -> None:
    """Stamps, labels, lists and totals of before; at no heat most iterations are rejected."""
    mixed = mix(77, 25)
    start = begin(mixed.problem)
    list(iterate(start, HOT, 20))
    rejected = 0
    for _ in range(100):
        before = start.accepted.copy()
        (is_changed,) = iterate(start, COLD, 1)
        same(start.plan, start.accepted)
        if not is_changed:
            same(before, start.plan)
            rejected += 1
    assert rejected > 30


@pytest.mark.parametrize("seed", range(4))
def test_a_route_given_up_a_restart_and_routes_adopted_leave_all_in_order(seed: int) -> None:
    mixed = mix(500 + seed, 14)
    planted = [(route.vehicle, route.tasks) for route in mixed.planted.routes]
    start = begin(mixed.problem, seed)
    in_order(start)
    list(iterate(start, HOT, 30))
    start.adopt(planted)
    in_order(start)
    assert start.best.total[ap.MISSING] == 0
    used = start.best.total[ap.USED]
    start.give_up_route()
    consistent(start.problem, start.accepted)
    same(start.plan, start.accepted)
    remembered(start.problem, start.accepted, start.memory)
    assert start.accepted.total[ap.USED] == used - 1
    for row, _ in enumerate(iterate(start, HOT, 30)):
        if row % 5 == 0:
            in_order(start)
        assert start.accepted.total[ap.USED] <= max(used - 1, 0)
    start.restart()
    in_order(start)
    same(start.plan, start.best)
    start.keep_fleet()
    list(iterate(start, HOT, 30))
    in_order(start)


@pytest.mark.parametrize("seed", range(4))
def test_stretches_of_many_iterations_leave_all_in_order(seed: int) -> None:
    mixed = mix(700 + seed, 20 + 5 * seed)
    start = begin(mixed.problem, seed)
    start.heat(0)
    for part in range(0, 20, 4):
        start.cool(part, 300, threading.Event())
        in_order(start)
    assert start.iterations == 1500


@pytest.mark.parametrize("heat", [HOT, COLD])
@pytest.mark.parametrize("seed", range(4))
def test_loadings_that_come_and_go_leave_the_plans_in_order(seed: int, heat: int) -> None:
    problem = trips(seed)
    start = begin(problem, seed)
    most = 0
    for row, _ in enumerate(iterate(start, heat, 60)):
        if row < 10 or row % 5 == 0:
            in_order(start)
        most = max(most, int(start.accepted.route[:, ap.LOADINGS].sum()))
    assert most > 2
    told = solution_of(problem, routes_of(start.problem, start.accepted), engine="test")
    assert check(problem, told) == ()
    assert told.cost.total == int(start.accepted.total[[ap.ROUTES_COST, ap.MISSED]].sum())
