"""The slow truth against a slower one: every second of a short day, every order of loadings."""

from __future__ import annotations

from itertools import pairwise, permutations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from msap_mobility.optimise.routing.problem import (
    RELOAD,
    Breaks,
    Objective,
    Patterns,
    Requests,
    RoutingProblem,
    Tasks,
    Vehicles,
)
from tests.optimise.routing.brute_force import best


def every_second(problem: RoutingProblem, order: tuple[int, int]) -> int | None:
    """What one route of two tasks and at most one break costs at best, by trying all times."""
    horizon = int(problem.vehicles.latest_s[0]) + 1  # whatever is done is done by then
    tasks, kind, table = problem.tasks, problem.vehicles, problem.breaks
    legs = problem.duration_s[0]
    places = [int(kind.start[0]), *tasks.place[list(order)].tolist(), int(kind.end[0])]
    way = [int(legs[leg]) for leg in pairwise(places)]
    leaves, first, done, second, over, rest = np.ogrid[(slice(0, horizon),) * 6]
    lasts = int(table.duration_s[0])
    times = [(leaves, first), (done, second), (over, None)]
    least: int | None = None
    for gap in (None, 0, 1, 2):
        right = np.ones(1, dtype=np.bool_)
        back = over + way[2]
        for number, ((before, after), drive) in enumerate(zip(times, way, strict=True)):
            if number == gap and after is None:
                right = right & (rest >= before)
                back = np.where(rest >= before + drive, rest + lasts, rest + lasts + drive)
            elif number == gap:
                whole = (rest - before >= drive) | (after - rest - lasts >= drive)
                right = right & (rest >= before) & (rest + lasts <= after) & whole
            elif after is not None:
                right = right & (after - before >= drive)
        lasting = back - leaves
        if gap is None:
            longest = int(table.if_longer_s[0])
            right = right & (lasting <= longest) & (rest == 0) & (longest > 0)
        else:
            right = right & (rest >= table.earliest_s[0]) & (rest <= table.latest_s[0])
            right = right & (rest - leaves <= table.after_s[0])
        work = lasting - (0 if gap is None or table.paid[0] else lasts)
        right = right & (work <= kind.shift_s[0] + kind.overtime_s[0])
        right = right & (back <= kind.latest_s[0])
        cost = work * kind.per_s[0]
        cost = cost + np.maximum(work - kind.shift_s[0], 0) * kind.per_overtime_s[0]
        cost = cost + problem.objective.balance * work * work // 12_960_000
        for task, begin, end in ((order[0], first, done), (order[1], second, over)):
            right = right & (end - begin >= tasks.service_s[task])
            right = right & (end - begin <= tasks.service_most_s[task])
            off = np.maximum(abs(begin - tasks.wanted_s[task]) - tasks.off_free_s[task], 0)
            cost = cost + off * tasks.per_s_off[task]
            cost = cost + (tasks.service_most_s[task] - end + begin) * tasks.per_s_less[task]
        if right.any():
            found = int(np.where(right, cost, 10**9).min())
            least = found if least is None else min(least, found)
    return least


@settings(max_examples=30)
@given(st.integers(0, 2**32))
def test_hours_and_breaks_are_the_best_of_all_seconds(seed: int) -> None:
    rng = np.random.default_rng(seed)
    matrix = rng.integers(0, 3, size=(3, 3))
    service = rng.integers(0, 3, size=2)
    early = int(rng.integers(0, 6))
    problem = RoutingProblem(
        distance=0 * matrix,
        duration_s=matrix,
        tasks=Tasks.of(
            place=rng.integers(0, 3, size=2),
            service_s=service,
            service_most_s=service + rng.integers(0, 3, size=2),
            per_s_less=rng.integers(0, 4, size=2),
            wanted_s=rng.integers(0, 9, size=2),
            off_free_s=rng.integers(0, 2, size=2),
            per_s_off=rng.integers(0, 4, size=2),
        ),
        requests=Requests.of(task=[0, 1]),
        vehicles=Vehicles.of(
            count=1,
            end=rng.integers(0, 3),
            latest_s=13,
            per_s=rng.integers(0, 4),
            shift_s=rng.integers(5, 14),
            overtime_s=3,
            per_overtime_s=rng.integers(0, 3),
        ),
        breaks=Breaks.of(
            vehicle=[0],
            duration_s=rng.integers(1, 4),
            earliest_s=early,
            latest_s=early + int(rng.integers(0, 4)),
            after_s=rng.integers(2, 12),
            if_longer_s=rng.choice([0, 6]),
            paid=bool(rng.integers(0, 2)),
        ),
        objective=Objective(balance=int(rng.choice([0, 2_000_000]))),
    )
    found = best(problem)
    truths = [every_second(problem, order) for order in ((0, 1), (1, 0))]
    least = min((truth for truth in truths if truth is not None), default=None)
    assert (found.cost.total if found.feasible else None) == least


