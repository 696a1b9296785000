"""The returned plan as it stands: its routes, and a vehicle more of each type."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from msap_mobility.optimise.routing.problem import RELOAD
from msap_mobility.optimise.routing.reasons.asked import Asked
from msap_mobility.optimise.routing.reasons.left_out import LeftOut
from msap_mobility.optimise.routing.reasons.limits import exceeded, unfit
from msap_mobility.optimise.routing.reasons.orders import orders
from msap_mobility.optimise.routing.reasons.reason import Insertion, Rule

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from msap_mobility.optimise.routing.problem import RoutingProblem
    from msap_mobility.optimise.routing.solution import RoutingSolution

__all__ = ["NEW", "Berth", "Plan", "distinct"]

NEW = -1
"""The route of a vehicle that is not used."""


class Berth(NamedTuple):
    """A route that requests may join; `number` is `NEW` for a vehicle that is not used."""

    number: int
    vehicle: int
    tasks: tuple[int, ...]


class Plan:
    """A plan, and how requests may join it.

    Parameters
    ----------
    problem
        What was asked.
    solution
        A plan that keeps the rules.
    """

    def __init__(self, problem: RoutingProblem, solution: RoutingSolution) -> None:
        self.problem, self.solution = problem, solution
        self.asked, self.left_out = Asked(problem), LeftOut(problem, solution)
        self.used = Counter(route.vehicle for route in solution.routes)
        self.berths = [
            *(Berth(row, int(r.vehicle), tuple(r.tasks)) for row, r in enumerate(solution.routes)),
            *(Berth(NEW, vehicle, ()) for vehicle in range(len(problem.vehicles))),
        ]

    def joining(
        self, berth: Berth, requests: tuple[int, ...], *, most: int | None = None
    ) -> Iterator[tuple[Insertion, dict[Rule, int]]]:
        """Every order with these requests, and the rules, but those of time, that it exceeds.

        Parameters
        ----------
        berth
            Where they join.
        requests
            All of them.
        most
            Orders that exceed more rules are left out.
        """
        asked = self.asked
        unable = unfit(asked, berth.vehicle, requests)
        if most is not None and len(unable) > most:
            return
        for tasks, positions in orders(asked, berth.vehicle, berth.tasks, requests):
            over = unable | exceeded(asked, berth.vehicle, tasks)
            if most is None or len(over) <= most:
                yield (
                    Insertion(
                        route=berth.number,
                        vehicle=berth.vehicle,
                        tasks=tasks,
                        positions=positions,
                    ),
                    over,
                )

    def exceeded(self, insertion: Insertion) -> dict[Rule, int]:
        """The rules, but those of time, that one order exceeds, and by how much.

        Parameters
        ----------
        insertion
            The order.
        """
        unable = unfit(self.asked, insertion.vehicle, self.requests([insertion]))
        return unable | exceeded(self.asked, insertion.vehicle, insertion.tasks)

    def requests(self, insertions: Iterable[Insertion]) -> tuple[int, ...]:
        """The requests that insertions add.

        Parameters
        ----------
        insertions
            Together.
        """
        added = {
            self.asked.request_of[each.tasks[at]]
            for each in insertions
            for at in each.positions
            if each.tasks[at] != RELOAD
        }
        return tuple(sorted(added))

    def beyond_fleet(self, insertions: Iterable[Insertion], *, must: bool) -> dict[Rule, int]:
        """Vehicles that insertions use and are not there, or not wanted for who is optional.

        Parameters
        ----------
        insertions
            Together.
        must
            Whether somebody must be served: then the fewest vehicles come second.
        """
        new = Counter(each.vehicle for each in insertions if each.route == NEW)
        found = {
            Rule(name="fleet", vehicle=vehicle): over
            for vehicle, more in new.items()
            if (over := self.used[vehicle] + more - int(self.problem.vehicles.count[vehicle])) > 0
        }
        if new and not must and self.problem.objective.vehicles_first:
            found[Rule(name="vehicles_first")] = new.total()
        return found


def distinct(insertions: Iterable[Insertion]) -> bool:
    """Whether no route is changed twice."""
    numbers = [each.route for each in insertions if each.route != NEW]
    return len(numbers) == len(set(numbers))
