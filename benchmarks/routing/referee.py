"""A second judge of a plan: in doubles, by what the file says, without the engines' problem."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.routing.ground import Aim, Ground

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from msap_mobility.optimise.routing.solution import RoutingSolution

__all__ = ["Verdict", "judge"]

_SLACK = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What a plan is worth.

    Parameters
    ----------
    value
        In the unit of the family's references; for families that collect, the score.
    vehicles
        Routes driven.
    broken
        Every rule that is broken, in words.
    """

    value: float
    vehicles: int
    broken: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Driven:
    """One route in the unit of the file."""

    kind: int
    tasks: tuple[int, ...]
    departure: float
    starts: tuple[float, ...]
    arrival: float
    nodes: tuple[int, ...]

    def length(self, ground: Ground) -> float:
        """How far it drives."""
        return math.fsum(ground.lengths[self.nodes[:-1], self.nodes[1:]].tolist())


def judge(ground: Ground, solution: RoutingSolution, scale: int) -> Verdict:
    """Value and broken rules of a plan whose times are in units of 1/`scale`."""
    broken, routes = [], []
    for number, route in enumerate(solution.routes):
        tasks, kinds = len(ground.visits), len(ground.fleet)
        known = 0 <= route.vehicle < kinds and all(0 <= task < tasks for task in route.tasks)
        if not known or not route.tasks or len(route.tasks) != len(route.starts_s):
            broken.append(f"route {number} has no vehicle, no tasks or no times")
            continue
        fleet = ground.fleet
        inner = ground.visits.node[list(route.tasks)].tolist()
        routes.append(
            _Driven(
                kind=route.vehicle,
                tasks=route.tasks,
                departure=route.departure_s / scale,
                starts=tuple(start / scale for start in route.starts_s),
                arrival=route.arrival_s / scale,
                nodes=(int(fleet.start[route.vehicle]), *inner, int(fleet.end[route.vehicle])),
            )
        )
    for number, driven in enumerate(routes):
        found = [*_timetable(ground, driven), *_limits(ground, driven), *_burdens(ground, driven)]
        broken += [f"route {number} {words}" for words in found]
    broken += [*_fleet(ground, routes), *_requests(ground, routes)]
    return Verdict(
        value=_value(ground, routes) / ground.divisor,
        vehicles=len(solution.routes),
        broken=tuple(broken),
    )


def _value(ground: Ground, routes: Iterable[_Driven]) -> float:
    """What the plan costs, or the score it collects."""
    fleet, asked = ground.fleet, ground.asked
    driven = list(routes)
    done = {task for route in driven for task in route.tasks}
    served = np.array([task in done for task in asked.visit.tolist()], dtype=np.bool_)
    optional = np.isfinite(asked.prize)
    if ground.aim is Aim.SCORE:
        return ground.gift + math.fsum(asked.prize[served & optional].tolist())
    costs = [fleet.fixed[r.kind] + fleet.per_length[r.kind] * r.length(ground) for r in driven]
    return math.fsum(costs) + math.fsum(asked.prize[~served & optional].tolist())


def _timetable(ground: Ground, route: _Driven) -> Iterator[str]:
    """Travel and windows as the times are told."""
    fleet, visits = ground.fleet, ground.visits
    pairs = zip(route.nodes[:-1], route.nodes[1:], strict=True)
    drives = [float(ground.lengths[pair]) if ground.timed else 0.0 for pair in pairs]
    clock = route.departure
    if clock < fleet.earliest[route.kind] - _SLACK:
        yield f"leaves {fleet.earliest[route.kind] - clock:.6g} too soon"
    for task, start, drive in zip(route.tasks, route.starts, drives[:-1], strict=True):
        if start < clock + drive - _SLACK:
            yield f"begins task {task} {clock + drive - start:.6g} before it can"
        if start < visits.earliest[task] - _SLACK:
            yield f"begins task {task} {visits.earliest[task] - start:.6g} too soon"
        if start > visits.latest[task] + _SLACK:
            yield f"begins task {task} {start - visits.latest[task]:.6g} too late"
        clock = start + visits.service[task]
    if route.arrival < clock + drives[-1] - _SLACK:
        yield f"is back {clock + drives[-1] - route.arrival:.6g} before it can"


def _limits(ground: Ground, route: _Driven) -> Iterator[str]:
    """Return, duration and length."""
    fleet, kind = ground.fleet, route.kind
    for words, found, most in (
        ("is back too late by", route.arrival, fleet.latest[kind]),
        ("lasts too long by", route.arrival - route.departure, fleet.duration[kind]),
        ("is too far by", route.length(ground), fleet.length[kind]),
    ):
        if found > most + _SLACK:
            yield f"{words} {found - most:.6g}"


def _burdens(ground: Ground, route: _Driven) -> Iterator[str]:
    """Capacity: what single visits unload is aboard from the start."""
    singles = set(ground.asked.visit[ground.asked.delivery < 0].tolist())
    loads = [float(ground.visits.load[task]) for task in route.tasks]
    alone = [load for load, task in zip(loads, route.tasks, strict=True) if task in singles]
    aboard = most = -sum(load for load in alone if load < 0)
    for load in loads:
        aboard += load
        most = max(most, aboard)
    if most > ground.fleet.capacity[route.kind] + _SLACK:
        yield f"carries too much by {most - ground.fleet.capacity[route.kind]:.6g}"


def _fleet(ground: Ground, routes: Iterable[_Driven]) -> Iterator[str]:
    """Vehicles of each kind."""
    for kind, used in Counter(route.kind for route in routes).items():
        if used > (there := ground.fleet.count[kind]):
            yield f"{used} routes of vehicle {kind}, which is there {there} times"


def _requests(ground: Ground, routes: list[_Driven]) -> Iterator[str]:
    """What is served, once, by whom, in which order."""
    asked = ground.asked
    times_done = Counter(task for route in routes for task in route.tasks)
    yield from (f"task {task} is done {n} times" for task, n in times_done.items() if n > 1)
    where = {task: (route, place) for route in routes for place, task in enumerate(route.tasks)}
    served: Counter[int] = Counter()
    for row, (visit, delivery) in enumerate(
        zip(asked.visit.tolist(), asked.delivery.tolist(), strict=True)
    ):
        ends = [visit] if delivery < 0 else [visit, delivery]
        there = [where[task] for task in ends if task in where]
        group = int(asked.group[row])
        if not there:
            if math.isinf(asked.prize[row]) and group < 0:
                yield f"request {row} is not served"
            continue
        served[group] += 1
        if asked.refused[row, there[0][0].kind]:
            yield f"request {row} refuses its vehicle"
        if len(there) < len(ends):
            yield f"request {row} is half served"
        elif len(ends) == 2:
            yield from _pair(ground, row, there)
    for group, must in enumerate(ground.must.tolist()):
        if served[group] > 1 or (must and not served[group]):
            yield f"group {group} is served {served[group]} times"


def _pair(ground: Ground, row: int, ends: list[tuple[_Driven, int]]) -> Iterator[str]:
    """A pickup, then its delivery, soon enough."""
    (route, pickup), (other, delivery) = ends
    if route is not other or delivery < pickup:
        yield f"request {row} is not picked up before its delivery in one route"
        return
    aboard_at = route.starts[pickup] + float(ground.visits.service[route.tasks[pickup]])
    ride = route.starts[delivery] - aboard_at
    if ride > ground.asked.ride[row] + _SLACK:
        yield f"request {row} rides too long by {ride - ground.asked.ride[row]:.6g}"