def at_each_hour(problem: RoutingProblem, vehicle: int) -> np.ndarray:
    """What a route of one task and a break costs at least, by when the task begins; task = day.

    The spread between days is not in it; hours at which nobody can begin cost more than all.
    """
    tasks, kind, table = problem.tasks, problem.vehicles, problem.breaks
    legs = problem.duration_s[0]
    place = int(tasks.place[vehicle])
    out, home = int(legs[0, place]), int(legs[place, 0])
    lasts, opens, closes = (
        int(column[vehicle]) for column in (table.duration_s, table.earliest_s, table.latest_s)
    )
    begins, leaves, rest = np.ogrid[(slice(0, int(kind.latest_s[vehicle]) + 1),) * 3]
    over = begins + int(tasks.service_s[vehicle])
    cost = np.full(np.broadcast_shapes(begins.shape, leaves.shape, rest.shape), 10**6)
    before = (rest >= leaves) & (rest + lasts <= begins)
    before = before & ((rest - leaves >= out) | (begins - rest - lasts >= out))
    after = (rest >= over) & (begins - leaves >= out)
    returned = np.where(rest >= over + home, rest + lasts, rest + lasts + home)
    in_time = (opens <= rest) & (rest <= closes)
    for standing, back in ((before, over + home), (after, returned)):
        right = standing & in_time & (back <= kind.latest_s[vehicle])
        work = back - leaves - (0 if table.paid[vehicle] else lasts)
        found = work * kind.per_s[vehicle] + 0 * rest
        cost = np.where(right, np.minimum(cost, found), cost)
    off = np.maximum(abs(begins[:, 0, 0] - tasks.wanted_s[vehicle]) - tasks.off_free_s[vehicle], 0)
    return cost.min(axis=(1, 2)) + off * tasks.per_s_off[vehicle]


@settings(max_examples=60)
@given(st.integers(0, 2**32))
def test_days_that_wait_for_each_other_are_the_best_of_all_hours(seed: int) -> None:
    rng = np.random.default_rng(seed)
    matrix = rng.integers(0, 5, size=(3, 3))
    early = rng.integers(0, 12, size=2)
    rate, free = int(rng.integers(0, 5)), int(rng.integers(0, 4))
    problem = RoutingProblem(
        distance=0 * matrix,
        duration_s=matrix,
        tasks=Tasks.of(
            place=[1, 2],
            service_s=rng.integers(0, 4, size=2),
            wanted_s=rng.integers(0, 25, size=2),
            off_free_s=rng.integers(0, 3, size=2),
            per_s_off=rng.integers(0, 3, size=2),
        ),
        requests=Requests.of(task=[0, 1], prize=0, day=[0, 1]),
        patterns=Patterns.of(
            customer=[0], requests=[[0, 1]], per_s_apart=[rate], apart_free_s=[free]
        ),
        vehicles=Vehicles.of(
            count=[1, 1], day=[0, 1], latest_s=30, per_s=rng.integers(0, 4, size=2)
        ),
        breaks=Breaks.of(
            vehicle=[0, 1],
            duration_s=rng.integers(1, 6, size=2),
            earliest_s=early,
            latest_s=early + rng.integers(0, 6, size=2),
            paid=rng.random(2) < 0.5,
        ),
    )
    first, second = (at_each_hour(problem, vehicle) for vehicle in (0, 1))
    hours = np.arange(len(first))
    apart = np.maximum(abs(hours[:, None] - hours[None, :]) - free, 0)
    found = best(problem)
    assert found.feasible
    assert found.cost.total == (first[:, None] + second[None, :] + rate * apart).min()


def as_soon_as_can_be(problem: RoutingProblem, order: tuple[int, ...]) -> int | None:
    """How far one vehicle drives an order of visits and loadings, if no limit forbids it.

    Loads only leave, and nothing but limits of time matters: what is early is never worse.
    """
    tasks, kind = problem.tasks, problem.vehicles
    trips: list[list[int]] = [[]]
    for task in order:
        if task == RELOAD:
            trips.append([])
        else:
            trips[-1].append(task)
    here, clock, far = int(kind.start[0]), 0, 0
    for number, trip in enumerate(trips):
        if -tasks.load[trip].sum() > kind.capacity[0, 0]:
            return None
        if number:
            far += int(problem.distance[0, here, kind.reload[0]])
            clock += int(problem.duration_s[0, here, kind.reload[0]]) + int(kind.reload_s[0])
            here = int(kind.reload[0])
        clock = max([clock, *problem.requests.release_s[trip].tolist()])
        for task in trip:
            there = int(tasks.place[task])
            far += int(problem.distance[0, here, there])
            opens, closes = tasks.window_s[task]
            clock = max(clock + int(problem.duration_s[0, here, there]), int(opens))
            if clock > closes:
                return None
            clock += int(tasks.service_s[task])
            here = there
    clock += int(problem.duration_s[0, here, kind.end[0]])
    far += int(problem.distance[0, here, kind.end[0]])
    return far if clock <= kind.latest_s[0] else None


@settings(max_examples=60)
@given(st.integers(0, 2**32))
def test_loading_again_is_the_best_of_all_orders(seed: int) -> None:
    """Also before the first visit and after the last, and twice without a visit between."""
    rng = np.random.default_rng(seed)
    opens = rng.integers(0, 20, size=3)
    problem = RoutingProblem(
        distance=rng.integers(0, 9, size=(4, 4)),
        duration_s=rng.integers(0, 9, size=(4, 4)),
        tasks=Tasks.of(
            place=rng.integers(0, 4, size=3),
            service_s=rng.integers(0, 3, size=3),
            load=-rng.integers(1, 4, size=3),
            windows=[[(int(a), int(a + rng.integers(10, 60)))] for a in opens],
        ),
        requests=Requests.of(task=[0, 1, 2], release_s=rng.integers(0, 25, size=3)),
        vehicles=Vehicles.of(
            count=1,
            end=rng.integers(0, 4),
            capacity=rng.integers(3, 7),
            latest_s=rng.integers(40, 99),
            reload=rng.integers(0, 4),
            reload_s=rng.integers(0, 5),
            max_trips=rng.integers(1, 4),
        ),
    )
    orders = {
        order
        for loadings in range(int(problem.vehicles.max_trips[0]))
        for order in permutations((0, 1, 2, *([RELOAD] * loadings)))
    }
    driven = [as_soon_as_can_be(problem, order) for order in orders]
    least = min((far for far in driven if far is not None), default=None)
    found = best(problem)
    assert (found.cost.distance if found.feasible else None) == least
