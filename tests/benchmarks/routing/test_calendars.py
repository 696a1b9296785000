"""Published plans of covering, periodic and multi-trip instances, and plans that are wrong."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from benchmarks.routing.covering_tours import CoveringTours
from benchmarks.routing.families import named
from benchmarks.routing.periods import Periods
from benchmarks.routing.references import routes_of
from benchmarks.routing.trips import Trips
from msap_mobility.optimise.routing.check import check
from msap_mobility.optimise.routing.pricing import priced
from msap_mobility.optimise.routing.problem import NONE, RELOAD, RoutingProblem
from msap_mobility.optimise.routing.solution import Route, RoutingSolution
from tests.real_data import ROOT, real_data

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from benchmarks.routing.instance import Instance

INSTANCES = ROOT / "instances"


def of(family: str, ending: str) -> list[str]:
    return [f"{family}/{file.stem}" for file in sorted((INSTANCES / family).glob(f"*{ending}"))]


def loaded(instance: str) -> tuple[Instance, Path, float]:
    """The instance, where its files lie, and the best value known."""
    family, name = instance.split("/")
    folder = real_data(f"instances/{family}")
    found = {each.name: each for each in named(folder.parent, family)}[name]
    assert found.reference is not None
    return found.load(), folder / name, found.reference.value


def driven(problem: RoutingProblem, vehicle: int, tasks: Sequence[int]) -> Route:
    """As soon as it can be, every trip once all it carries is released."""
    legs, kind = problem.duration_s[problem.vehicles.profile[vehicle]], problem.vehicles
    here, starts, ends = int(kind.start[vehicle]), [], []
    clock = departure = int(kind.earliest_s[vehicle]) + _released(problem, tasks)
    for at, task in enumerate(tasks):
        there = int(kind.reload[vehicle] if task == RELOAD else problem.tasks.place[task])
        clock += int(legs[here, there])
        if task == RELOAD:
            clock = max(clock, _released(problem, tasks[at + 1 :]))
        else:
            first, last = problem.tasks.window_start[task : task + 2]
            clock = max([clock, *problem.tasks.window_s[first:last, 0].tolist()])
        starts.append(clock)
        clock += 0 if task == RELOAD else int(problem.tasks.service_s[task])
        ends.append(clock)
        here = there
    return Route(
        vehicle=vehicle,
        tasks=tuple(tasks),
        departure_s=departure,
        starts_s=tuple(starts),
        ends_s=tuple(ends),
        arrival_s=clock + int(legs[here, kind.end[vehicle]]),
    )


def _released(problem: RoutingProblem, tasks: Sequence[int]) -> int:
    """When the first trip of these tasks may leave; here task t is request t."""
    trip = tasks[: tasks.index(RELOAD)] if RELOAD in tasks else tasks
    return max((int(problem.requests.release_s[task]) for task in trip), default=0)


def plan(problem: RoutingProblem, routes: Iterable[tuple[int, Sequence[int]]]) -> RoutingSolution:
    timed = [driven(problem, vehicle, list(tasks)) for vehicle, tasks in routes]
    return priced(problem, timed, engine="published")


def of_trips(trips: Trips, file: Path) -> RoutingSolution:
    """The ``.sol`` beside the instance; 0 is where vehicles load again."""
    task = {node: row for row, node in enumerate(trips.nodes.tolist())} | {0: RELOAD}
    routes = [[task[node] for node in route] for route in routes_of(file).routes if route]
    return plan(trips.problem(), [(0, route) for route in routes])


def of_periods(periods: Periods, file: Path) -> tuple[float, RoutingSolution]:
    """The ``.res`` beside the instance, and what it says it costs.

    One customer of p01 is at the depot and needs a vehicle of its own, which the file leaves out.
    """
    (told,), *rows = [line.split() for line in file.read_text().splitlines() if line.strip()]
    row = {visit: number for number, visit in enumerate(periods.visits)}
    customer = {node: number for number, node in enumerate(periods.read.node.tolist())}
    routes = [
        (day, [row[customer[int(node)], day] for node in words[5:-1]])
        for words in rows
        if (day := int(words[0]) - 1) >= 0 and words[5:-1]
    ]
    served = {periods.visits[task][0] for _, tasks in routes for task in tasks}
    used = Counter(day for day, _ in routes)
    for left in sorted(set(range(len(periods.read.patterns))) - served):
        for day in periods.read.patterns[left][0]:
            assert used[day] < periods.read.vehicles
            routes.append((day, [row[left, day]]))
    return float(told), plan(periods.problem(), routes)


@pytest.mark.parametrize("instance", of("mtvrptw_reload", ".sol"))
def test_published_trips_keep_every_rule_at_the_best_known_value(instance: str) -> None:
    trips, file, best = loaded(instance)
    assert isinstance(trips, Trips)
    answer = of_trips(trips, file.parent / f"{file.name}.sol")
    assert check(trips.problem(), answer) == ()
    assert answer.feasible
    verdict = trips.judge(answer)
    assert verdict.broken == ()
    assert verdict.value == answer.cost.total == best


@pytest.mark.parametrize("instance", of("pvrp", ".res"))
def test_published_calendars_keep_every_rule_at_the_value_told(instance: str) -> None:
    periods, file, best = loaded(instance)
    assert isinstance(periods, Periods)
    told, answer = of_periods(periods, file.with_suffix(".res"))
    assert answer.feasible
    assert NONE not in answer.patterns
    verdict = periods.judge(answer)
    assert verdict.broken == ()
    assert check(periods.problem(), answer) == ()
    assert verdict.value == pytest.approx(told, abs=0.01)
    assert answer.cost.total / 10_000 == pytest.approx(told, abs=0.01)
    assert verdict.value > best - 0.01


OPTIMAL_TOURS = {
    "A1-1-25-75-4": [(5, 18, 9), (22, 13, 4, 24)],
    "A1-1-25-75-4-250": [(4, 24), (2, 11, 22), (5, 18, 9)],
    "A1-5-25-75-4": [(18, 3, 24), (1, 4, 13, 2)],
    "C1-1-25-75-4-500": [(18,), (14, 21, 22)],
}
"""Vertices of each route, found by listing every route of at most four stops and choosing among
them by a set covering program: the folder holds values only."""


def covering_plan(name: str) -> tuple[CoveringTours, RoutingSolution, float]:
    tours, _, best = loaded(f"mctp/{name}")
    assert isinstance(tours, CoveringTours)
    routes = [(0, [vertex - 1 for vertex in route]) for route in OPTIMAL_TOURS[name]]
    return tours, plan(tours.problem(), routes), best


@pytest.mark.parametrize("name", OPTIMAL_TOURS)
def test_optimal_covering_tours_keep_every_rule_at_the_proven_value(name: str) -> None:
    tours, answer, best = covering_plan(name)
    assert check(tours.problem(), answer) == ()
    assert answer.feasible
    verdict = tours.judge(answer)
    assert verdict.broken == ()
    assert verdict.value == answer.cost.total == best


def without(answer: RoutingSolution, number: int) -> RoutingSolution:
    return replace(answer, routes=answer.routes[:number] + answer.routes[number + 1 :])


def changed(answer: RoutingSolution, number: int, **changes: object) -> RoutingSolution:
    routes = list(answer.routes)
    routes[number] = replace(routes[number], **changes)  # type: ignore[arg-type]
    return replace(answer, routes=tuple(routes))


def test_wrong_covering_tours_are_told() -> None:
    tours, answer, _ = covering_plan("A1-1-25-75-4-250")
    longest = tuple(task for route in answer.routes for task in route.tasks)
    for wrong, told in (
        (without(answer, 0), "is not covered"),
        (changed(answer, 0, tasks=longest), "stops too many"),
        (changed(answer, 0, tasks=longest), "is too far by"),
        (changed(answer, 0, tasks=()), "visits nothing"),
        (replace(answer, routes=answer.routes + answer.routes[:1]), "is visited 2 times"),
    ):
        assert any(told in each for each in tours.judge(wrong).broken), told
    tours, answer, _ = covering_plan("A1-5-25-75-4")
    assert any("is not visited" in each for each in tours.judge(without(answer, 1)).broken)


def test_wrong_calendars_are_told() -> None:
    periods, file, _ = loaded("pvrp/p02")
    assert isinstance(periods, Periods)
    _, answer = of_periods(periods, file.with_suffix(".res"))
    first = answer.routes[0]
    for wrong, told in (
        (without(answer, 0), "is visited on days"),
        (changed(answer, 0, vehicle=1), "has visits of other days"),
        (changed(answer, 0, arrival_s=first.departure_s), "is told too short"),
        (changed(answer, 0, tasks=first.tasks * 2), "carries too much"),
        (changed(answer, 0, tasks=()), "visits nobody"),
        (changed(answer, 0, vehicle=99), "no such vehicle or task"),
        (replace(answer, routes=answer.routes + (first,) * 3), "may drive"),
    ):
        assert any(told in each for each in periods.judge(wrong).broken), told
    periods, file, _ = loaded("pvrp/pr01")
    assert isinstance(periods, Periods)
    _, answer = of_periods(periods, file.with_suffix(".res"))
    doubled = changed(answer, 0, tasks=answer.routes[0].tasks * 2)
    assert any("lasts too long" in each for each in periods.judge(doubled).broken)


def test_wrong_trips_are_told() -> None:
    trips, file, _ = loaded("mtvrptw_reload/C201R0.25")
    assert isinstance(trips, Trips)
    answer = of_trips(trips, file.parent / f"{file.name}.sol")
    late = int(trips.read.ground.fleet.latest[0]) + 1
    several = next(n for n, route in enumerate(answer.routes) if RELOAD in route.tasks)
    route = answer.routes[several]
    single = [at for at, task in enumerate(route.tasks) if task != RELOAD]
    for wrong, told in (
        (without(answer, 0), "is done 0 times"),
        (replace(answer, routes=(*answer.routes, route)), "vehicles more than there are"),
        (replace(answer, routes=(*answer.routes, route)), "is done 2 times"),
        (changed(answer, several, arrival_s=late), "too late"),
        (changed(answer, several, departure_s=-1), "too soon"),
        (changed(answer, several, departure_s=late), "less than it takes"),
        (
            changed(
                answer,
                several,
                tasks=tuple(route.tasks[at] for at in single),
                starts_s=tuple(route.starts_s[at] for at in single),
            ),
            "too much at task",
        ),
        (
            changed(answer, several, starts_s=(late,) * len(route.starts_s)),
            "outside its window",
        ),
    ):
        assert any(told in each for each in trips.judge(wrong).broken), told
    unreleased = replace(trips, read=replace(trips.read, release=trips.read.release + 1e5))
    assert any("before its release" in each for each in unreleased.judge(answer).broken)


@pytest.mark.parametrize("instance", of("mdpvrp", ".txt"))
def test_depots_and_days_are_types_of_vehicle(instance: str) -> None:
    """All customers of a depot and day on one route: only loads and durations are too much."""
    periods, _, best = loaded(instance)
    assert isinstance(periods, Periods)
    problem = periods.problem()
    row = {visit: number for number, visit in enumerate(periods.visits)}
    used: defaultdict[int, list[int]] = defaultdict(list)
    for customer, patterns in enumerate(periods.read.patterns):
        for day in patterns[0]:
            used[customer % len(periods.read.depots) * periods.read.days + day].append(
                row[customer, day]
            )
    answer = plan(problem, list(used.items()))
    assert {each.rule for each in check(problem, answer)} <= {"capacity", "shift"}
    broken = periods.judge(answer).broken
    assert all("carries too much" in each or "lasts too long" in each for each in broken)
    assert answer.feasible
    assert periods.judge(answer).value > best
