"""A routing problem in PyVRP's words.

What PyVRP has no word for is said exactly by others:

- An open end is a depot that lies no distance and no time from everywhere.
- A task of several windows is a group of copies, one for each window, of which one is visited.
- Skills are goods that only some types have room for, stops are goods of one unit each.
- Fewer vehicles first is a fixed cost that no saving makes up for.
- A request no vehicle can ever take is left out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from msap_mobility.optimise.routing.backends.pyvrp_covering import encode_covering
from msap_mobility.optimise.routing.backends.pyvrp_routes import Encoded
from msap_mobility.optimise.routing.backends.takers import takers, usable, windows_of
from msap_mobility.optimise.routing.backends.worth import dearest, most_routes
from msap_mobility.optimise.routing.problem import ANYWHERE, MANDATORY, NONE, UNLIMITED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from msap_mobility.optimise.arrays import Int64
    from msap_mobility.optimise.routing.problem import RoutingProblem

__all__ = ["Weights", "encode"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """What the search is told to value; not always what the problem says.

    Parameters
    ----------
    prize
        Every prize times this.
    per_distance, per_s
        Added to the cost of each unit of distance and each second of every vehicle.
    lenient
        Whether what must be served may be left at a price no saving makes up for.
    """

    prize: int = 1
    per_distance: int = 0
    per_s: int = 0
    lenient: bool = False


def encode(pyvrp: Any, problem: RoutingProblem, weights: Weights) -> Encoded | None:
    """`problem` as ``pyvrp.ProblemData``; None if no vehicle can take anything.

    Parameters
    ----------
    pyvrp
        The package.
    problem
        Without rules PyVRP cannot express.
    weights
        What the search is told to value.
    """
    if len(problem.covering) > 0:
        return encode_covering(pyvrp, problem, weights)
    return _Encoder(pyvrp, problem, weights).encoded()


class _Encoder:
    """The parts of `encode`, which share what they count."""

    def __init__(self, pyvrp: Any, problem: RoutingProblem, weights: Weights) -> None:
        self.pyvrp, self.problem, self.weights = pyvrp, problem, weights
        self.takers = takers(problem)
        self.own_places = bool(np.diagonal(problem.distance, axis1=1, axis2=2).any()) or bool(
            np.diagonal(problem.duration_s, axis1=1, axis2=2).any()
        )
        self.dearest = dearest(problem) * weights.prize + 1
        self.goods, self.room = self._goods()
        self.clients: list[Any] = []
        self.client_rows: list[tuple[int, tuple[int, int]]] = []
        self.groups: list[Any] = []

    def encoded(self) -> Encoded | None:
        depots, depot_of = self._depots()
        shipments, rows = self._shipments()
        self._visits()
        types, type_rows = self._types(depot_of)
        if not types or not (self.clients or shipments):
            return None
        distance, duration_s = self._matrices()
        data = self.pyvrp.ProblemData(
            [self.pyvrp.Location(0, 0) for _ in range(distance.shape[1])],
            self.clients,
            depots,
            types,
            list(distance),
            list(duration_s),
            self.groups,
            shipments,
        )
        return Encoded(
            data=data,
            clients=tuple(self.client_rows),
            shipments=rows,
            types=type_rows,
            must=any(each.required for each in (*self.clients, *self.groups, *shipments)),
        )

    def _stations(self) -> Int64:
        """The place of each of PyVRP's locations, the open end (`ANYWHERE`) last.

        PyVRP wants no way from a place to itself: where there is one, each task and each depot
        is a location of its own.
        """
        places = np.arange(self.problem.places)
        if self.own_places:
            places = np.concatenate([self.problem.tasks.place, places]).astype(np.int64)
        return np.append(places, ANYWHERE)

    def _matrices(self) -> tuple[Int64, Int64]:
        stations = self._stations()
        inner = stations[:-1]
        matrices = []
        for matrix in (self.problem.distance, self.problem.duration_s):
            full = np.zeros((len(matrix), len(stations), len(stations)), dtype=np.int64)
            full[:, :-1, :-1] = matrix[:, inner[:, None], inner[None, :]]
            full[:, np.arange(len(inner)), np.arange(len(inner))] = 0
            matrices.append(full)
        return matrices[0], matrices[1]

    def _location(self, task: int) -> int:
        return task if self.own_places else int(self.problem.tasks.place[task])

    def _depots(self) -> tuple[list[Any], dict[int, int]]:
        """One for each place where a vehicle starts or ends."""
        fleet = self.problem.vehicles
        places = sorted({*fleet.start.tolist(), *fleet.end.tolist()})
        first = len(self.problem.tasks) if self.own_places else 0
        open_end = len(self._stations()) - 1
        depots = [
            self.pyvrp.Depot(open_end if place == ANYWHERE else first + place) for place in places
        ]
        return depots, {place: number for number, place in enumerate(places)}

    def _goods(self) -> tuple[Int64, Int64]:
        """Goods beside the loads: units of each request (Q, E) and room of each type (V, E)."""
        requests, fleet = self.problem.requests, self.problem.vehicles
        skilled = (requests.skills[:, None] & ~fleet.skills[None, :]) == 0
        wanted = [np.zeros((len(requests), 0), dtype=np.int64)]
        room = [np.zeros((len(fleet), 0), dtype=np.int64)]
        for kind in np.unique(skilled[:, usable(self.problem)], axis=0) if len(requests) else ():
            if kind.all() or not kind.any():
                continue
            row = np.flatnonzero((skilled[:, usable(self.problem)] == kind).all(axis=1))
            wanted.append(np.isin(np.arange(len(requests)), row)[:, None].astype(np.int64))
            room.append(np.where(skilled[row[0]], UNLIMITED, 0)[:, None])
        if (fleet.max_stops < len(self.problem.tasks)).any():
            wanted.append(np.ones((len(requests), 1), dtype=np.int64))
            room.append(fleet.max_stops[:, None])
        return np.hstack(wanted), np.hstack(room)

    def _shipments(self) -> tuple[list[Any], tuple[int, ...]]:
        requests, tasks = self.problem.requests, self.problem.tasks
        paired = (requests.delivery != NONE) & self.takers.any(axis=1)
        rows = tuple(np.flatnonzero(paired).tolist())
        shipments = []
        for row in rows:
            pickup, delivery = int(requests.task[row]), int(requests.delivery[row])
            ends = (*windows_of(self.problem, pickup)[0], *windows_of(self.problem, delivery)[0])
            prize, required = self._prize(row)
            shipments.append(
                self.pyvrp.Shipment(
                    pickup_location=self._location(pickup),
                    delivery_location=self._location(delivery),
                    pickup_tw_early=ends[0],
                    pickup_tw_late=ends[1],
                    pickup_service_duration=int(tasks.service_s[pickup]),
                    delivery_tw_early=ends[2],
                    delivery_tw_late=ends[3],
                    delivery_service_duration=int(tasks.service_s[delivery]),
                    amount=[*tasks.load[pickup].tolist(), *self.goods[row].tolist()],
                    prize=prize,
                    required=required,
                )
            )
        return shipments, rows

    def _prize(self, row: int) -> tuple[int, bool]:
        """Prize, and whether it must be served."""
        prize = int(self.problem.requests.prize[row])
        if prize != MANDATORY:
            return prize * self.weights.prize, False
        return (self._dear(2), False) if self.weights.lenient else (0, True)

    def _dear(self, power: int) -> int:
        """A price above all costs (1), above all costs with the routes counted (2)."""
        counted = 1 + most_routes(self.problem) * self.problem.objective.vehicles_first
        return self.dearest if power == 1 else self.dearest * counted

    def _visits(self) -> None:
        """Clients: single visits, those of a group one after the other."""
        requests = self.problem.requests
        taken = (requests.delivery == NONE) & self.takers.any(axis=1)
        for row in np.flatnonzero(taken & (requests.group == NONE)).tolist():
            prize, required = self._prize(row)
            copies = list(windows_of(self.problem, int(requests.task[row])))
            if len(copies) == 1:
                self._visit(row, copies[0], prize, None, required=required)
            else:
                self._grouped([(row, prize)], required=required)
        for group in range(len(self.problem.groups)):
            members = np.flatnonzero(taken & (requests.group == group)).tolist()
            if not members:
                continue
            must = bool(self.problem.groups.must[group])
            extra = self._dear(2) if must and self.weights.lenient else 0
            prizes = [(row, self._prize(row)[0] + extra) for row in members]
            self._grouped(prizes, required=must and not self.weights.lenient)

    def _grouped(self, prizes: Sequence[tuple[int, int]], *, required: bool) -> None:
        first, number = len(self.clients), len(self.groups)
        for row, prize in prizes:
            for window in windows_of(self.problem, int(self.problem.requests.task[row])):
                self._visit(row, window, prize, number, required=False)
        members = list(range(first, len(self.clients)))
        self.groups.append(self.pyvrp.ClientGroup(members, required=required))

    def _visit(
        self, row: int, window: tuple[int, int], prize: int, group: int | None, *, required: bool
    ) -> None:
        task = int(self.problem.requests.task[row])
        load, goods = self.problem.tasks.load[task], self.goods[row].tolist()
        self.client_rows.append((task, window))
        self.clients.append(
            self.pyvrp.Client(
                location=self._location(task),
                delivery=[*np.maximum(-load, 0).tolist(), *goods],
                pickup=[*np.maximum(load, 0).tolist(), *([0] * len(goods))],
                service_duration=int(self.problem.tasks.service_s[task]),
                tw_early=window[0],
                tw_late=window[1],
                prize=prize,
                required=required,
                group=group,
            )
        )

    def _types(self, depot_of: dict[int, int]) -> tuple[list[Any], tuple[int, ...]]:
        fleet, weights = self.problem.vehicles, self.weights
        first = self._dear(1) if self.problem.objective.vehicles_first else 0
        rows = tuple(np.flatnonzero(usable(self.problem)).tolist())
        types = [
            self.pyvrp.VehicleType(
                num_available=min(int(fleet.count[row]), 1 + len(self.problem.requests)),
                capacity=[*fleet.capacity[row].tolist(), *self.room[row].tolist()],
                start_depot=depot_of[int(fleet.start[row])],
                end_depot=depot_of[int(fleet.end[row])],
                fixed_cost=int(fleet.fixed[row]) + first,
                tw_early=int(fleet.earliest_s[row]),
                tw_late=int(fleet.latest_s[row]),
                shift_duration=int(fleet.shift_s[row]),
                max_distance=int(fleet.max_distance[row]),
                unit_distance_cost=int(fleet.per_distance[row]) + weights.per_distance,
                unit_duration_cost=int(fleet.per_s[row]) + weights.per_s,
                profile=int(fleet.profile[row]),
                max_overtime=int(fleet.overtime_s[row]),
                unit_overtime_cost=int(fleet.per_overtime_s[row]),
            )
            for row in rows
        ]
        return types, rows
