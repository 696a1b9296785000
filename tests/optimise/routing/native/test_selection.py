"""Who is selected along a route: every rule is kept, and each price is answered exactly."""

from __future__ import annotations

from itertools import combinations, pairwise

import numpy as np
import pytest

from msap_mobility.optimise.routing.answer import solution_of
from msap_mobility.optimise.routing.check import check
from msap_mobility.optimise.routing.native import selection
from msap_mobility.optimise.routing.native.arrays import memory as am
from msap_mobility.optimise.routing.native.arrays import plan as ap
from msap_mobility.optimise.routing.native.arrays import problem as a
from msap_mobility.optimise.routing.native.encode import encoded
from msap_mobility.optimise.routing.native.keep import copy_changes, forget_changes
from msap_mobility.optimise.routing.native.loading import routes_of
from msap_mobility.optimise.routing.native.start import Start
from msap_mobility.optimise.routing.problem import (
    MANDATORY,
    NONE,
    Groups,
    Requests,
    RoutingProblem,
    Tasks,
    Vehicles,
)
from tests.optimise.routing.native.test_undo import COLD, HOT, begin, in_order, iterate
from tests.optimise.routing.native.truth import consistent


def scored(seed: int, visits: int, *, by_time: bool, plain: bool = False) -> RoutingProblem:
    """Prizes only and one limit, in every other too short for some.

    Unless `plain` there are skills, alternatives, and one who must be served.
    """
    rng = np.random.default_rng([seed, visits])
    points = rng.integers(0, 60, size=(visits + 1, 2))
    away = np.rint(np.linalg.norm(points[:, None] - points[None], axis=2)).astype(np.int64)
    prize = rng.integers(0, 40, size=visits)
    group = np.full(visits, NONE)
    if not plain:
        group[:4] = [0, 0, 1, 1]
        prize[4] = MANDATORY
    limits = rng.integers(120, 260, size=2) // (1 + 2 * (seed % 2))
    return RoutingProblem(
        distance=away,
        duration_s=away.astype(np.int32),
        tasks=Tasks.of(place=range(1, visits + 1), service_s=rng.integers(0, 9, size=visits)),
        requests=Requests.of(
            task=range(visits),
            prize=prize,
            group=group,
            skills=0 if plain else rng.integers(0, 3, size=visits),
        ),
        groups=Groups(must=np.array([False, False])),
        vehicles=Vehicles.of(
            count=[1, 1],
            per_distance=0,
            skills=[3, 2],
            max_stops=[visits, 5],
            **{"shift_s" if by_time else "max_distance": limits},
        ),
    )


@pytest.mark.parametrize("by_time", [False, True])
def test_a_selection_keeps_every_rule_and_the_plan_in_order(by_time: bool) -> None:
    entered = left = 0
    for seed in range(60):
        problem = scored(seed, 16, by_time=by_time)
        start = Start(encoded(problem), 5 + seed, 0)
        assert start.problem.setting[a.SELECTS] > 0
        for turn in range(12):
            slot, near = turn % start.problem.slots, (7 * turn + seed) % 16
            before = set(start.plan.sequence[slot, 1 : start.plan.route[slot, ap.LENGTH] + 1])
            selection.select_along(start.problem, start.plan, start.memory, slot, near)
            after = set(start.plan.sequence[slot, 1 : start.plan.route[slot, ap.LENGTH] + 1])
            entered, left = entered + len(after - before), left + len(before - after)
            copy_changes(start.plan, start.accepted, start.memory)
            forget_changes(start.memory)
            consistent(start.problem, start.plan)
            told = solution_of(problem, routes_of(start.problem, start.plan), engine="test")
            assert check(problem, told) == (), (seed, turn)
            assert told.cost.unserved == start.plan.total[ap.MISSED]
    assert min(entered, left) > 30, (entered, left)


@pytest.mark.parametrize("by_time", [False, True])
@pytest.mark.parametrize("visits", [12, 40])
def test_iterations_with_selection_leave_the_plans_in_order(visits: int, by_time: bool) -> None:
    for seed in range(6):
        problem = scored(50 + seed, visits, by_time=by_time)
        start = begin(problem, seed)
        for heat in (COLD, HOT):
            for row, _ in enumerate(iterate(start, heat, 60)):
                if row % 4 == 0:
                    in_order(start)
        told = solution_of(problem, routes_of(start.problem, start.accepted), engine="test")
        assert check(problem, told) == (), seed


def value(problem: RoutingProblem, tasks: tuple[int, ...], weight: int, worth: np.ndarray) -> int:
    """Length of a route from place 0 and back, with its stays, less what its tasks are worth."""
    places = [0, *(problem.tasks.place[list(tasks)].tolist()), 0]
    away = problem.distance[0]
    length = sum(int(away[x, y]) for x, y in pairwise(places))
    stays = sum(int(problem.tasks.service_s[task]) for task in tasks)
    return weight * (length + stays) - sum(int(worth[task]) for task in tasks)


@pytest.mark.parametrize("seed", range(30))
def test_the_selection_at_a_price_is_the_best_of_all_subsequences(seed: int) -> None:
    problem = scored(seed, 9, by_time=True, plain=True)
    arrays = encoded(problem)
    memory = am.fresh_memory(arrays, 3)
    rng = np.random.default_rng(seed)
    order = rng.permutation(9).tolist()
    memory.draft[1:10] = order
    memory.sort[:] = rng.integers(0, 1 << 16, size=len(memory.sort))
    owner = arrays.node[:, a.OWNER]
    limit = 1_000  # nothing is that long
    weight, price = selection._WHOLE // limit, int(rng.integers(1, 1 << 20))
    length = selection._shortest(arrays, memory, 0, 9, price, limit)
    chosen, position = [], int(memory.times[1, 10])
    while position > 0:
        chosen.insert(0, int(memory.draft[position]))
        position = int(memory.times[1, position])
    worth = price * memory.sort[owner]
    best = min(
        value(problem, listed, weight, worth)
        for size in range(10)
        for listed in combinations(order, size)
    )
    assert value(problem, tuple(chosen), weight, worth) == best
    assert value(problem, tuple(chosen), 1, 0 * worth) == length


def test_where_more_than_one_limit_or_a_window_counts_nobody_is_selected() -> None:
    problem = scored(1, 9, by_time=True)
    assert encoded(problem).setting[a.SELECTS] == a.BY_TIME
    assert encoded(scored(1, 9, by_time=False)).setting[a.SELECTS] == a.BY_DISTANCE
    both = Vehicles.of(count=[1, 1], per_distance=0, max_distance=90, shift_s=90, skills=3)
    windows = Tasks.of(place=range(1, 10), windows=[[(0, 50)]] * 9)
    for changed in ({"vehicles": both}, {"tasks": windows}):
        other = RoutingProblem(
            **{
                "distance": problem.distance,
                "duration_s": problem.duration_s,
                "tasks": problem.tasks,
                "requests": problem.requests,
                "groups": problem.groups,
                "vehicles": problem.vehicles,
                **changed,
            }
        )
        assert encoded(other).setting[a.SELECTS] == 0
