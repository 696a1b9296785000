"""The slow truth about tiny routing problems: every choice, every order, every window.

A sequence with chosen windows is a system of differences ``x_j − x_i ≥ w_ij`` between departure,
beginnings, arrival and the zero of the clock. The least possible ``arrival − departure`` is the
longest way from departure to arrival in the graph of these weights; a cycle of positive weight is
a sequence nobody can drive.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from itertools import pairwise, product
from typing import TYPE_CHECKING

import numpy as np

from msap_mobility.optimise.arrays import LIMIT
from msap_mobility.optimise.routing.solution import Route, RoutingSolution
from tests.optimise.routing.stated import distance_of, parts_of, stated

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from msap_mobility.optimise.routing.problem import RoutingProblem

NEVER = -(1 << 60)
"""No difference is asked for."""
CLOCK, DEPARTURE = 0, 1
"""Nodes of the graph; tasks follow in their order, the arrival is last."""

Value = tuple[int, int, int]
"""What is compared: how much is missing, how many routes (if that comes first), the cost."""


def best(problem: RoutingProblem) -> RoutingSolution:
    """The best of all solutions. Grows like (2 requests)!: for four requests, two vehicles."""
    routes = _best_routes(problem)
    everyone = range(len(problem.requests))
    plans = (
        stated(problem, plan)
        for chosen in product([False, True], repeat=len(everyone))
        for plan in _plans(problem, routes, frozenset(row for row in everyone if chosen[row]))
    )
    return min(plans, key=lambda plan: value(problem, plan))


def value(problem: RoutingProblem, solution: RoutingSolution) -> Value:
    """What the engine makes least."""
    used = len(solution.routes) if problem.objective.vehicles_first else 0
    return len(solution.missing), used, solution.cost.total


def timed(problem: RoutingProblem, vehicle: int, tasks: Sequence[int]) -> Route | None:
    """The sequence with its least time from departure to arrival, at the earliest; None if none.

    Time, windows, ride times, shift and hours of the vehicle only.
    """
    found: tuple[int, Route] | None = None
    for windows in _choices(problem, vehicle, tasks):
        ways = _longest_ways(_differences(problem, vehicle, tasks, windows))
        if ways is None:
            continue
        lasts = int(ways[DEPARTURE, -1])
        longest = problem.vehicles.shift_s[vehicle] + problem.vehicles.overtime_s[vehicle]
        if lasts <= longest and (found is None or lasts < found[0]):
            found = lasts, _at_the_earliest(problem, vehicle, tasks, windows, lasts)
    return None if found is None else found[1]


def times_hold(problem: RoutingProblem, route: Route) -> bool:
    """Whether the times of a route solve the system for some choice of windows."""
    times = np.array([0, route.departure_s, *route.starts_s, route.arrival_s])
    apart = times[None, :] - times[:, None]
    longest = problem.vehicles.shift_s[route.vehicle] + problem.vehicles.overtime_s[route.vehicle]
    return route.arrival_s - route.departure_s <= longest and any(
        (apart >= _differences(problem, route.vehicle, route.tasks, windows)).all()
        for windows in product(*(_windows(problem, task) for task in route.tasks))
    )


@dataclass(frozen=True)
class Choice:
    """One vehicle's best way to serve a set of requests."""

    cost: int
    route: Route


def _choices(
    problem: RoutingProblem, vehicle: int, tasks: Sequence[int]
) -> Iterator[tuple[tuple[int, int], ...]]:
    """Every choice of one window for each task that is not over before anybody can be there."""
    legs = problem.duration_s[problem.vehicles.profile[vehicle]]
    places = [int(problem.vehicles.start[vehicle]), *problem.tasks.place[list(tasks)].tolist()]

    def choose(row: int, clock: int) -> Iterator[tuple[tuple[int, int], ...]]:
        if row == len(tasks):
            yield ()
            return
        here = clock + int(legs[places[row], places[row + 1]])
        for opens, closes in _windows(problem, tasks[row]):
            if here <= closes:
                done = max(here, opens) + int(problem.tasks.service_s[tasks[row]])
                for later in choose(row + 1, done):
                    yield ((opens, closes), *later)

    return choose(0, int(problem.vehicles.earliest_s[vehicle]))


