"""The slow truth about all rules: by hand, by the checker, and against every second."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from msap_mobility.optimise.routing.check import check
from msap_mobility.optimise.routing.pricing import priced
from msap_mobility.optimise.routing.problem import (
    ANY_DAY,
    ANYWHERE,
    MANDATORY,
    NONE,
    RELOAD,
    UNLIMITED,
    Breaks,
    Covering,
    Patterns,
    Requests,
    RoutingProblem,
    Tasks,
    Vehicles,
)
from msap_mobility.optimise.routing.solution import RoutingSolution
from tests.optimise.routing.brute_force import best, times_hold
from tests.optimise.routing.stated import stated
from tests.optimise.routing.strategies_further import mixes
from tests.optimise.routing.tiny import tiny

LINE = np.abs(np.subtract.outer([0, 3, 5, 9], [0, 3, 5, 9]))
"""Four places on a line; the depot is the first."""


def asked(
    place: list[int],
    *,
    requests: dict[str, Any] | None = None,
    vehicles: dict[str, Any] | None = None,
    tables: dict[str, Any] | None = None,
    **tasks: Any,
) -> RoutingProblem:
    """Single visits that must be served by one vehicle, unless said otherwise."""
    return RoutingProblem(
        distance=LINE,
        duration_s=LINE,
        tasks=Tasks.of(place=place, **tasks),
        requests=Requests.of(**({"task": list(range(len(place)))} | (requests or {}))),
        vehicles=Vehicles.of(**({"count": 1} | (vehicles or {}))),
        **(tables or {}),
    )


def test_a_visit_of_one_day_is_made_by_a_vehicle_of_that_day() -> None:
    requests, days = {"day": [0, 1, ANY_DAY]}, {"count": [1, 1], "day": [0, 1]}
    found = best(asked([3, 3, 1], requests=requests, vehicles=days))
    assert (found.cost.total, len(found.routes)) == (18 + 18, 2)
    assert {r.vehicle: 0 in r.tasks for r in found.routes} == {0: True, 1: False}
    found = best(asked([3], requests={"day": [1]}))
    assert found.missing == (("request", 0),)


TWO_DAYS: dict[str, Any] = {"count": [1, 1], "day": [0, 1]}


def patterns(**given: Any) -> dict[str, Any]:
    """One customer, on both days or on the second alone."""
    columns: dict[str, Any] = {"customer": [0, 0], "requests": [[0, 1], [1]]}
    return {"patterns": Patterns.of(**(columns | given))}


@pytest.mark.parametrize(
    ("given", "chosen", "total"),
    [
        ({}, 1, 6),
        ({"price": [0, 5]}, 1, 6 + 5),
        ({"price": [0, 7]}, 0, 6 + 6),
        ({"price": [9, 9], "prize": [14]}, NONE, 14),
        ({"price": [9, 9], "prize": [16]}, 1, 6 + 9),
    ],
)
def test_a_pattern_is_chosen_by_its_price(given: dict[str, Any], chosen: int, total: int) -> None:
    requests = {"prize": 0, "day": [0, 1]}
    problem = asked([1, 1], requests=requests, vehicles=TWO_DAYS, tables=patterns(**given))
    found = best(problem)
    assert (found.patterns, found.cost.total) == ((chosen,), total)


def test_visits_that_lie_apart_cost() -> None:
    """Hours 10 and 20: six seconds are free, four cost; one visit waits if it may."""
    requests = {"prize": 0, "day": [0, 1]}
    steady = {"requests": [[0, 1]], "customer": [0], "per_s_apart": [3], "apart_free_s": [6]}
    for windows, hours in (([[(10, 10)], [(20, 20)]], 3 * 4), ([[(10, 10)], [(0, 12)]], 0)):
        problem = asked(
            [1, 1], requests=requests, vehicles=TWO_DAYS, tables=patterns(**steady), windows=windows
        )
        assert best(problem).cost.hours == hours


def test_an_hour_is_kept_as_long_as_waiting_costs_less() -> None:
    wanted = {"wanted_s": [UNLIMITED, 30], "off_free_s": 4, "windows": [[(5, 5)], []]}
    for rate, hours in ((3, 0), (1, 30 - 4 - 7)):
        problem = asked([1, 2], vehicles={"per_s": 2}, per_s_off=rate, **wanted)
        found = best(problem)
        assert found.cost.hours == hours * rate
        assert found.routes[0].starts_s[1] == (26 if rate == 3 else 7)


def test_a_stop_that_reaches_more_is_opened() -> None:
    reach: dict[str, Any] = {"reach": [[0, 1], [1, 2], [2]]}
    problem = asked([1, 2, 3], requests={"prize": 0}, tables={"covering": Covering.of(**reach)})
    found = best(problem)
    assert (found.cost.total, found.uncovered) == (18, ())
    reach["prize"] = [MANDATORY, MANDATORY, 7]
    problem = asked([1, 2, 3], requests={"prize": 0}, tables={"covering": Covering.of(**reach)})
    found = best(problem)
    assert (found.cost.total, found.uncovered, found.unserved) == (17, (2,), (0, 2))


def test_nobody_in_reach_is_missing() -> None:
    problem = asked([1], requests={"prize": 0}, tables={"covering": Covering.of(reach=[[]])})
    assert best(problem).missing == (("cover", 0),)


def with_break(**given: Any) -> dict[str, Any]:
    columns: dict[str, Any] = {"vehicle": [0], "duration_s": [4]}
    return {"breaks": Breaks.of(**(columns | given))}


@pytest.mark.parametrize(
    ("given", "work"),
    [
        ({}, 18 + 4),
        ({"paid": [False]}, 18),
        ({"if_longer_s": [17]}, 18 + 4),
        ({"if_longer_s": [18]}, 18),
        ({"earliest_s": [17], "latest_s": [22]}, 18 + 4),
        ({"earliest_s": [17], "latest_s": [21]}, 18 + 4 + 4),
        ({"earliest_s": [17], "latest_s": [21], "paid": [False]}, 18 + 4),
        ({"after_s": [0]}, 18 + 4),
        ({"latest_s": [0]}, 18 + 4),
        ({"earliest_s": [1], "latest_s": [8]}, None),
    ],
)
def test_a_break_stands_where_it_costs_least(given: dict[str, Any], work: int | None) -> None:
    """Nine seconds away at 13: it drives from 4 to 13 and back until 22, and breaks where it may.

    It may begin its break when it is back at 22, wait for 17 at the place, or take it before it
    leaves; from 1 to 8 it is on the road.
    """
    problem = asked(
        [3],
        windows=[[(13, 13)]],
        vehicles={"per_s": 1, "per_distance": 0},
        tables=with_break(**given),
    )
    found = best(problem)
    assert (found.cost.total if found.feasible else None) == work


def test_a_break_may_follow_the_last_task_of_an_open_route() -> None:
    problem = asked(
        [1],
        vehicles={"end": ANYWHERE, "per_s": 1, "earliest_s": 10},
        tables=with_break(earliest_s=[20], latest_s=[30]),
    )
    (route,) = best(problem).routes
    assert route.arrival_s - route.departure_s == 3 + 4


def test_it_loads_again_where_that_is_shorter_than_two_vehicles() -> None:
    again = {"capacity": 2, "reload": 0, "reload_s": 5, "max_trips": 2, "per_s": 1}
    found = best(asked([1, 1], load=[-2, -2], vehicles=again))
    (route,) = found.routes
    assert route.tasks in ((0, RELOAD, 1), (1, RELOAD, 0))
    assert found.cost.total == 12 + 12 + 5
    assert best(asked([1, 1], load=[-2, -2], vehicles=again | {"max_trips": 1})).missing
    found = best(asked([1, 1], load=[-2, -2], vehicles=again | {"count": 2, "fixed": 6}))
    assert (len(found.routes), found.cost.total) == (1, 12 + 12 + 5 + 6)
    found = best(
        asked([1, 1], load=[-2, -2], vehicles=again | {"count": 2, "fixed": 2, "reload": 2})
    )
    assert (len(found.routes), found.cost.total) == (1, 10 + 10 + 5 + 2)


def test_a_pair_does_not_stay_aboard_while_loading() -> None:
    """Cold goods for 10 are loaded at 8, when the pair of 3 and 20 is aboard."""
    again: dict[str, Any] = {"reload": 1, "max_trips": 2}
    requests = {"task": [0, 2], "delivery": [1, NONE], "max_cold_s": [UNLIMITED, 2]}
    windows = [[(3, 3)], [(20, 20)], [(10, 10)]]
    problem = asked([1, 2, 2], requests=requests, vehicles=again, windows=windows)
    assert len(best(problem).missing) == 1
    problem = asked([1, 2, 2], requests=requests, vehicles=again | {"count": 2}, windows=windows)
    assert best(problem).feasible


def test_a_trip_waits_for_what_it_carries() -> None:
    again = {"capacity": 1, "reload": 0, "max_trips": 2, "per_s": 1, "latest_s": 60}
    late = {"release_s": [50, 0]}
    found = best(asked([1, 2], load=[-1, -1], requests=late, vehicles=again))
    (route,) = found.routes
    assert (route.tasks, route.departure_s, route.arrival_s) == ((1, RELOAD, 0), 40, 56)


def test_cold_goods_are_brought_first_or_loaded_later() -> None:
    cold = {"max_cold_s": [UNLIMITED, 5]}
    found = best(asked([1, 2], requests=cold, service_s=1))
    assert found.routes[0].tasks == (1, 0)
    windows = [[(3, 3)], [(20, 20)]]
    assert best(asked([1, 2], requests=cold, windows=windows)).missing
    again = {"reload": 0, "max_trips": 2}
    found = best(asked([1, 2], requests=cold, windows=windows, vehicles=again))
    assert (found.routes[0].tasks, found.cost.total) == ((0, RELOAD, 1), 16)


def test_it_stays_as_long_as_that_pays() -> None:
    for less, lasts in ((1, 4), (3, 9)):
        problem = asked([1], service_s=4, service_most_s=9, per_s_less=less, vehicles={"per_s": 2})
        (route,) = best(problem).routes
        assert route.ends_s[0] - route.starts_s[0] == lasts


def keeps_every_rule(problem: RoutingProblem, found: RoutingSolution) -> RoutingSolution:
    """The checker reckons the cost again, and so does `priced`."""
    assert check(problem, found) == ()
    assert priced(problem, found.routes, engine="by hand") == found
    assert all(times_hold(problem, route) for route in found.routes)
    return found


@settings(max_examples=100)
@given(mixes())
def test_the_best_of_all_plans_keeps_every_rule_at_its_cost(problem: RoutingProblem) -> None:
    keeps_every_rule(problem, best(problem))


def test_so_it_does_where_many_rules_meet() -> None:
    """And each rule is met by some plan."""
    met = dict.fromkeys(("reload", "break", "pattern", "hours", "dwell", "several"), 0)
    for seed in range(60):
        found = keeps_every_rule(tiny(seed), best_of(seed))
        met["reload"] += any(RELOAD in route.tasks for route in found.routes)
        met["break"] += any(route.breaks for route in found.routes)
        met["pattern"] += any(row != NONE for row in found.patterns)
        met["hours"] += found.cost.hours > 0
        met["dwell"] += found.cost.dwell > 0
        met["several"] += len(found.routes) > 1
    assert min(met.values()) >= 3, met


OF_TIME = {
    "travel", "open_end", "window", "vehicle_window", "shift", "dwell", "release", "cold",
    "break_missing", "break_window", "break_after", "break_within",
}  # fmt: skip


@settings(max_examples=150)
@given(st.integers(0, 79), st.integers(0, 99), st.integers(-4, 4))
def test_times_are_judged_as_the_differences_between_them(seed: int, moved: int, by: int) -> None:
    """The checker against the system of differences, on the times of a best plan moved a little."""
    problem = tiny(seed)
    routes = best_of(seed).routes
    if not routes:
        return
    route = routes[moved % len(routes)]
    times = [route.departure_s, *route.starts_s, *route.ends_s, route.arrival_s]
    times += [start_s for _, start_s in route.breaks]
    times[moved % len(times)] += by
    leaves, *inner = times[: 1 + 2 * len(route.tasks)]
    arrival, *rests = times[1 + 2 * len(route.tasks) :]
    route = replace(
        route,
        departure_s=leaves,
        starts_s=tuple(inner[: len(route.tasks)]),
        ends_s=tuple(inner[len(route.tasks) :]),
        arrival_s=arrival,
        breaks=tuple((row, at) for (row, _), at in zip(route.breaks, rests, strict=True)),
    )
    broken = {each.rule for each in check(problem, stated(problem, [route]))} & OF_TIME
    assert (broken == set()) == times_hold(problem, route)


@cache
def best_of(seed: int) -> RoutingSolution:
    return best(tiny(seed))


@settings(max_examples=60)
@given(st.integers(0, 2**32))
def test_visits_of_two_days_are_as_near_as_pays(seed: int) -> None:
    """Against every pair of hours: what they lie apart, and how far from those wanted."""
    rng = np.random.default_rng(seed)
    opens = rng.integers(3, 12, size=2)
    closes = opens + rng.integers(0, 8, size=2)
    wanted, rates, free = (
        rng.integers(low, high, size=2) for low, high in ((0, 20), (0, 4), (0, 4))
    )
    rate, apart = int(rng.integers(0, 5)), int(rng.integers(0, 4))
    problem = asked(
        [1, 1],
        requests={"prize": 0, "day": [0, 1]},
        vehicles=TWO_DAYS,
        windows=[[(int(a), int(b))] for a, b in zip(opens, closes, strict=True)],
        wanted_s=wanted,
        per_s_off=rates,
        off_free_s=free,
        tables=patterns(customer=[0], requests=[[0, 1]], per_s_apart=[rate], apart_free_s=[apart]),
    )
    costs = [
        sum(int(max(0, abs(h[k] - wanted[k]) - free[k]) * rates[k]) for k in (0, 1))
        + rate * max(0, abs(h[0] - h[1]) - apart)
        for h in np.ndindex(20, 20)
        if all(opens[k] <= h[k] <= closes[k] for k in (0, 1))
    ]
    assert best(problem).cost.hours == min(costs)
