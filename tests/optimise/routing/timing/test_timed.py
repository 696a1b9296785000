"""The times of given orders against the slow truth, the checker, and by hand."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from msap_mobility.optimise.routing.answer import solution_of
from msap_mobility.optimise.routing.check import check
from msap_mobility.optimise.routing.problem import (
    ANYWHERE,
    NONE,
    RELOAD,
    UNLIMITED,
    Breaks,
    Objective,
    Patterns,
    Requests,
    RoutingProblem,
    Tasks,
    Vehicles,
)
from msap_mobility.optimise.routing.timing import timed
from msap_mobility.optimise.routing.timing.linear import Program
from tests.optimise.routing.brute_force.given import best_times, possible
from tests.optimise.routing.strategies_further import mixes
from tests.optimise.routing.timing.orders import OF_TIME, orders_of
from tests.optimise.routing.tiny import tiny


def as_the_slow_truth(problem: RoutingProblem, seed: int) -> dict[str, bool]:
    """Possible when it is, right for the checker, at the least cost; what was met."""
    orders = orders_of(problem, seed)
    ways = [possible(problem, *order) for order in orders]
    found = timed(problem, orders)
    assert [route is not None for route in found] == [bool(each) for each in ways]
    told = solution_of(problem, orders, engine="test")
    assert told.routes == tuple(route for route in found if route is not None)
    assert {broken.rule for broken in check(problem, told)} & OF_TIME == set()
    met = {"impossible": not all(ways), "balance": problem.objective.balance > 0}
    if not any(ways):
        return met
    least = best_times(problem, orders).cost
    hours = bool(told.cost.hours or told.cost.dwell)
    if not problem.objective.balance:
        assert told.cost.total == least.total
    for route, each in zip(found, ways, strict=True):
        if route is not None and problem.objective.balance:
            work = route.arrival_s - route.departure_s - unpaid_s(problem, route.breaks)
            assert work == min(least_s for least_s, _ in each)
    met["pause"] = any(route.breaks for route in told.routes)
    met["reload"] = any(RELOAD in route.tasks for route in told.routes)
    return met | {"hours": hours, "apart": apart_matters(problem, told.patterns)}


def unpaid_s(problem: RoutingProblem, breaks: tuple[tuple[int, int], ...]) -> int:
    table = problem.breaks
    return sum(int(table.duration_s[row]) for row, _ in breaks if not table.paid[row])


def apart_matters(problem: RoutingProblem, chosen: tuple[int, ...]) -> bool:
    """Whether a customer of several visits pays for what they lie apart."""
    table = problem.patterns
    return any(
        row != NONE and table.per_s_apart[customer] > 0 and len(table.requests_of(row)) > 1
        for customer, row in enumerate(chosen)
    )


@settings(max_examples=40)
@given(mixes(), st.integers(0, 2**20))
def test_times_are_the_best_of_all(problem: RoutingProblem, seed: int) -> None:
    as_the_slow_truth(problem, seed)


def test_so_they_are_where_many_rules_meet() -> None:
    """And each rule is met."""
    met: dict[str, int] = {}
    for seed in range(30):
        for rule, is_met in as_the_slow_truth(tiny(seed), seed).items():
            met[rule] = met.get(rule, 0) + is_met
    assert min(met.values()) >= 1, met


LINE = np.abs(np.subtract.outer([0, 3, 5, 9], [0, 3, 5, 9]))
"""Four places on a line; the depot is the first."""


def asked(place: list[int], **given: Any) -> RoutingProblem:
    """Single visits of one vehicle, with columns of every table."""
    tables: dict[str, Any] = {name: given.pop(name) for name in ("breaks",) if name in given}
    return RoutingProblem(
        distance=LINE,
        duration_s=LINE,
        tasks=Tasks.of(place=place, **given.pop("tasks", {})),
        requests=Requests.of(task=list(range(len(place))), **given.pop("requests", {})),
        vehicles=Vehicles.of(count=1, **({"per_s": 1} | given.pop("vehicles", {}))),
        **tables,
        **given,
    )


def test_two_visits_between_two_breaks() -> None:
    """Out 3, on 2, back 5: a break of 4 from 1 on stands at 1, one of 2 by 20 where it is done."""
    breaks = Breaks.of(vehicle=[0, 0], duration_s=[4, 2], earliest_s=[1, 15], latest_s=[1, 20])
    (route,) = timed(asked([1, 2], breaks=breaks), [(0, (0, 1))])
    assert route is not None
    assert (route.departure_s, route.arrival_s) == (1, 17)
    assert route.breaks == ((0, 1), (1, 15))


def test_whoever_need_not_rest_does_not_where_that_costs_nothing() -> None:
    breaks = Breaks.of(vehicle=[0, 0], duration_s=2, if_longer_s=99, paid=[True, True])
    (route,) = timed(asked([1], breaks=breaks, vehicles={"per_s": 0}), [(0, (0,))])
    assert route is not None
    assert (route.departure_s, route.breaks, route.arrival_s) == (0, (), 6)


def test_an_open_route_is_over_with_its_last_task() -> None:
    """However late the hour the next thing could be."""
    breaks = Breaks.of(vehicle=[0], duration_s=2, earliest_s=1, latest_s=2)
    problem = asked(
        [1], breaks=breaks, vehicles={"end": ANYWHERE, "per_s": 0}, tasks={"wanted_s": 9}
    )
    (route,) = timed(problem, [(0, (0,))])
    assert route is not None
    assert (route.starts_s, route.arrival_s) == ((6,), 6)


def test_of_two_windows_the_one_that_waits_less() -> None:
    """With a release: the program; without: the kernels. Both leave as late as they can."""
    windows = [[(3, 3), (40, 50)], [(60, 60)]]
    for release in (0, 1):
        problem = asked([1, 2], tasks={"windows": windows}, requests={"release_s": release})
        (route,) = timed(problem, [(0, (0, 1))])
        assert route is not None
        assert (route.departure_s, route.starts_s) == (47, (50, 60))


def test_a_dwell_as_long_as_it_pays_keeps_a_ride_short() -> None:
    """The delivery opens at 30, ten after the pickup ends: it ends at 20 at the soonest."""
    problem = RoutingProblem(
        distance=LINE,
        duration_s=LINE,
        tasks=Tasks.of(
            place=[1, 2],
            service_s=1,
            service_most_s=[15, 1],
            windows=[[(3, 8)], [(30, 40)]],
        ),
        requests=Requests.of(task=[0], delivery=[1], max_ride_s=10),
        vehicles=Vehicles.of(count=1, per_s=1),
    )
    (route,) = timed(problem, [(0, (0, 1))])
    assert route is not None
    assert route.departure_s == 5
    assert route.ends_s[0] >= 20


def test_least_work_comes_before_hours_where_balance_counts() -> None:
    """Wanted at 26, the first is done at 5: waiting pays, and only without balance."""
    given: dict[str, Any] = {
        "tasks": {"windows": [[(5, 5)], []], "wanted_s": [UNLIMITED, 26], "per_s_off": 3}
    }
    for balance, begins in ((0, 26), (1, 7)):
        problem = asked([1, 2], objective=Objective(balance=balance), **given)
        (route,) = timed(problem, [(0, (0, 1))])
        assert route is not None
        assert route.starts_s[1] == begins


def two_days(windows: list[list[tuple[int, int]]], **given: Any) -> RoutingProblem:
    """One customer on both days, at 3 a second apart."""
    columns: dict[str, Any] = {"customer": [0], "requests": [[0, 1]], "per_s_apart": [3]}
    return replace(
        asked(
            [1, 1],
            tasks={"windows": windows},
            requests={"prize": 0, "day": [0, 1]},
            patterns=Patterns.of(**(columns | given)),
        ),
        vehicles=Vehicles.of(count=[1, 1], day=[0, 1], per_s=1),
    )


@pytest.mark.parametrize(
    ("windows", "starts", "hours"),
    [
        ([[], [(20, 20)]], [20, 20], 0),
        ([[(0, 9)], [(20, 20)]], [9, 20], 3 * 11),
        ([[(0, 9), (30, 40)], [(20, 20)]], [30, 20], 3 * 10),
    ],
)
def test_days_wait_for_each_other(
    windows: list[list[tuple[int, int]]], starts: list[int], hours: int
) -> None:
    problem = two_days(windows)
    orders = [(0, (0,)), (1, (1,))]
    found = solution_of(problem, orders, engine="test")
    assert [route.starts_s[0] for route in found.routes] == starts
    assert found.cost.hours == hours
    assert check(problem, found) == ()


def test_nobody_waits_for_a_visit_that_is_impossible() -> None:
    problem = two_days([[], [(2, 2)]], prize=[50])
    first, second = timed(problem, [(0, (0,)), (1, (1,))])
    assert second is None
    assert first is not None
    assert first.departure_s == 0


def test_nobody_to_visit_and_nowhere_to_load_is_no_route() -> None:
    assert timed(asked([1]), [(0, ()), (0, (RELOAD, 0)), (0, (0,))])[:2] == [None, None]


def test_hours_of_the_calendar_are_no_large_numbers() -> None:
    """Seconds since 1970, with a break of three places and a wanted hour."""
    now = 1_800_000_000
    problem = asked(
        [1, 2],
        breaks=Breaks.of(vehicle=[0], duration_s=4, earliest_s=now + 6, latest_s=now + 9),
        tasks={"wanted_s": now + 20, "per_s_off": 2, "windows": [[(now, now + 9)], []]},
        vehicles={"earliest_s": now, "latest_s": now + 99},
    )
    (late,) = timed(problem, [(0, (0, 1))])
    assert late is not None
    assert late.starts_s == (now + 9, now + 20)
    assert check(problem, solution_of(problem, [(0, (0, 1))], engine="test")) == ()


def test_options_that_contradict_each_other_are_not_proposed_twice(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A solver that is wrong once: at 40 first and then at 5."""
    solve, calls = Program.solve, []

    def wrong_at_first(program: Program) -> np.ndarray | None:
        values = solve(program)
        calls.append(values)
        if len(calls) == 1:
            assert values is not None
            values[-4:] = [0, 1, 1, 0]
        return values

    monkeypatch.setattr(Program, "solve", wrong_at_first)
    windows = [[(3, 3), (40, 40)], [(5, 5), (60, 60)]]
    problem = asked([1, 2], tasks={"windows": windows}, requests={"max_cold_s": 99})
    (route,) = timed(problem, [(0, (0, 1))])
    assert route is not None
    assert (len(calls), route.starts_s) == (2, (3, 5))