def _windows(problem: RoutingProblem, task: int) -> list[tuple[int, int]]:
    first, last = problem.tasks.window_start[task : task + 2]
    return [(int(a), int(b)) for a, b in problem.tasks.window_s[first:last]] or [(0, LIMIT)]


def _differences(
    problem: RoutingProblem,
    vehicle: int,
    tasks: Sequence[int],
    windows: Sequence[tuple[int, int]],
) -> np.ndarray:
    """``weight[i, j]``: the least that x_j − x_i may be."""
    weight = np.full((len(tasks) + 3, len(tasks) + 3), NEVER, dtype=np.int64)
    np.fill_diagonal(weight, 0)
    kind = problem.vehicles
    legs = problem.duration_s[kind.profile[vehicle]]
    here, done_s, node = int(kind.start[vehicle]), 0, DEPARTURE
    for row, task in enumerate(tasks):
        place = int(problem.tasks.place[task])
        weight[node, row + 2] = done_s + int(legs[here, place])
        weight[CLOCK, row + 2], weight[row + 2, CLOCK] = windows[row][0], -windows[row][1]
        here, done_s, node = place, int(problem.tasks.service_s[task]), row + 2
    end = int(kind.end[vehicle])
    weight[node, -1] = done_s + (int(legs[here, end]) if end >= 0 else 0)
    if end < 0:
        weight[-1, node] = -done_s
    weight[CLOCK, DEPARTURE] = int(kind.earliest_s[vehicle])
    weight[-1, CLOCK] = -int(kind.latest_s[vehicle])
    for pickup, delivery, most in zip(
        problem.requests.task, problem.requests.delivery, problem.requests.max_ride_s, strict=True
    ):
        if pickup in tasks and delivery in tasks:
            up, down = tasks.index(pickup) + 2, tasks.index(delivery) + 2
            weight[down, up] = -int(problem.tasks.service_s[pickup]) - int(most)
    return weight


