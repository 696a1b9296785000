"""The cheapest place for a request, against every position of every slot."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

from msap_mobility.optimise.routing.native.arrays import memory as am
from msap_mobility.optimise.routing.native.arrays import plan as ap
from msap_mobility.optimise.routing.native.arrays import problem as a
from msap_mobility.optimise.routing.native.encode import encoded
from msap_mobility.optimise.routing.native.offers import offer_request
from msap_mobility.optimise.routing.native.options import accept_unit
from msap_mobility.optimise.routing.problem import Requests, RoutingProblem, Tasks, Vehicles
from tests.optimise.routing.native.drawing import drawn, order
from tests.optimise.routing.native.truth import priced, set_route, tasks_of


def with_ends_at_starts(problem: RoutingProblem) -> RoutingProblem:
    """The problem with nothing to drive from any start to its end."""
    vehicles, distance = problem.vehicles, problem.distance.copy()
    for profile, start, end in zip(vehicles.profile, vehicles.start, vehicles.end, strict=True):
        distance[profile, start, end if end >= 0 else start] = 0
    return replace(problem, distance=distance)


class Scene:
    """A random problem, some of whose requests are in random routes that keep every rule."""

    def __init__(self, seed: int, *, idle_is_free: bool = True) -> None:
        self.rng = np.random.default_rng(seed)
        self.problem = drawn(seed, 2 + seed % 6)
        if idle_is_free:
            self.problem = with_ends_at_starts(self.problem)
        self.arrays = encoded(self.problem)
        self.plan, self.memory = ap.empty_plan(self.arrays), am.fresh_memory(self.arrays, 1)
        self.memory.control[am.BLINK] = 0
        self.absent = self.rng.permutation(len(self.problem.requests)).tolist()
        for slot in range(self.arrays.slots):
            set_route(self.arrays, self.plan, self.memory, slot, [])
            some = self.absent[: int(self.rng.integers(0, 4))]
            for _ in range(5):
                tasks = order(self.problem, self.rng, some)
                if tasks and self.price(slot, tasks) is not None:
                    set_route(self.arrays, self.plan, self.memory, slot, tasks)
                    self.absent = self.absent[len(some) :]
                    break
        self.plan.total[ap.USED] = (self.plan.route[:, ap.LENGTH] > 0).sum()

    def price(self, slot: int, tasks: list[int]) -> int | None:
        return priced(self.problem, int(self.arrays.type_of[slot]), tasks)

    def ways(self, request: int) -> Iterator[tuple[int, list[int]]]:
        """Every slot, with every order in which the request is put among those who are there."""
        first = int(self.problem.requests.task[request])
        second = int(self.problem.requests.delivery[request])
        for slot in range(self.arrays.slots):
            tasks = tasks_of(self.plan, slot)
            for at in range(len(tasks) + 1):
                once = [*tasks[:at], first, *tasks[at:]]
                for later in range(at + 1, len(once) + 1) if second >= 0 else [0]:
                    yield slot, once if second < 0 else [*once[:later], second, *once[later:]]

    def cheapest(self, request: int, *, open_routes: bool = True) -> int | None:
        """What the request adds at the best of all positions."""
        found = []
        for slot, tasks in self.ways(request):
            before = tasks_of(self.plan, slot)
            price = self.price(slot, tasks) if before or open_routes else None
            if price is not None:
                found.append(price - (self.price(slot, before) or 0))
        return min(found, default=None)

    def ask(self, request: int, bound: int = a.NEVER, worth: int = 0) -> int | None:
        """What the offer costs, or None."""
        self.memory.offer[:] = bound, -1, -9, -9, -9, -9
        offer_request(self.arrays, self.plan, self.memory, request, worth)
        return int(self.memory.offer[am.ADDED]) if self.memory.offer[am.SLOT] >= 0 else None

    def offered(self, request: int) -> tuple[int, list[int]]:
        """Slot and order of the offer."""
        _, slot, at, later, chosen, _ = self.memory.offer.tolist()
        assert chosen == request
        tasks = tasks_of(self.plan, slot)
        second = int(self.problem.requests.delivery[request])
        if second >= 0:
            assert at <= later <= len(tasks)
            tasks.insert(later, second)
        tasks.insert(at, int(self.problem.requests.task[request]))
        return slot, tasks


def test_an_offer_is_the_cheapest_of_all_positions() -> None:
    seen = {"visit": 0, "pair": 0, "impossible": 0}
    for seed in range(300):
        scene = Scene(seed)
        for request in scene.absent:
            told, truth = scene.ask(request), scene.cheapest(request)
            assert told == truth, (seed, request)
            if told is None:
                seen["impossible"] += 1
                continue
            slot, tasks = scene.offered(request)
            price, before = scene.price(slot, tasks), scene.price(slot, tasks_of(scene.plan, slot))
            assert price is not None
            assert before is not None
            assert price - before == told, (seed, request)
            is_pair = scene.problem.requests.delivery[request] >= 0
            seen["pair" if is_pair else "visit"] += 1
    assert min(seen.values()) > 30, seen


def test_a_first_task_is_priced_with_the_way_from_start_to_end() -> None:
    for seed in range(60):
        scene = Scene(seed, idle_is_free=False)
        for request in scene.absent:
            assert scene.ask(request) == scene.cheapest(request), (seed, request)


def test_only_what_is_cheaper_than_the_bound_is_offered_and_worth_counts() -> None:
    asked = 0
    for seed in range(300, 400):
        scene = Scene(seed)
        for request in scene.absent:
            truth = scene.cheapest(request)
            if truth is not None:
                asked += 1
                assert scene.ask(request, bound=truth) is None, (seed, request)
                assert scene.ask(request, bound=truth + 1) == truth, (seed, request)
                assert scene.ask(request, bound=truth + 8, worth=-7) == truth + 7
                assert scene.ask(request, bound=truth + 7, worth=-7) is None
    assert asked > 50


def test_no_empty_slot_is_offered_beyond_the_most_routes() -> None:
    asked = 0
    for seed in range(400, 480):
        scene = Scene(seed)
        scene.memory.control[am.ROUTE_LIMIT] = scene.plan.total[ap.USED]
        for request in scene.absent:
            truth = scene.cheapest(request, open_routes=False)
            assert scene.ask(request) == truth, (seed, request)
            asked += truth is not None
    assert asked > 20


@pytest.mark.parametrize("seed", range(480, 520))
def test_an_accepted_offer_is_the_route_that_was_priced(seed: int) -> None:
    scene = Scene(seed)
    for request in scene.absent:
        if scene.ask(request) is None:
            continue
        slot, tasks = scene.offered(request)
        before = scene.plan.total[ap.ROUTES_COST]
        told = int(scene.memory.offer[am.ADDED])
        unit = int(scene.arrays.node[scene.problem.requests.task[request], a.OWNER])
        if scene.plan.served[unit] >= 0:
            continue
        accept_unit(scene.arrays, scene.plan, scene.memory, unit)
        assert tasks_of(scene.plan, slot) == tasks
        assert scene.plan.total[ap.ROUTES_COST] - before == told


def test_blinks_overlook_as_many_positions_as_asked_for() -> None:
    """With every position overlooked nobody is offered one."""
    for seed in range(40):
        scene = Scene(seed)
        scene.memory.control[am.BLINK] = 10_000
        assert all(scene.ask(request) is None for request in scene.absent)


def is_orderly(problem: RoutingProblem) -> bool:
    """Whether no detour is faster than the direct way."""
    time = problem.duration_s.astype(np.int64)
    return all(
        (np.add.outer(matrix[:, middle], matrix[middle]) >= matrix).all()
        for matrix in time
        for middle in range(len(matrix))
    )


def test_the_problems_are_such_that_the_cheapest_is_promised() -> None:
    """Positions dearer by distance alone are not looked at: time is never saved by a detour."""
    assert all(is_orderly(drawn(seed, 4)) for seed in range(50))


def far_from_all(visits: int) -> RoutingProblem:
    """Visits on a line, one vehicle of which may go to the last of them: it is at the other end."""
    place = np.arange(visits + 1)
    away = abs(np.subtract.outer(place, place))
    return RoutingProblem(
        distance=away,
        duration_s=away.astype(np.int32),
        tasks=Tasks.of(place=place[1:]),
        requests=Requests.of(task=range(visits), skills=[0] * (visits - 1) + [1]),
        vehicles=Vehicles.of(count=[1, 1], skills=[0, 1]),
    )


def test_a_route_that_passes_none_of_the_nearest_is_found_if_no_other_will_do() -> None:
    problem = far_from_all(100)
    arrays = encoded(problem)
    plan, memory = ap.empty_plan(arrays), am.fresh_memory(arrays, 1)
    memory.control[am.BLINK] = 0
    set_route(arrays, plan, memory, 0, list(range(1, 99)))
    set_route(arrays, plan, memory, 1, [0])
    plan.total[ap.USED] = 2
    memory.offer[:] = a.NEVER, -1, -9, -9, -9, -9
    offer_request(arrays, plan, memory, 99, 0)
    assert memory.offer[am.SLOT] == 1
    assert memory.offer[am.ADDED] == 2 * 99
    assert not memory.is_nearby.any()
