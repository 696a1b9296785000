"""An order of tasks with every window and every place of its breaks."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations, permutations
from typing import TYPE_CHECKING

from msap_mobility.optimise.arrays import LIMIT
from tests.optimise.routing.stated import stops_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from msap_mobility.optimise.routing.problem import RoutingProblem

Window = tuple[int, int]
Stand = tuple[int, int, bool]
"""A break: its row, the gap in which it is taken (0 is before the first task), and whether after
the drive of that gap or before it."""


@dataclass(frozen=True)
class Itinerary:
    """One vehicle, its tasks in order (-1 loads again), a window of each, and where it rests."""

    vehicle: int
    tasks: tuple[int, ...]
    windows: tuple[Window, ...]
    stands: tuple[Stand, ...] = ()


def itineraries(problem: RoutingProblem, vehicle: int, tasks: Sequence[int]) -> Iterator[Itinerary]:
    """All that are not too late anywhere even without waiting."""
    gaps = len(stops_of(problem, vehicle, tasks)) - 1
    last = (len(tasks), False) if gaps == len(tasks) else (len(tasks), True)
    slots = [(gap, after) for gap in range(len(tasks) + 1) for after in (False, True)]
    slots = [slot for slot in slots if slot <= last]
    for rows in _taken(problem, vehicle):
        for stands in _stands(rows, slots):
            for windows in _windows(problem, vehicle, tasks, stands):
                yield Itinerary(vehicle, tuple(tasks), windows, stands)


def windows_of(problem: RoutingProblem, task: int) -> list[Window]:
    """Of a task; a loading may begin at any time."""
    if task < 0:
        return [(0, LIMIT)]
    first, last = problem.tasks.window_start[task : task + 2]
    return [(int(a), int(b)) for a, b in problem.tasks.window_s[first:last]] or [(0, LIMIT)]


def least_s(problem: RoutingProblem, vehicle: int, task: int) -> int:
    """How long a task or a loading takes at least."""
    return int(problem.tasks.service_s[task] if task >= 0 else problem.vehicles.reload_s[vehicle])


def _taken(problem: RoutingProblem, vehicle: int) -> Iterator[tuple[int, ...]]:
    """Every set of breaks; those asked of all routes are in each."""
    table = problem.breaks
    rows = [row for row in range(len(table)) if table.vehicle[row] == vehicle]
    must = {row for row in rows if table.if_longer_s[row] == 0}
    for size in range(len(rows) + 1):
        yield from (taken for taken in combinations(rows, size) if must <= set(taken))


def _stands(rows: tuple[int, ...], slots: list[tuple[int, bool]]) -> Iterator[tuple[Stand, ...]]:
    """Breaks in every order, each in a slot not before that of the one before it."""
    for order in permutations(rows):
        for chosen in _rising(len(order), 0, len(slots)):
            yield tuple((row, *slots[slot]) for row, slot in zip(order, chosen, strict=True))


def _rising(size: int, first: int, count: int) -> Iterator[tuple[int, ...]]:
    """Every list of so many numbers below a count that never falls."""
    if size == 0:
        yield ()
        return
    for number in range(first, count):
        yield from ((number, *rest) for rest in _rising(size - 1, number, count))


def _windows(
    problem: RoutingProblem, vehicle: int, tasks: Sequence[int], stands: tuple[Stand, ...]
) -> Iterator[tuple[Window, ...]]:
    """Every choice of windows; what is too late at the earliest leads nowhere."""
    legs = problem.duration_s[problem.vehicles.profile[vehicle]]
    places = stops_of(problem, vehicle, tasks)

    def choose(row: int, clock: int) -> Iterator[tuple[Window, ...]]:
        leaving = _rested(problem, stands, clock, (row, False))
        if leaving is None:
            return
        if row == len(tasks):
            yield ()
            return
        drive = int(legs[places[row], places[row + 1]])
        here = _rested(problem, stands, leaving + drive, (row, True))
        if here is None:
            return
        for opens, closes in windows_of(problem, tasks[row]):
            if here <= closes:
                done = max(here, opens) + least_s(problem, vehicle, tasks[row])
                yield from (((opens, closes), *later) for later in choose(row + 1, done))

    return choose(0, int(problem.vehicles.earliest_s[vehicle]))


def _rested(
    problem: RoutingProblem, stands: tuple[Stand, ...], clock: int, slot: tuple[int, bool]
) -> int | None:
    """When the breaks of a slot are over at the earliest; None if one can begin too late only."""
    for row, *where in stands:
        if tuple(where) == slot:
            if clock > problem.breaks.latest_s[row]:
                return None
            clock = max(clock, int(problem.breaks.earliest_s[row]))
            clock += int(problem.breaks.duration_s[row])
    return clock
