"""From sequences of tasks to an answer: when each is done, what it costs, who is left.

A plain one: it serves the backends until the engine's own takes its place.
"""

from __future__ import annotations

from itertools import pairwise, product
from typing import TYPE_CHECKING

import numpy as np

from msap_mobility.errors import BrokenInvariant
from msap_mobility.optimise.routing.problem import ANYWHERE, MANDATORY, NONE, UNLIMITED
from msap_mobility.optimise.routing.solution import Cost, Route, RoutingSolution

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from msap_mobility.optimise.routing.problem import RoutingProblem

__all__ = ["solution_of", "timetable"]

_EVER = 1 << 50


def solution_of(
    problem: RoutingProblem,
    routes: Sequence[tuple[int, Sequence[int]]],
    *,
    engine: str,
    iterations: tuple[int, ...] = (),
    bound: int | None = None,
) -> RoutingSolution:
    """The answer that drives these routes, each in the least time it can.

    Parameters
    ----------
    problem
        What was asked.
    routes
        Row of `Vehicles` and tasks in driving order.
    engine, iterations, bound
        As the fields of `RoutingSolution`.

    Raises
    ------
    BrokenInvariant
        If no timetable keeps the windows, ride times and shift of a route.
    """
    driven = []
    for vehicle, tasks in routes:
        times = timetable(problem, vehicle, tasks)
        if times is None:
            raise BrokenInvariant("a route can be driven", vehicle=vehicle, tasks=tuple(tasks))
        driven.append(
            Route(
                vehicle=int(vehicle),
                tasks=tuple(map(int, tasks)),
                departure_s=times[0],
                starts_s=tuple(times[1:-1]),
                arrival_s=times[-1],
            )
        )
    served = {task for route in driven for task in route.tasks}
    requests = problem.requests
    left = [row for row, task in enumerate(requests.task.tolist()) if task not in served]
    missing = [("request", row) for row in left if requests.prize[row] == MANDATORY]
    reached = {int(requests.group[row]) for row in range(len(requests)) if row not in set(left)}
    missing += [
        ("group", row) for row in np.flatnonzero(problem.groups.must).tolist() if row not in reached
    ]
    return RoutingSolution(
        routes=tuple(driven),
        unserved=tuple(left),
        missing=tuple(missing),
        cost=_cost(problem, driven, left),
        engine=engine,
        iterations=iterations,
        bound=bound,
    )


def _cost(problem: RoutingProblem, routes: Sequence[Route], left: Sequence[int]) -> Cost:
    fleet = problem.vehicles
    fixed = distance = time = overtime = balance = 0
    for route in routes:
        row, lasting = route.vehicle, route.arrival_s - route.departure_s
        fixed += int(fleet.fixed[row])
        metres = int(_ways(problem, row, route.tasks, problem.distance).sum())
        distance += int(fleet.per_distance[row]) * metres
        time += int(fleet.per_s[row]) * lasting
        overtime += int(fleet.per_overtime_s[row]) * max(0, lasting - int(fleet.shift_s[row]))
        balance += problem.objective.balance * lasting**2 // 3600**2
    unserved = sum(max(0, int(problem.requests.prize[row])) for row in left)
    return Cost(
        fixed=fixed,
        distance=distance,
        time=time,
        overtime=overtime,
        balance=balance,
        unserved=unserved,
    )


def _ways(
    problem: RoutingProblem, vehicle: int, tasks: Sequence[int], matrix: np.ndarray
) -> np.ndarray:
    """Along a route: into each task, and to the end; nothing to an open end."""
    fleet = problem.vehicles
    places = [int(fleet.start[vehicle]), *problem.tasks.place[list(tasks)].tolist()]
    there = matrix[int(fleet.profile[vehicle])]
    ways = [there[here, after] for here, after in pairwise(places)]
    end = int(fleet.end[vehicle])
    return np.array([*ways, 0 if end == ANYWHERE else there[places[-1], end]], dtype=np.int64)


def timetable(problem: RoutingProblem, vehicle: int, tasks: Sequence[int]) -> list[int] | None:
    """Departure, start of each task and arrival, in the least time; None if there is none."""
    fleet = problem.vehicles
    service = [0, *problem.tasks.service_s[list(tasks)].tolist()]
    steps = _ways(problem, vehicle, tasks, problem.duration_s) + np.array(service)
    ends = (int(fleet.earliest_s[vehicle]), int(fleet.latest_s[vehicle]))
    windows = [[ends], *(_windows(problem, task) for task in tasks), [ends]]
    rides = list(_rides(problem, tasks))
    most = int(fleet.shift_s[vehicle] + fleet.overtime_s[vehicle])
    found = (
        _with_rides(steps.tolist(), windows, rides)
        if rides
        else _without_rides(steps.tolist(), windows)
    )
    return found if found is not None and found[-1] - found[0] <= most else None


