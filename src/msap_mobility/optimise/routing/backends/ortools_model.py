"""A routing problem as a model of OR-Tools' routing library.

Each vehicle, not each type, is one of OR-Tools'; each task is a node, and so is each place where
vehicles start or end (an open end lies no distance and no time from everywhere). What need not be
served, and what must be but cannot, stands in a disjunction at its price.

What is aboard is one dimension of OR-Tools: a sum along the route. Where single visits that unload
(loaded at the start) share vehicles with anything that loads, a second sum counts what is unloaded,
and what is aboard at the start is bound to be what that sum comes to at the end.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from msap_mobility.optimise.routing.backends.takers import takers, usable, windows_of
from msap_mobility.optimise.routing.backends.worth import dearest, horizon_s, most_routes
from msap_mobility.optimise.routing.problem import ANYWHERE, MANDATORY, NONE

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from msap_mobility.optimise.arrays import Int64
    from msap_mobility.optimise.routing.problem import RoutingProblem
    from msap_mobility.optimise.routing.solution import RoutingSolution

__all__ = ["Model"]


class Model:
    """OR-Tools' model of a problem.

    Parameters
    ----------
    library
        ``ortools.constraint_solver.pywrapcp``.
    problem
        Without rules OR-Tools cannot express, with at least one vehicle and one task.
    """

    def __init__(self, library: Any, problem: RoutingProblem) -> None:
        self.problem = problem
        fleet = problem.vehicles
        each = np.minimum(fleet.count, len(problem.requests)) * usable(problem)
        self.types: Int64 = np.repeat(np.arange(len(fleet)), each)
        used = self.types  # a place where no vehicle starts or ends would be one to visit
        self.stations = sorted({*fleet.start[used].tolist(), *fleet.end[used].tolist()})
        node = {place: len(problem.tasks) + at for at, place in enumerate(self.stations)}
        self.manager = library.RoutingIndexManager(
            len(problem.tasks) + len(self.stations),
            len(self.types),
            [node[int(fleet.start[row])] for row in self.types],
            [node[int(fleet.end[row])] for row in self.types],
        )
        self.routing = library.RoutingModel(self.manager)
        self.solver = self.routing.solver()
        self.index = [self.manager.NodeToIndex(task) for task in range(len(problem.tasks))]
        self.pairs = 0
        self._costs()
        self._time()
        self._loads()
        self._limits()
        self._requests()
        self._prizes()

    def sequences(self, assignment: Any = None) -> list[tuple[int, list[int]]]:
        """Row of `Vehicles` and tasks of each route; while searching, of the plan at hand."""
        routing, routes = self.routing, []

        def after(index: int) -> int:
            variable = routing.NextVar(index)
            return int(variable.Value() if assignment is None else assignment.Value(variable))

        for vehicle, row in enumerate(self.types.tolist()):
            tasks, index = [], after(routing.Start(vehicle))
            while not routing.IsEnd(index):
                tasks.append(self.manager.IndexToNode(index))
                index = after(index)
            if tasks:
                routes.append((row, tasks))
        return routes

    def assignment(self, plan: RoutingSolution) -> Any:
        """`plan` as OR-Tools begins from it, or None if it cannot."""
        free = {row: list(np.flatnonzero(self.types == row)) for row in set(self.types.tolist())}
        routes: list[list[int]] = [[] for _ in self.types]
        for route in plan.routes:
            if free.get(route.vehicle):
                vehicle = int(free[route.vehicle].pop(0))
                routes[vehicle] = [self.index[task] for task in route.tasks]
        return self.routing.ReadAssignmentFromRoutes(routes, True)

    def _matrix(self, matrix: Int64, service: Int64 | None = None, times: int = 1) -> int:
        """Register `matrix` between nodes, `service` of where it comes from included."""
        places = np.concatenate([self.problem.tasks.place, self.stations]).astype(np.int64)
        full = matrix[np.ix_(places, places)].astype(np.int64) * times
        full[:, places == ANYWHERE] = 0
        full[places == ANYWHERE] = 0
        if service is not None:
            full[: len(service)] += service[:, None]
        return int(self.routing.RegisterTransitMatrix(full.tolist()))

    def _evaluators(self, register: Callable[[int], int], key: Int64) -> list[int]:
        """One for each vehicle, registered once for each value of `key` by type."""
        made = {int(kind): register(int(kind)) for kind in np.unique(key[self.types])}
        return [made[int(key[row])] for row in self.types]

    def _costs(self) -> None:
        fleet, problem = self.problem.vehicles, self.problem
        first = dearest(problem) if problem.objective.vehicles_first else 0
        pairs = np.stack([fleet.profile.astype(np.int64), fleet.per_distance], axis=1)
        kinds, key = np.unique(pairs, axis=0, return_inverse=True)
        costs = self._evaluators(
            lambda kind: self._matrix(problem.distance[kinds[kind, 0]], times=int(kinds[kind, 1])),
            key.reshape(-1).astype(np.int64),
        )
        for vehicle, row in enumerate(self.types):
            self.routing.SetArcCostEvaluatorOfVehicle(costs[vehicle], vehicle)
            self.routing.SetFixedCostOfVehicle(int(fleet.fixed[row]) + first, vehicle)

    def _time(self) -> None:
        """Windows, hours, and what the time from departure to return costs."""
        fleet, tasks, horizon = self.problem.vehicles, self.problem.tasks, horizon_s(self.problem)
        profile = fleet.profile.astype(np.int64)
        steps = self._evaluators(
            lambda kind: self._matrix(
                self.problem.duration_s[kind].astype(np.int64), tasks.service_s
            ),
            profile,
        )
        self.routing.AddDimensionWithVehicleTransits(steps, horizon, horizon, False, "time")
        self.time = self.routing.GetDimensionOrDie("time")
        for vehicle, row in enumerate(self.types.tolist()):
            start, end = self.routing.Start(vehicle), self.routing.End(vehicle)
            latest = int(min(fleet.latest_s[row], horizon))
            for index in (start, end):
                self.time.CumulVar(index).SetRange(int(fleet.earliest_s[row]), latest)
            most = int(fleet.shift_s[row] + fleet.overtime_s[row])
            if most < horizon:
                self.time.SetSpanUpperBoundForVehicle(most, vehicle)
            if fleet.per_s[row]:
                self.time.SetSpanCostCoefficientForVehicle(int(fleet.per_s[row]), vehicle)
            if fleet.per_overtime_s[row] and fleet.shift_s[row] < horizon:
                bound = self._bound_cost(int(fleet.shift_s[row]), int(fleet.per_overtime_s[row]))
                self.time.SetSoftSpanUpperBoundForVehicle(bound, vehicle)
            self.routing.AddVariableMaximizedByFinalizer(self.time.CumulVar(start))
            self.routing.AddVariableMinimizedByFinalizer(self.time.CumulVar(end))
        for task in range(len(tasks)):
            self._windows(task)

    def _bound_cost(self, bound: int, cost: int) -> Any:
        from ortools.constraint_solver import pywrapcp  # noqa: PLC0415 - heavy

        return pywrapcp.BoundCost(bound, cost)

    def _windows(self, task: int) -> None:
        rows = windows_of(self.problem, task)
        if not rows:  # nobody may take it
            return
        begins = self.time.CumulVar(self.index[task])
        begins.SetRange(rows[0][0], rows[-1][1])
        for (_, closing), (opening, _) in pairwise(rows):
            if closing + 1 < opening:
                begins.RemoveInterval(closing + 1, opening - 1)

    def _sum(self, name: str, of_task: Int64, most: Sequence[int], *, from_zero: bool) -> Any:
        """A dimension that adds `of_task` along each route."""
        values = [*of_task.tolist(), *([0] * len(self.stations))]
        added = self.routing.RegisterUnaryTransitVector(values)
        limits = [int(limit) for limit in most]
        self.routing.AddDimensionWithVehicleCapacity(added, 0, limits, from_zero, name)
        return self.routing.GetDimensionOrDie(name)

    def _loads(self) -> None:
        """What is aboard, in each dimension."""
        single = np.zeros(len(self.problem.tasks), dtype=np.bool_)
        single[self.problem.requests.task[self.problem.requests.delivery == NONE]] = True
        for number in range(self.problem.dimensions):
            load = self.problem.tasks.load[:, number]
            most = self.problem.vehicles.capacity[self.types, number]
            unloaded = np.where(single, np.maximum(-load, 0), 0)
            if not load.any():
                continue
            if not unloaded.any():
                self._sum(f"aboard {number}", load, most, from_zero=True)
            elif (load + unloaded == 0).all():
                self._sum(f"aboard {number}", unloaded, most, from_zero=True)
            else:
                aboard = self._sum(f"aboard {number}", load, most, from_zero=False)
                left = self._sum(f"left {number}", unloaded, most, from_zero=True)
                for vehicle in range(len(self.types)):
                    loaded = aboard.CumulVar(self.routing.Start(vehicle))
                    self.solver.Add(loaded == left.CumulVar(self.routing.End(vehicle)))

    def _limits(self) -> None:
        """Distance and stops of one route."""
        fleet, tasks = self.problem.vehicles, len(self.problem.tasks)
        farthest = int(self.problem.distance.max(initial=0)) * (tasks + 1)
        most = np.minimum(fleet.max_distance, farthest)[self.types].tolist()
        if min(most) < farthest:
            ways = self._evaluators(
                lambda kind: self._matrix(self.problem.distance[kind]),
                fleet.profile.astype(np.int64),
            )
            self.routing.AddDimensionWithVehicleTransitAndCapacity(
                ways,
                0,
                most,
                True,
                "distance",
            )
        stops = np.minimum(fleet.max_stops, tasks)[self.types].tolist()
        if min(stops) < tasks:
            self._sum("stops", np.ones(tasks, dtype=np.int64), stops, from_zero=True)

    def _requests(self) -> None:
        """Pairs, their rides, and who may serve whom."""
        requests, able = self.problem.requests, takers(self.problem)[:, self.types]
        for row in range(len(requests)):
            task, delivery = int(requests.task[row]), int(requests.delivery[row])
            both = [self.index[task]] + ([self.index[delivery]] if delivery != NONE else [])
            if not able[row].any():
                for index in both:
                    self.solver.Add(self.routing.ActiveVar(index) == 0)
                continue
            if delivery != NONE:
                self._pair(row, *both)
            if not able[row].all():
                for index in both:  # -1: nobody
                    self.routing.VehicleVar(index).SetValues(
                        [-1, *np.flatnonzero(able[row]).tolist()]
                    )

    def _pair(self, row: int, pickup: int, delivery: int) -> None:
        routing = self.routing
        routing.AddPickupAndDelivery(pickup, delivery)
        self.solver.Add(routing.VehicleVar(pickup) == routing.VehicleVar(delivery))
        begins, ends = self.time.CumulVar(pickup), self.time.CumulVar(delivery)
        self.solver.Add(begins <= ends)
        requests = self.problem.requests
        service = int(self.problem.tasks.service_s[requests.task[row]])
        most = int(requests.max_ride_s[row]) + service
        number, self.pairs = self.pairs, self.pairs + 1
        if most < horizon_s(self.problem):
            self.solver.Add(ends - begins <= most)
            self.time.SetPickupToDeliveryLimitFunctionForPair(lambda *_: most, number)  # a hint

    def _prizes(self) -> None:
        """What is left unserved, and its price."""
        requests, groups = self.problem.requests, self.problem.groups
        counted = 1 + most_routes(self.problem) * self.problem.objective.vehicles_first
        dear = dearest(self.problem) * counted
        for row in range(len(requests)):
            prize = int(requests.prize[row])
            index = self.index[int(requests.task[row])]
            self.routing.AddDisjunction([index], dear if prize == MANDATORY else prize)
            if requests.delivery[row] != NONE:
                self.routing.AddDisjunction([self.index[int(requests.delivery[row])]], 0)
        for group in range(len(groups)):
            members = np.flatnonzero(requests.group == group)
            if len(members):
                indices = [self.index[int(task)] for task in requests.task[members]]
                self.routing.AddDisjunction(indices, dear if groups.must[group] else 0, 1)
