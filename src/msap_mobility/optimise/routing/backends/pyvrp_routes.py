"""PyVRP's numbers and what they stand for: its routes in our words, ours in its."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from msap_mobility.optimise.routing.problem import UNLIMITED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from msap_mobility.optimise.routing.problem import RoutingProblem
    from msap_mobility.optimise.routing.solution import RoutingSolution

__all__ = ["Encoded"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Encoded:
    """PyVRP's data and what its numbers stand for.

    Parameters
    ----------
    data
        A ``pyvrp.ProblemData``.
    clients
        The task of each client, and its window.
    shipments
        The request of each shipment.
    types
        The row of `Vehicles` of each vehicle type.
    must
        Whether anything must be served.
    """

    data: Any
    clients: tuple[tuple[int, tuple[int, int]], ...]
    shipments: tuple[int, ...]
    types: tuple[int, ...]
    must: bool

    def sequences(
        self, problem: RoutingProblem, routes: Sequence[Any]
    ) -> list[tuple[int, list[int]]]:
        """Row of `Vehicles` and tasks of each PyVRP route."""
        return [
            (self.types[route.vehicle_type()], self.tasks(problem, list(route)))
            for route in routes
            if route.num_clients() + route.num_shipments() > 0
        ]

    def tasks(self, problem: RoutingProblem, activities: Sequence[Any]) -> list[int]:
        """The tasks among PyVRP's activities, in their order."""
        tasks = []
        for activity in activities:
            if activity.is_client():
                tasks.append(self.clients[activity.idx][0])
            elif activity.is_pickup():
                tasks.append(int(problem.requests.task[self.shipments[activity.idx]]))
            elif activity.is_delivery():
                tasks.append(int(problem.requests.delivery[self.shipments[activity.idx]]))
        return tasks

    def routes(self, pyvrp: Any, problem: RoutingProblem, plan: RoutingSolution) -> list[Any]:
        """The routes of `plan` for PyVRP; tasks it knows nothing of are left out."""
        activity_of: dict[int, list[tuple[tuple[int, int], Any]]] = {}
        kinds = pyvrp.ActivityType
        for number, (task, window) in enumerate(self.clients):
            visit = pyvrp.Activity(kinds.CLIENT, number)
            activity_of.setdefault(task, []).append((window, visit))
        for number, row in enumerate(self.shipments):
            for column, kind in (("task", kinds.PICKUP), ("delivery", kinds.DELIVERY)):
                task = int(getattr(problem.requests, column)[row])
                activity_of[task] = [((0, UNLIMITED), pyvrp.Activity(kind, number))]
        type_of = {row: number for number, row in enumerate(self.types)}
        routes = []
        for route in plan.routes:
            visits = [
                next(
                    (visit for (early, late), visit in copies if early <= start <= late),
                    copies[0][1],
                )
                for task, start in zip(route.tasks, route.starts_s, strict=True)
                if (copies := activity_of.get(task))
            ]
            if visits and route.vehicle in type_of:
                routes.append(pyvrp.Route(self.data, visits, type_of[route.vehicle]))
        return routes