def _windows(problem: RoutingProblem, task: int) -> list[tuple[int, int]]:
    first, end = problem.tasks.window_start[task : task + 2].tolist()
    rows = problem.tasks.window_s[first:end].tolist()
    return [(early, late) for early, late in rows] or [(0, _EVER)]


def _rides(problem: RoutingProblem, tasks: Sequence[int]) -> Iterator[tuple[int, int, int]]:
    """Positions of pickup and delivery, and the most between their beginnings."""
    position = {int(task): number + 1 for number, task in enumerate(tasks)}
    requests = problem.requests
    for row in np.flatnonzero((requests.delivery != NONE) & (requests.max_ride_s < UNLIMITED)):
        pickup, delivery = int(requests.task[row]), int(requests.delivery[row])
        if pickup in position and delivery in position:
            most = int(requests.max_ride_s[row]) + int(problem.tasks.service_s[pickup])
            yield position[pickup], position[delivery], most


Windows = list[list[tuple[int, int]]]


def _without_rides(steps: list[int], windows: Windows) -> list[int] | None:
    """In the best timetable all goes without waiting, or some task begins as its window opens."""
    best = None
    for pinned, rows in enumerate(windows):
        for opening, _ in rows:
            after = _forward(steps, windows, pinned, opening)
            before = _backward(steps, windows, pinned, opening)
            if after is None or before is None:
                continue
            times = [*before, opening, *after]
            if best is None or times[-1] - times[0] < best[-1] - best[0]:
                best = times
    return _tight(steps, windows, best)


def _tight(steps: list[int], windows: Windows, times: list[int] | None) -> list[int] | None:
    """The same departure, each task as soon as it can."""
    if times is None:
        return None
    after = _forward(steps, windows, 0, times[0])
    return None if after is None else [times[0], *after]


def _forward(steps: list[int], windows: Windows, pinned: int, time: int) -> list[int] | None:
    """Earliest beginnings after position `pinned`, begun at `time`."""
    times = []
    for position in range(pinned + 1, len(windows)):
        time += steps[position - 1]
        opening = [max(time, early) for early, late in windows[position] if time <= late]
        if not opening:
            return None
        time = min(opening)
        times.append(time)
    return times


def _backward(steps: list[int], windows: Windows, pinned: int, time: int) -> list[int] | None:
    """Latest beginnings before position `pinned`, begun at `time`."""
    times = []
    for position in range(pinned - 1, -1, -1):
        time -= steps[position]
        closing = [min(time, late) for early, late in windows[position] if time >= early]
        if not closing:
            return None
        time = max(closing)
        times.append(time)
    return times[::-1]


def _with_rides(
    steps: list[int], windows: Windows, rides: list[tuple[int, int, int]]
) -> list[int] | None:
    """Every choice of windows; for each, the longest chain of what must follow upon what."""
    best = None
    ways = [(at, at + 1, step) for at, step in enumerate(steps)]
    ways += [(delivery, pickup, -most) for pickup, delivery, most in rides]
    for chosen in product(*windows):
        opening = [early for early, _ in chosen]
        first = _least(opening, ways)
        if first is None or any(time > late for time, (_, late) in zip(first, chosen, strict=True)):
            continue
        fixed = _shortest(chosen, ways)
        if fixed is not None and (best is None or fixed[-1] - fixed[0] < best[-1] - best[0]):
            best = fixed
    return best


def _shortest(
    chosen: Sequence[tuple[int, int]], ways: list[tuple[int, int, int]]
) -> list[int] | None:
    """The timetable of least duration for these windows: the departure as late as it may be.

    The earliest arrival fixed, latest departures need the reversed system; and any later arrival
    makes the route no shorter.
    """
    opening = [early for early, _ in chosen]
    first = _least(opening, ways)
    if first is None:
        return None
    arrival = first[-1]
    closing = [-late for _, late in chosen]
    closing[-1] = -arrival
    last = _least(closing, [(after, before, step) for before, after, step in ways])
    if last is None:
        return None
    departure = -last[0]
    opening[0] = departure
    return _least(opening, ways)


def _least(least: Sequence[int], ways: list[tuple[int, int, int]]) -> list[int] | None:
    """The least times that keep ``times[after] >= times[before] + step``; None if there are none.

    Examples
    --------
    >>> _least([0, 5, 0], [(0, 1, 2), (1, 2, 2), (2, 1, -3)])
    [0, 5, 7]
    """
    times = list(least)
    for _ in range(len(times) + 1):
        changed = False
        for before, after, step in ways:
            if times[after] < times[before] + step:
                times[after], changed = times[before] + step, True
        if not changed:
            return times
    return None
