"""From sequences to an answer, against the slow truth."""

from __future__ import annotations

from importlib.util import find_spec

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from msap_mobility.optimise.routing.check import check
from msap_mobility.optimise.routing.problem import RoutingProblem
from tests.optimise.routing.brute_force import best, timed
from tests.optimise.routing.planting import mix
from tests.optimise.routing.strategies import problems

answer = pytest.importorskip(
    "msap_mobility.optimise.routing.answer", reason="the answer of the engine is not there yet"
)


@settings(max_examples=300)
@given(st.data(), problems())
def test_a_sequence_is_driven_in_the_least_time(
    data: st.DataObject, problem: RoutingProblem
) -> None:
    """Whole requests in any order with pickups first; other rules than time may be broken."""
    requests = problem.requests
    rows = data.draw(st.permutations(range(len(requests))))[: data.draw(st.integers(1, 3))]
    order = [int(requests.task[row]) for row in rows]
    for row in rows:
        if requests.delivery[row] >= 0:
            after = order.index(int(requests.task[row])) + 1
            order.insert(data.draw(st.integers(after, len(order))), int(requests.delivery[row]))
    vehicle = data.draw(st.integers(0, len(problem.vehicles) - 1))
    truth = timed(problem, vehicle, order)
    assume(truth is not None)
    (route,) = answer.solution_of(problem, [(vehicle, order)], engine="test").routes
    assert route.arrival_s - route.departure_s == truth.arrival_s - truth.departure_s


@given(problems())
def test_the_best_plan_is_told_as_it_is(problem: RoutingProblem) -> None:
    found = best(problem)
    driven = [(route.vehicle, route.tasks) for route in found.routes]
    told = answer.solution_of(problem, driven, engine="test")
    assert (told.cost, told.unserved, told.missing) == (found.cost, found.unserved, found.missing)
    assert check(problem, told) == ()


def planted_again(seed: int, size: int) -> None:
    """The routes of a planted plan, driven in no more time and told as they are."""
    mixed = mix(seed, size)
    driven = [(route.vehicle, route.tasks) for route in mixed.planted.routes]
    told = answer.solution_of(mixed.problem, driven, engine="test")
    assert check(mixed.problem, told) == ()
    assert told.cost.total <= mixed.planted.cost.total


@settings(max_examples=100)
@given(st.integers(0, 2**32), st.integers(2, 6))
def test_a_planted_plan_is_driven_in_no_more_time(seed: int, size: int) -> None:
    planted_again(seed, size)


@pytest.mark.skipif(
    find_spec("msap_mobility.optimise.routing.native") is None,
    reason="the native engine, whose schedule takes long routes, is not there yet",
)
@settings(max_examples=100)
@given(st.integers(0, 2**32), st.integers(10, 60))
def test_so_is_a_long_one(seed: int, size: int) -> None:
    planted_again(seed, size)
