"""The slow truth itself, against cases reckoned by hand and against every second of a short day."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from msap_mobility.optimise.routing.check import check
from msap_mobility.optimise.routing.problem import (
    ANYWHERE,
    Groups,
    Objective,
    Requests,
    RoutingProblem,
    Tasks,
    Vehicles,
)
from tests.optimise.routing.brute_force import best, timed, value
from tests.optimise.routing.planting import mix

LINE = np.abs(np.subtract.outer([0, 3, 5, 9], [0, 3, 5, 9]))
"""Four places on a line; the depot is the first."""


def asked(
    place: list[int],
    *,
    requests: dict[str, Any] | None = None,
    vehicles: dict[str, Any] | None = None,
    must: tuple[bool, ...] = (),
    objective: Objective | None = None,
    **tasks: Any,
) -> RoutingProblem:
    """Single visits that must be served by one vehicle, unless said otherwise."""
    return RoutingProblem(
        distance=LINE,
        duration_s=LINE,
        tasks=Tasks.of(place=place, **tasks),
        requests=Requests.of(**({"task": list(range(len(place)))} | (requests or {}))),
        groups=Groups(must=np.array(must, dtype=np.bool_)),
        vehicles=Vehicles.of(**({"count": 1} | (vehicles or {}))),
        objective=objective or Objective(),
    )


def lasts(problem: RoutingProblem, *tasks: int) -> int | None:
    route = timed(problem, 0, tasks)
    return None if route is None else route.arrival_s - route.departure_s


PAIR: dict[str, Any] = {"task": [0], "delivery": [1]}


def test_there_and_back() -> None:
    found = best(asked([1, 2, 3], service_s=[1, 1, 1]))
    assert found.cost.total == 18
    assert len(found.routes) == 1
    assert found.feasible


def test_an_open_route_does_not_come_back() -> None:
    problem = asked([1, 3], vehicles={"end": ANYWHERE, "per_s": 1}, service_s=[2, 4])
    assert best(problem).cost.total == 9 + 9 + 6
    assert best(problem).routes[0].tasks == (0, 1)


def test_it_leaves_as_late_as_its_windows_allow() -> None:
    problem = asked([1, 2], windows=[[(10, 60)], [(50, 50)]])
    assert lasts(problem, 0, 1) == 10
    assert timed(problem, 0, (0, 1)) is not None
    assert timed(problem, 0, (1, 0)).starts_s == (50, 52)  # type: ignore[union-attr]


def test_it_waits_where_it_must() -> None:
    problem = asked([1, 2], windows=[[(10, 20)], [(50, 50)]])
    assert lasts(problem, 0, 1) == 3 + 30 + 5
    assert lasts(problem, 1, 0) is None


def test_the_shift_forbids_waiting_so_long() -> None:
    windows = [[(10, 20)], [(50, 50)]]
    assert lasts(asked([1, 2], windows=windows, vehicles={"shift_s": 38}), 0, 1) == 38
    assert lasts(asked([1, 2], windows=windows, vehicles={"shift_s": 37}), 0, 1) is None
    over = {"shift_s": 30, "overtime_s": 8, "per_overtime_s": 5, "per_s": 1}
    assert best(asked([1, 2], windows=windows, vehicles=over)).cost.total == 10 + 38 + 8 * 5


def test_a_later_window_makes_a_shorter_day() -> None:
    problem = asked([1, 2], windows=[[(10, 12), (45, 46)], [(50, 50)]])
    assert lasts(problem, 0, 1) == 3 + 4 + 5
    assert timed(problem, 0, (0, 1)).starts_s == (46, 50)  # type: ignore[union-attr]


def test_a_ride_is_kept_short_by_picking_up_late() -> None:
    windows = [[(0, 100)], [(50, 60)], [(20, 20)]]
    for most, starts in ((47, (20, 20, 50)), (10, (20, 38, 50)), (2, (20, 46, 50))):
        requests = {"task": [2, 0], "delivery": [-1, 1], "max_ride_s": [0, most]}
        problem = asked([1, 2, 1], requests=requests, windows=windows, service_s=[2, 0, 0])
        route = timed(problem, 0, (2, 0, 1))
        assert route is not None
        assert (route.starts_s, route.departure_s) == (starts, 17)
    requests = PAIR | {"max_ride_s": [1]}
    assert lasts(asked([1, 2], requests=requests), 0, 1) is None  # it takes 2 s to get there


def test_a_ride_that_no_waiting_can_keep() -> None:
    windows = [[(0, 10)], [(50, 60)], [(20, 20)]]
    for most, right in ((40, True), (39, False)):
        requests = {"task": [0, 2], "delivery": [1, -1], "max_ride_s": [most, 0]}
        problem = asked([1, 2, 3], requests=requests, windows=windows)
        assert (timed(problem, 0, (0, 2, 1)) is not None) == right


def test_what_is_unloaded_was_aboard_at_first() -> None:
    loads = [-2, 3]
    for room, right in ((3, True), (2, False)):
        problem = asked([1, 2], load=loads, vehicles={"capacity": room})
        assert best(problem).feasible == right
    two_rounds = best(asked([1, 2], load=[-2, -2], vehicles={"count": 2, "capacity": 3}))
    assert two_rounds.cost.total == 16


def test_a_prize_is_weighed_against_the_way() -> None:
    requests = {"prize": [7, 9]}
    found = best(asked([1, 3], requests=requests))
    assert (found.unserved, found.cost.total) == ((1,), 15)
    found = best(asked([1, 3], requests={"prize": [7, 13]}))
    assert (found.unserved, found.cost.total) == ((), 18)
    found = best(asked([1, 3], requests={"prize": [5, 11]}))
    assert (found.unserved, found.cost.total) == ((0, 1), 16)


def test_one_of_a_group() -> None:
    requests = {"prize": [0, 0, 0], "group": [0, 0, -1]}
    assert best(asked([3, 2, 1], requests=requests, must=(False,))).cost.total == 0
    found = best(asked([3, 2, 1], requests=requests, must=(True,)))
    assert (found.unserved, found.cost.total, found.feasible) == ((0, 2), 10, True)


def test_alternatives_left_cost_their_prizes_too() -> None:
    requests = {"prize": [30, 30], "group": [0, 0]}
    found = best(asked([3, 2], requests=requests, must=(False,)))
    assert (found.cost.distance, found.cost.unserved) == (10, 30)


def test_fewer_vehicles_first() -> None:
    vehicles = {"count": [1, 1], "start": [1, 3], "end": [1, 3]}
    assert best(asked([1, 3], vehicles=vehicles)).cost.total == 0
    first = best(asked([1, 3], vehicles=vehicles, objective=Objective(vehicles_first=True)))
    assert (len(first.routes), first.cost.total) == (1, 12)


def test_balance_shares_the_day() -> None:
    """One day of 30 s, or two of 16 and 20: 900 + 10 against 256 + 400 + 16."""
    problem = asked(
        [1, 2], service_s=[10, 10], vehicles={"count": 2}, objective=Objective(balance=3600**2)
    )
    found = best(problem)
    assert (len(found.routes), found.cost.balance, found.cost.distance) == (2, 656, 16)


def test_what_cannot_be_served_is_missing() -> None:
    problem = asked(
        [1, 3],
        requests={"skills": [0, 1], "prize": [-1, -1]},
        must=(True,),
    )
    found = best(problem)
    assert found.missing == (("request", 1), ("group", 0))
    assert value(problem, found) == (2, 0, 6)
    assert check(problem, found) == ()


def test_the_types_drive_by_their_own_matrices() -> None:
    problem = RoutingProblem(
        distance=np.stack([LINE, LINE // 2]),
        duration_s=np.stack([LINE, 9 * LINE]),
        tasks=Tasks.of(place=[1, 2], windows=[[(0, 10)], [(0, 50)]]),
        requests=Requests.of(task=[0, 1]),
        vehicles=Vehicles.of(count=[1, 1], profile=[0, 1], max_stops=[1, 1]),
    )
    found = best(problem)
    assert {route.vehicle: route.tasks for route in found.routes} == {0: (0,), 1: (1,)}
    assert found.cost.total == 6 + 4


def brute_least(problem: RoutingProblem, order: tuple[int, ...], horizon: int) -> int | None:
    """Least time from departure to arrival over every second each task may begin at."""
    times = np.meshgrid(*[np.arange(horizon)] * (len(order) + 1), indexing="ij", sparse=True)
    legs = problem.duration_s[problem.vehicles.profile[0]]
    places = [problem.vehicles.start[0], *problem.tasks.place[list(order)]]
    done = times[0]
    right = times[0] >= problem.vehicles.earliest_s[0]
    for at, task, leg in zip(times[1:], order, pairwise(places), strict=True):
        first, last = problem.tasks.window_start[task : task + 2]
        windows = problem.tasks.window_s[first:last].tolist() or [(0, horizon)]
        right = right & (at >= done + legs[leg])
        right = right & np.any([(a <= at) & (at <= b) for a, b in windows], axis=0)
        done = at + problem.tasks.service_s[task]
    end = problem.vehicles.end[0]
    back = done + (legs[places[-1], end] if end >= 0 else 0)
    lasting = back - times[0]
    right = right & (back <= problem.vehicles.latest_s[0])
    right = right & (lasting <= problem.vehicles.shift_s[0] + problem.vehicles.overtime_s[0])
    if len(order) == 3:  # the first and the last are a pair
        ride = times[3] - times[1] - problem.tasks.service_s[order[0]]
        right = right & (ride <= problem.requests.max_ride_s[0])
    return int(np.where(right, lasting, 10**6).min()) if right.any() else None


@settings(max_examples=250)
@given(st.integers(0, 2**32))
def test_the_least_day_is_the_least_of_all(seed: int) -> None:
    rng = np.random.default_rng(seed)
    matrix = rng.integers(0, 5, size=(3, 3))
    pair = bool(rng.integers(0, 2))
    marks = [np.sort(rng.choice(17, size=2 * rng.integers(0, 3), replace=False)) for _ in range(3)]
    problem = RoutingProblem(
        distance=matrix,
        duration_s=matrix,
        tasks=Tasks.of(
            place=rng.integers(0, 3, size=2 + pair),
            service_s=rng.integers(0, 3, size=2 + pair),
            windows=[row.reshape(-1, 2).tolist() for row in marks][: 2 + pair],
        ),
        requests=Requests.of(
            task=[0, 1],
            delivery=[2 if pair else -1, -1],
            max_ride_s=[int(rng.integers(0, 12)), 0],
        ),
        vehicles=Vehicles.of(
            count=1,
            end=rng.integers(-1, 3),
            earliest_s=rng.integers(0, 4),
            latest_s=rng.integers(8, 20),
            shift_s=rng.integers(3, 20),
            overtime_s=rng.integers(0, 3),
        ),
    )
    order = (0, 1, 2) if pair else (0, 1)
    assert lasts(problem, *order) == brute_least(problem, order, 21)


@pytest.mark.parametrize("seed", range(60))
def test_nothing_planted_is_better(seed: int) -> None:
    mixed = mix(seed, 1 + seed % 3)
    if len(mixed.problem.requests) > 4:
        pytest.skip("more than four requests take brute force too long")
    found = best(mixed.problem)
    assert value(mixed.problem, found) <= value(mixed.problem, mixed.planted)
    assert check(mixed.problem, found) == ()
