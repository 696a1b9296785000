"""The shortest schedule against every beginning of every task, second by second."""

from __future__ import annotations

import numpy as np

from msap_mobility.optimise.routing.native.arrays import memory as am
from msap_mobility.optimise.routing.native.arrays import problem as a
from msap_mobility.optimise.routing.native.encode import encoded
from msap_mobility.optimise.routing.native.schedule import least_times, shortest
from msap_mobility.optimise.routing.problem import UNLIMITED, RoutingProblem
from tests.optimise.routing.brute_force import timed
from tests.optimise.routing.native.drawing import drawn, order
from tests.optimise.routing.native.truth import drive_s, windows_of

HORIZON_S = 22


ROOM = 36
"""Drafts are longer here than any route that may be."""


def every_schedule(problem: RoutingProblem, kind: int, tasks: list[int]) -> dict[int, int]:
    """For each departure the earliest arrival, found by trying every second for every task."""
    vehicles, requests, service = problem.vehicles, problem.requests, problem.tasks.service_s
    end = min(int(vehicles.latest_s[kind]), 2 * HORIZON_S)
    longest = int(vehicles.shift_s[kind] + vehicles.overtime_s[kind])
    pickup_of = dict(zip(requests.delivery.tolist(), requests.task.tolist(), strict=True))
    ride = dict(zip(requests.delivery.tolist(), requests.max_ride_s.tolist(), strict=True))

    def arrive(row: int, free: int, most: int, start: dict[int, int]) -> int | None:
        """The earliest arrival, up to `most`, if the vehicle is free at `free` after `row`."""
        before = tasks[row - 1] if row else None
        if row == len(tasks):
            arrival = free + drive_s(problem, kind, before, None)
            return arrival if arrival <= most else None
        task = tasks[row]
        least = None
        first = free + drive_s(problem, kind, before, task)
        for begin in range(first, most + 1):
            if not any(x <= begin <= y for x, y in windows_of(problem, task)):
                continue
            if task in pickup_of and pickup_of[task] in start:
                done = start[pickup_of[task]] + int(service[pickup_of[task]])
                if begin - done > ride[task]:
                    break
            later = arrive(row + 1, begin + int(service[task]), most, {**start, task: begin})
            if later is not None and (least is None or later < least):
                least = later
        return least

    found = {}
    for departure in range(int(vehicles.earliest_s[kind]), min(end, HORIZON_S) + 1):
        arrival = arrive(0, departure, min(end, departure + longest), {})
        if arrival is not None:
            found[departure] = arrival
    return found


def test_no_departure_and_no_beginning_is_better() -> None:
    counts = {"possible": 0, "impossible": 0, "several windows": 0, "rides": 0}
    for seed in range(200):
        rng = np.random.default_rng(seed)
        problem = drawn(seed, 1 + seed % 3, horizon_s=HORIZON_S, slow=5)
        kind = int(rng.integers(0, len(problem.vehicles)))
        tasks = order(problem, rng, rng.permutation(len(problem.requests))[:2])
        closed = all(y <= HORIZON_S for task in tasks for _, y in windows_of(problem, task))
        if not closed and len(tasks) > 3:
            continue  # too many seconds to try
        arrays = encoded(problem)
        memory = am.fresh_memory(arrays, 1, stops=ROOM)
        memory.draft[1 : len(tasks) + 1] = tasks
        truth = every_schedule(problem, kind, tasks)
        departure, lasts = shortest(arrays, memory, arrays.vehicle[kind], len(tasks))
        if not truth:
            assert lasts >= a.NEVER, seed
            counts["impossible"] += 1
            continue
        least = min(arrival - begin for begin, arrival in truth.items())
        assert lasts == least, seed
        assert truth.get(departure, departure + least) == departure + least, seed
        several = any(len(windows_of(problem, task)) > 1 for task in tasks)
        counts["possible"] += 1
        counts["several windows"] += several
        counts["rides"] += bool((problem.requests.max_ride_s < UNLIMITED).any())
    assert min(counts.values()) >= 10, counts


def test_least_times_of_every_departure() -> None:
    """For a departure no sooner than asked every task begins as soon as any schedule lets it."""
    for seed in range(0, 900, 12):
        rng = np.random.default_rng(seed)
        problem = drawn(seed, 1 + seed % 3, horizon_s=HORIZON_S, slow=5)
        kind = int(rng.integers(0, len(problem.vehicles)))
        tasks = order(problem, rng, rng.permutation(len(problem.requests))[:1])
        arrays = encoded(problem)
        memory = am.fresh_memory(arrays, 1, stops=ROOM)
        memory.draft[1 : len(tasks) + 1] = tasks
        truth = every_schedule(problem, kind, tasks)
        for asked in range(HORIZON_S):
            arrivals = [arrival for begin, arrival in truth.items() if begin >= asked]
            found = least_times(arrays, memory, arrays.vehicle[kind], len(tasks), asked)
            if arrivals:
                assert found, (seed, asked)
                assert memory.times[0, len(tasks) + 1] == min(arrivals), (seed, asked)


def test_long_routes_with_many_windows_and_rides() -> None:
    """Twelve tasks and up to five windows each: every choice of windows is tried."""
    possible = 0
    for seed in range(150):
        rng = np.random.default_rng(seed)
        problem = drawn(seed, 6, horizon_s=200, slow=8)
        kind = int(rng.integers(0, len(problem.vehicles)))
        tasks = order(problem, rng, rng.permutation(6))
        arrays = encoded(problem)
        memory = am.fresh_memory(arrays, 1, stops=ROOM)
        memory.draft[1 : len(tasks) + 1] = tasks
        _, lasts = shortest(arrays, memory, arrays.vehicle[kind], len(tasks))
        truth = timed(problem, kind, tasks)
        assert (lasts < a.NEVER) == (truth is not None), seed
        if truth is not None:
            assert lasts == truth.arrival_s - truth.departure_s, seed
            possible += 1
    assert possible > 10
