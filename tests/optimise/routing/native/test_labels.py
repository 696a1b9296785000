"""Labels of a route, against their definitions and against the schedule of the whole."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from msap_mobility.optimise.routing.native.arrays import memory as am
from msap_mobility.optimise.routing.native.arrays import plan as ap
from msap_mobility.optimise.routing.native.arrays import problem as a
from msap_mobility.optimise.routing.native.encode import encoded
from msap_mobility.optimise.routing.native.labels import joined, needs_schedule
from msap_mobility.optimise.routing.native.possible import is_possible
from msap_mobility.optimise.routing.native.schedule import shortest
from msap_mobility.optimise.routing.problem import RoutingProblem
from tests.optimise.routing.brute_force import timed
from tests.optimise.routing.native.drawing import drawn, order
from tests.optimise.routing.native.truth import (
    aboard_at,
    begun,
    drive_s,
    opening,
    set_route,
    windows_of,
)
from tests.optimise.routing.stated import distance_of

SECONDS = 300
"""Every beginning that a small problem allows is before, unless it is free."""


def placed(seed: int) -> tuple[RoutingProblem, int, list[int], a.Problem, ap.Plan, am.Memory, int]:
    """A random route, whatever rules it breaks, in the first slot of its type of vehicle."""
    rng = np.random.default_rng(seed)
    problem = drawn(seed, 1 + seed % 5)
    arrays = encoded(problem)
    kind = int(rng.integers(0, len(problem.vehicles)))
    rows = rng.permutation(len(problem.requests))[: int(rng.integers(1, 5))]
    tasks = order(problem, rng, rows)[: int(arrays.setting[a.STOPS])]
    plan, memory = ap.empty_plan(arrays), am.fresh_memory(arrays, 1)
    slot = int(arrays.vehicle[kind, a.SLOT_FROM])
    for row in rows:  # a route cut off by a longest number of stops may hold half a pair
        ends = {int(problem.requests.task[row]), int(problem.requests.delivery[row])} - {-1}
        if not ends <= set(tasks):
            tasks = [task for task in tasks if task not in ends]
    set_route(arrays, plan, memory, slot, tasks)
    return problem, kind, tasks, arrays, plan, memory, slot


def test_labels_tell_as_much_as_the_schedule_and_brute_force() -> None:
    kinds: dict[tuple[bool, bool], int] = {}
    for seed in range(500):
        problem, kind, tasks, arrays, plan, memory, slot = placed(seed)
        if not tasks:
            continue
        vehicle = arrays.vehicle[kind]
        memory.draft[1 : len(tasks) + 1] = tasks
        departure, lasts = shortest(arrays, memory, vehicle, len(tasks))
        truth = timed(problem, kind, tasks)
        near_enough = distance_of(problem, kind, tasks) <= problem.vehicles.max_distance[kind]
        assert (lasts < a.NEVER) == (truth is not None), seed
        if truth is not None:
            assert lasts == truth.arrival_s - truth.departure_s, seed
            assert departure >= truth.departure_s, seed
        told = is_possible(arrays, plan, memory, slot)
        assert told == (truth is not None and near_enough), seed
        if vehicle[a.TIMED] and truth is not None:
            unpaid = needs_schedule(plan, slot, True) and not vehicle[a.PAID]
            assert plan.route[slot, ap.DURATION] == (0 if unpaid else lasts), seed
        by_labels = not needs_schedule(plan, slot, bool(vehicle[a.TIMED]))
        kinds[by_labels, told] = kinds.get((by_labels, told), 0) + 1
    assert min(kinds.get(key, 0) for key in product([True, False], repeat=2)) > 15, kinds


def test_leaving_is_earliest_and_beginning_latest() -> None:
    for seed in range(0, 2000, 9):
        problem, kind, tasks, _, plan, _, slot = placed(seed)
        moment: int | None = int(problem.vehicles.earliest_s[kind])
        for position, task in enumerate(tasks, 1):
            before = tasks[position - 2] if position > 1 else None
            assert moment is not None
            moment = opening(problem, task, moment + drive_s(problem, kind, before, task))
            if moment is None:
                assert plan.leave[slot, position] >= a.NEVER, seed
                break
            moment += int(problem.tasks.service_s[task])
            assert plan.leave[slot, position] == moment, seed
        for position in range(1, len(tasks) + 1):
            rest = tasks[position - 1 :]
            free = any(y > SECONDS for _, y in windows_of(problem, rest[0]))
            if free and problem.vehicles.latest_s[kind] > SECONDS:
                continue  # so late that it is not worth looking for second by second
            last = [
                t
                for t in range(SECONDS)
                if opening(problem, rest[0], t) == t
                and begun(problem, kind, rest, t, home=True) is not None
            ]
            told = int(plan.latest[slot, position])
            assert told == last[-1] if last else told < 0, (seed, position)


def test_loads_aboard() -> None:
    for seed in range(0, 2000, 9):
        problem, _, tasks, _, plan, _, slot = placed(seed)
        truth = aboard_at(problem, tasks)
        for position in range(len(tasks) + 1):
            label = plan.aboard[slot, position]
            assert (label[0] == truth[position]).all(), seed
            assert (label[1] == truth[: position + 1].max(axis=0)).all(), seed
            assert (label[2] == truth[position:].max(axis=0)).all(), seed


def test_spans_are_the_shortest_with_all_their_beginnings() -> None:
    looked_at = 0
    for seed in range(0, 3000, 9):
        problem, kind, tasks, arrays, plan, _, slot = placed(seed)
        timed_by_labels = arrays.vehicle[kind, a.TIMED] and not needs_schedule(plan, slot, True)
        late = problem.vehicles.latest_s[kind]
        if not timed_by_labels or late > SECONDS or not tasks:
            continue
        looked_at += 1
        departures = range(int(problem.vehicles.earliest_s[kind]), int(late) + 1)
        for position in range(1, len(tasks) + 1):
            first = drive_s(problem, kind, None, tasks[0])
            ends = {
                t: begun(problem, kind, tasks[:position], t + first, home=False) for t in departures
            }
            compare(ends, plan.span[slot, position, :3].tolist(), f"{seed} up to {position}")
            rest = tasks[position - 1 :]
            ((opens, closes),) = windows_of(problem, rest[0])
            opens = max(opens, departures[0])  # what is before cannot be, and its label may say so
            ends = {
                t: begun(problem, kind, rest, t, home=True)
                for t in range(opens, min(closes, SECONDS) + 1)
            }
            if ends:
                length, begin, last = plan.span[slot, position, 3:].tolist()
                span = [length if last >= opens else a.NEVER, max(begin, opens), last]
                compare(ends, span, f"{seed} from {position}")
    assert looked_at > 40


def compare(ends: dict[int, int | None], span: list[int], hint: str) -> None:
    """A span against the end for each beginning."""
    lasting = {t: end - t for t, end in ends.items() if end is not None}
    if not lasting:
        assert span[0] >= a.NEVER, hint
        return
    least = min(lasting.values())
    best = [t for t, length in lasting.items() if length == least]
    assert span == [least, best[0], best[-1]], hint


@pytest.mark.parametrize("seed", range(4))
def test_two_spans_joined(seed: int) -> None:
    rng = np.random.default_rng(seed)
    for _ in range(1000):
        length, drive, then = rng.integers(0, 8, size=3).tolist()
        first, last = np.sort(rng.integers(0, 30, size=2)).tolist()
        then_first, then_last = np.sort(rng.integers(0, 50, size=2)).tolist()
        ends: dict[int, int | None] = {}
        for t in range(-60, last + 1):  # too early waits, too late is not at all
            there = max(t, first) + length + drive
            ends[t] = None if there > then_last else max(there, then_first) + then
        told = joined(length, first, last, drive, then, then_first, then_last)
        compare(ends, list(told), f"{length, first, last, drive, then, then_first, then_last}")
