"""Random routing problems of the size at which a slow truth is still known."""

from __future__ import annotations

from typing import Any

import numpy as np

from msap_mobility.optimise.routing.problem import (
    ANYWHERE,
    MANDATORY,
    NONE,
    UNLIMITED,
    Groups,
    Objective,
    Requests,
    RoutingProblem,
    Tasks,
    Vehicles,
)

Rng = np.random.Generator


def drawn(seed: int, requests: int, *, horizon_s: int = 120, slow: int = 12) -> RoutingProblem:
    """Any mix of the rules, each in about half of the problems; costs are never all 0.

    No detour is faster than the direct way, and no ride takes longer than `slow`.
    """
    rng = np.random.default_rng([seed, requests, horizon_s])
    paired = rng.random(requests) < rng.choice([0, 0.4, 1])
    count = requests + int(paired.sum())
    dimensions, profiles, places = (int(rng.integers(1, most)) for most in (3, 3, 7))
    rows = rng.permutation(count).tolist()
    task = [rows.pop() for _ in paired]
    delivery = [rows.pop() if pair else NONE for pair in paired]
    load = rng.integers(-3, 4, size=(count, dimensions)) * rng.integers(0, 2)
    for up, down in zip(task, delivery, strict=True):
        if down != NONE:
            load[up] = abs(load[up])
            load[down] = -load[up]
    return RoutingProblem(
        distance=rng.integers(0, 20, size=(profiles, places, places)),
        duration_s=metric(rng.integers(0, slow, size=(profiles, places, places))),
        tasks=Tasks.of(
            place=rng.integers(0, places, size=count),
            service_s=rng.integers(0, max(2, slow // 2), size=count) * rng.integers(0, 2),
            load=load,
            windows=windows(rng, count, horizon_s),
        ),
        requests=_requests(rng, task, delivery, slow),
        groups=Groups(must=np.array([True, False])),
        vehicles=_vehicles(rng, dimensions, places, profiles, horizon_s, slow),
        objective=Objective(balance=int(rng.choice([0, 0, 400_000]))),
    )


def metric(time: np.ndarray) -> np.ndarray:
    """The shortest ways of these (Floyd & Warshall), nothing from a place to itself."""
    time = time.copy()
    for matrix in time:
        np.fill_diagonal(matrix, 0)
        for middle in range(len(matrix)):
            np.minimum(matrix, np.add.outer(matrix[:, middle], matrix[middle]), out=matrix)
    return time.astype(np.int32)


def windows(rng: Rng, count: int, horizon_s: int) -> list[list[tuple[int, int]]]:
    """Of each task none, one, or several apart from each other."""
    most = int(rng.choice([1, 2, 5]))
    listed = []
    for _ in range(count):
        bounds = rng.choice(horizon_s, size=2 * int(rng.integers(0, most + 1)), replace=False)
        listed.append([(int(a), int(b)) for a, b in np.sort(bounds).reshape(-1, 2)])
    return listed


def _requests(rng: Rng, task: list[int], delivery: list[int], slow: int) -> Requests:
    count = len(task)
    group = np.where(rng.random(count) < 0.7, NONE, rng.integers(0, 2, size=count))
    optional = (group != NONE) | (rng.random(count) < 0.3)
    limited = rng.random(count) < rng.choice([0, 0.7])
    return Requests.of(
        task=task,
        delivery=delivery,
        prize=np.where(optional, rng.integers(0, 200, size=count), MANDATORY),
        max_ride_s=np.where(limited, rng.integers(0, 4 * slow, size=count), UNLIMITED),
        skills=rng.choice([0, 0, 0, 1, 2], size=count),
        group=group,
    )


def _vehicles(
    rng: Rng, dimensions: int, places: int, profiles: int, horizon_s: int, slow: int
) -> Vehicles:
    kinds = int(rng.integers(1, 3))

    def limit(least: int, most: int, *shape: int) -> Any:
        drawn = rng.integers(least, most + 1, size=(kinds, *shape))
        return drawn if rng.random() < 0.5 else np.full_like(drawn, UNLIMITED)

    return Vehicles.of(
        count=rng.integers(1, 3, size=kinds),
        capacity=limit(3, 9, dimensions),
        start=rng.integers(0, places, size=kinds),
        end=rng.integers(ANYWHERE, places, size=kinds),
        earliest_s=rng.choice([0, 0, horizon_s // 6], size=kinds),
        latest_s=limit(horizon_s // 2, 2 * horizon_s),
        shift_s=limit(2 * slow, horizon_s),
        overtime_s=rng.choice([0, 0, slow, UNLIMITED], size=kinds),
        max_distance=limit(20, 120),
        max_stops=limit(2, 8),
        skills=rng.choice([3, 3, 3, 1], size=kinds),
        profile=rng.integers(0, profiles, size=kinds),
        fixed=rng.choice([0, 0, 10, 50], size=kinds),
        per_distance=rng.integers(1, 4, size=kinds),
        per_s=rng.choice([0, 0, 1, 2], size=kinds),
        per_overtime_s=rng.choice([0, 1, 5], size=kinds),
    )


def order(problem: RoutingProblem, rng: Rng, rows: Any) -> list[int]:
    """The tasks of some requests in random order, pickups first."""
    tasks: list[int] = []
    for row in rows:
        at = int(rng.integers(0, len(tasks) + 1))
        tasks.insert(at, int(problem.requests.task[row]))
        if problem.requests.delivery[row] != NONE:
            later = int(rng.integers(at + 1, len(tasks) + 1))
            tasks.insert(later, int(problem.requests.delivery[row]))
    return tasks
