"""Covering tours in PyVRP's words.

- Who must be covered is a required group with a copy of each stop within reach; who may be, a group
  with a prize. All copies of a stop share a location: one more costs nothing.
- What is done at a stop is part of the way into it, so that it is done once.
- Where stops are limited, ways are counted: PyVRP's distance is 1 between locations. Lengths, or
  times, whichever the problem asks, then stand where PyVRP has times.

A stop may come back in another route. `lean` makes a plan of what is driven: each stop once, and
none that saves nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from msap_mobility.optimise.routing.answer import solution_of
from msap_mobility.optimise.routing.backends.pyvrp_routes import Encoded
from msap_mobility.optimise.routing.backends.takers import takers, usable
from msap_mobility.optimise.routing.backends.worth import (
    covering_dear,
    dearest,
    longest_s,
    most_routes,
    rank,
)
from msap_mobility.optimise.routing.problem import ANYWHERE, MANDATORY, NONE, UNLIMITED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from msap_mobility.optimise.arrays import Int64
    from msap_mobility.optimise.routing.backends.pyvrp_data import Weights
    from msap_mobility.optimise.routing.problem import RoutingProblem

__all__ = ["beside_others", "encode_covering", "lean", "load_asked", "stops_and_both_asked"]

_ALWAYS = (0, UNLIMITED)

Bools = np.ndarray[Any, np.dtype[np.bool_]]
Plan = list[tuple[int, list[int]]]


def beside_others(problem: RoutingProblem) -> bool:
    """Whether there are pairs, groups or windows, which cannot be said together with `Covering`."""
    requests = problem.requests
    others = (requests.delivery != NONE) | (requests.group != NONE)
    return bool(others.any()) or len(problem.tasks.window_s) > 0


def load_asked(problem: RoutingProblem) -> bool:
    """Whether a stop within reach loads anything: each of its copies would."""
    covers = problem.requests.task[np.unique(problem.covering.reach)]
    return bool(problem.tasks.load[covers].any())


def stops_and_both_asked(problem: RoutingProblem) -> bool:
    """Whether stops, lengths and times are all asked of covering tours: PyVRP counts two things."""
    return len(problem.covering) > 0 and _stops_bind(problem) and _both_asked(problem)


def _stops_bind(problem: RoutingProblem) -> bool:
    return bool((problem.vehicles.max_stops < len(problem.tasks)).any())


def _times_asked(problem: RoutingProblem) -> bool:
    """Whether it matters how long a route lasts."""
    fleet = problem.vehicles
    lasts = problem.duration_s.any() or problem.tasks.service_s.any()
    paid = fleet.per_s.any() or fleet.per_overtime_s.any()
    return bool(lasts and (paid or longest_s(problem) < UNLIMITED or _limited_s(problem)))


def _limited_s(problem: RoutingProblem) -> bool:
    fleet = problem.vehicles
    return bool((np.minimum(fleet.shift_s, fleet.latest_s) < UNLIMITED).any())


def _both_asked(problem: RoutingProblem) -> bool:
    fleet = problem.vehicles
    lengths = fleet.per_distance.any() or (fleet.max_distance < UNLIMITED).any()
    return bool(lengths and _times_asked(problem))


def encode_covering(pyvrp: Any, problem: RoutingProblem, weights: Weights) -> Encoded | None:
    """`problem` as ``pyvrp.ProblemData``; None if no vehicle can take anything."""
    return _Encoder(pyvrp, problem, weights).encoded()


class _Encoder:
    """The parts of `encode_covering`, which share what they count."""

    def __init__(self, pyvrp: Any, problem: RoutingProblem, weights: Weights) -> None:
        self.pyvrp, self.problem, self.weights = pyvrp, problem, weights
        self.taken: Bools = np.logical_or.reduce(takers(problem), axis=1)
        self.counting = _stops_bind(problem)
        self.by_time = self.counting and _times_asked(problem)
        routes = 1 + most_routes(problem) * problem.objective.vehicles_first
        self.first = (dearest(problem) + covering_dear(problem)) * weights.prize + 1
        self.dear = self.first * routes
        self.clients: list[Any] = []
        self.rows: list[tuple[int, tuple[int, int]]] = []
        self.groups: list[Any] = []

    def encoded(self) -> Encoded | None:
        self._stops()
        self._customers()
        types, type_rows = self._types()
        if not types or not self.clients:
            return None
        distance, duration_s = self._matrices()
        data = self.pyvrp.ProblemData(
            [self.pyvrp.Location(0, 0) for _ in range(distance.shape[1])],
            self.clients,
            [self.pyvrp.Depot(at) for at in range(len(self.problem.tasks), distance.shape[1])],
            types,
            list(distance),
            list(duration_s),
            self.groups,
            [],
        )
        return Encoded(
            data=data,
            clients=tuple(self.rows),
            shipments=(),
            types=type_rows,
            must=any(each.required for each in (*self.clients, *self.groups)),
        )

    def _stops(self) -> None:
        """What is visited for itself."""
        visited: Bools = self.taken & (self.problem.requests.prize != 0)
        for row in np.flatnonzero(visited).tolist():
            prize = int(self.problem.requests.prize[row])
            must = prize == MANDATORY and not self.weights.lenient
            worth = self.dear if prize == MANDATORY else prize * self.weights.prize
            self._visit(row, 0 if must else worth, None, required=must)

    def _customers(self) -> None:
        """Groups of the stops within reach of each, who comes to the same stops but once."""
        covering = self.problem.covering
        prizes: dict[tuple[int, ...], list[int]] = {}
        for row, prize in enumerate(covering.prize.tolist()):
            reach = tuple(stop for stop in sorted(covering.reach_of(row)) if self.taken[stop])
            if reach and prize != 0:
                prizes.setdefault(reach, []).append(prize)
        for reach, theirs in prizes.items():
            must = MANDATORY in theirs
            if must and any(self._implies(other, reach, prizes[other]) for other in prizes):
                continue
            required = must and not self.weights.lenient
            worth = sum(self.dear if p == MANDATORY else p * self.weights.prize for p in theirs)
            first, number = len(self.clients), len(self.groups)
            for stop in reach:
                self._visit(stop, 0 if required else worth, number, required=False)
            members = list(range(first, len(self.clients)))
            self.groups.append(self.pyvrp.ClientGroup(members, required=required))

    def _implies(self, other: tuple[int, ...], reach: tuple[int, ...], prizes: list[int]) -> bool:
        """Whether whoever covers another who must be covers this one too; not where it counts."""
        return not self.weights.lenient and MANDATORY in prizes and set(other) < set(reach)

    def _visit(self, row: int, prize: int, group: int | None, *, required: bool) -> None:
        problem, task = self.problem, int(self.problem.requests.task[row])
        load, skilled = problem.tasks.load[task], self._skills()[row]
        self.rows.append((task, _ALWAYS))
        self.clients.append(
            self.pyvrp.Client(
                location=task,
                delivery=[*np.maximum(-load, 0).tolist(), *skilled.tolist()],
                pickup=[*np.maximum(load, 0).tolist(), *([0] * len(skilled))],
                prize=prize,
                required=required,
                group=group,
            )
        )

    def _skills(self) -> Int64:
        """Goods that only some types have room for: one for each type, int64 (Q, V)."""
        asked: Int64 = (~_served(self.problem)).astype(np.int64)
        return asked

    def _matrices(self) -> tuple[Int64, Int64]:
        """Tasks first, then the start and the end of each type of vehicle."""
        problem, tasks = self.problem, len(self.problem.tasks)
        ends = np.stack([problem.vehicles.start, problem.vehicles.end], axis=1).ravel()
        places = np.concatenate([problem.tasks.place, ends]).astype(np.int64)
        distance = problem.distance[:, places[:, None], places[None, :]].astype(np.int64)
        lasting = problem.duration_s[:, places[:, None], places[None, :]].astype(np.int64)
        lasting[:, :, :tasks] += problem.tasks.service_s
        counted = np.ones_like(distance)
        for matrix in (distance, lasting, counted):
            matrix[:, :, places == ANYWHERE] = 0
            matrix[:, places == ANYWHERE, :] = 0
            matrix[:, np.arange(len(places)), np.arange(len(places))] = 0
        if not self.counting:
            return distance, lasting
        return counted, lasting if self.by_time else distance

    def _types(self) -> tuple[list[Any], tuple[int, ...]]:
        problem = self.problem
        rows = tuple(np.flatnonzero(usable(problem)).tolist())
        first = self.first if problem.objective.vehicles_first else 0
        return [self._type(row, first) for row in rows], rows

    def _type(self, row: int, first: int) -> Any:
        fleet, weights = self.problem.vehicles, self.weights
        room = np.where(np.arange(len(fleet)) == row, 0, UNLIMITED)
        depot = 2 * row
        shared = {
            "num_available": min(int(fleet.count[row]), 1 + len(self.problem.requests)),
            "capacity": [*fleet.capacity[row].tolist(), *room.tolist()],
            "start_depot": depot,
            "end_depot": depot + 1,
            "fixed_cost": int(fleet.fixed[row]) + first,
            "profile": int(fleet.profile[row]),
        }
        far = {
            "max_distance": int(fleet.max_distance[row]),
            "unit_distance_cost": int(fleet.per_distance[row]) + weights.per_distance,
        }
        long_s = {
            "tw_early": int(fleet.earliest_s[row]),
            "tw_late": int(fleet.latest_s[row]),
            "shift_duration": int(fleet.shift_s[row]),
            "max_overtime": int(fleet.overtime_s[row]),
            "unit_duration_cost": int(fleet.per_s[row]) + weights.per_s,
            "unit_overtime_cost": int(fleet.per_overtime_s[row]),
        }
        if self.counting:
            ways = int(fleet.max_stops[row]) + int(fleet.end[row] != ANYWHERE)
            if not self.by_time:
                long_s = {
                    "shift_duration": far["max_distance"],
                    "unit_duration_cost": far["unit_distance_cost"],
                }
            far = {"max_distance": min(ways, UNLIMITED), "unit_distance_cost": 0}
        return self.pyvrp.VehicleType(**shared, **far, **long_s)


def _served(problem: RoutingProblem) -> Bools:
    """Which types have the skills each request asks for, bool (Q, V)."""
    lacking = problem.requests.skills[:, None] & ~problem.vehicles.skills[None, :]
    skilled: Bools = lacking == 0
    return skilled


def lean(problem: RoutingProblem, routes: Sequence[tuple[int, Sequence[int]]], engine: str) -> Plan:
    """Each task once, and none without which the plan is no worse.

    Parameters
    ----------
    problem
        With `Covering`.
    routes
        Row of `Vehicles` and tasks of each, some maybe in several.
    engine
        As in `RoutingSolution`.
    """
    seen: set[int] = set()
    plan: Plan = []
    for row, tasks in routes:
        fresh = [task for task in dict.fromkeys(tasks) if task not in seen]
        seen.update(fresh)
        plan.append((row, fresh))
    worth = rank(problem, solution_of(problem, plan, engine=engine))
    for task in sorted(seen):
        fewer = [(row, [each for each in tasks if each != task]) for row, tasks in plan]
        other = rank(problem, solution_of(problem, fewer, engine=engine))
        if other <= worth:
            plan, worth = fewer, other
    return plan