def _longest_ways(weight: np.ndarray) -> np.ndarray | None:
    """Between all nodes (Floyd & Warshall), or None if a cycle is positive."""
    ways = weight.copy()
    for middle in range(len(ways)):
        reached = np.add.outer(ways[:, middle], ways[middle])
        ways = np.where(reached > NEVER // 2, np.maximum(ways, reached), ways)
    return None if (np.diagonal(ways) > 0).any() else ways


def _at_the_earliest(
    problem: RoutingProblem,
    vehicle: int,
    tasks: Sequence[int],
    windows: Sequence[tuple[int, int]],
    lasts: int,
) -> Route:
    weight = _differences(problem, vehicle, tasks, windows)
    weight[-1, DEPARTURE] = max(weight[-1, DEPARTURE], -lasts)
    ways = _longest_ways(weight)
    assert ways is not None
    departure, *starts, arrival = ways[CLOCK, 1:].tolist()
    return Route(
        vehicle=vehicle,
        tasks=tuple(tasks),
        departure_s=departure,
        starts_s=tuple(starts),
        arrival_s=arrival,
    )


def _best_routes(problem: RoutingProblem) -> dict[tuple[int, frozenset[int]], Choice]:
    """For each type of vehicle and set of requests, the cheapest order that can be driven."""
    found: dict[tuple[int, frozenset[int]], Choice] = {}
    for vehicle in range(len(problem.vehicles)):
        for tasks, served in _sequences(problem, vehicle):
            known = found.get((vehicle, served))
            if known is not None and known.cost <= _least_cost(problem, vehicle, tasks):
                continue
            route = timed(problem, vehicle, tasks)
            if route is None:
                continue
            cost = sum(parts_of(problem, route))
            if known is None or cost < known.cost:
                found[vehicle, served] = Choice(cost, route)
    return found


def _least_cost(problem: RoutingProblem, vehicle: int, tasks: tuple[int, ...]) -> int:
    """What the order costs without any waiting."""
    legs = problem.duration_s[problem.vehicles.profile[vehicle]]
    stops = [problem.vehicles.start[vehicle], *problem.tasks.place[list(tasks)]]
    stops += [end] if (end := problem.vehicles.end[vehicle]) >= 0 else []
    busy = sum(int(legs[leg]) for leg in pairwise(stops))
    busy += int(problem.tasks.service_s[list(tasks)].sum())
    freely = Route(vehicle=vehicle, tasks=tasks, departure_s=0, starts_s=(), arrival_s=busy)
    return sum(parts_of(problem, freely))


def _sequences(
    problem: RoutingProblem, vehicle: int
) -> Iterator[tuple[tuple[int, ...], frozenset[int]]]:
    """Every order of tasks within load, length, stops and skills; whole requests only."""
    lacking = problem.requests.skills & ~problem.vehicles.skills[vehicle]
    pairs = np.column_stack([problem.requests.task, problem.requests.delivery]).tolist()
    whole = {
        row: [task for task in tasks if task >= 0]
        for row, tasks in enumerate(pairs)
        if lacking[row] == 0
    }
    following = {tasks[0]: tasks[1:] for tasks in whole.values()}
    row_of = {task: row for row, tasks in whole.items() for task in tasks}
    firsts = list(following)

    def grow(order: tuple[int, ...], due: frozenset[int]) -> Iterator[tuple[int, ...]]:
        if order and not due:
            yield order
        for task in [*(first for first in firsts if first not in order), *sorted(due)]:
            longer = (*order, task)
            if _may_grow(problem, vehicle, longer):
                yield from grow(longer, (due - {task}) | set(following.get(task, ())))

    for order in grow((), frozenset()):
        if _fits(problem, vehicle, order, following):
            yield order, frozenset(row_of[task] for task in order)


def _may_grow(problem: RoutingProblem, vehicle: int, order: tuple[int, ...]) -> bool:
    """Whether an order may lead anywhere: it is there before the last window of every task."""
    if len(order) > int(problem.vehicles.max_stops[vehicle]):
        return False
    legs = problem.duration_s[problem.vehicles.profile[vehicle]]
    here, clock = int(problem.vehicles.start[vehicle]), int(problem.vehicles.earliest_s[vehicle])
    for task in order:
        place = int(problem.tasks.place[task])
        clock += int(legs[here, place])
        opens = [max(a, clock) for a, b in _windows(problem, task) if b >= clock]
        if not opens:
            return False
        here, clock = place, min(opens) + int(problem.tasks.service_s[task])
    return clock <= int(problem.vehicles.latest_s[vehicle])


def _fits(
    problem: RoutingProblem,
    vehicle: int,
    order: tuple[int, ...],
    following: dict[int, list[int]],
) -> bool:
    """Whether load and length allow the order."""
    if distance_of(problem, vehicle, order) > int(problem.vehicles.max_distance[vehicle]):
        return False
    singles = [task for task in order if following.get(task) == []]
    loads = problem.tasks.load
    aboard = -np.minimum(loads[singles], 0).sum(axis=0)
    moments = np.vstack([aboard, aboard + np.cumsum(loads[list(order)], axis=0)])
    return bool((moments <= problem.vehicles.capacity[vehicle]).all())


def _plans(
    problem: RoutingProblem,
    routes: dict[tuple[int, frozenset[int]], Choice],
    chosen: frozenset[int],
) -> Iterator[list[Route]]:
    """The best plans that serve exactly these requests, one for each number of routes."""
    groups = [group for group in problem.requests.group[list(chosen)].tolist() if group >= 0]
    if len(groups) > len(set(groups)):
        return
    counts = tuple(int(count) for count in problem.vehicles.count)

    @cache
    def cheapest(
        left: frozenset[int], free: tuple[int, ...], used: int
    ) -> tuple[int, tuple[Route, ...]] | None:
        """To serve `left` by exactly `used` routes."""
        if not left or not used:
            return (0, ()) if not left and not used else None
        plans = []
        for (vehicle, served), choice in routes.items():
            if min(left) in served and served <= left and free[vehicle]:
                fewer = tuple(n - (v == vehicle) for v, n in enumerate(free))
                rest = cheapest(left - served, fewer, used - 1)
                if rest is not None:
                    plans.append((choice.cost + rest[0], (choice.route, *rest[1])))
        return min(plans, key=lambda plan: plan[0], default=None)

    for used in range(len(chosen) + 1):
        plan = cheapest(chosen, counts, used)
        if plan is not None:
            yield list(plan[1])
