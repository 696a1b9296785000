"""The best times where the hour or the length of a task costs: a linear program.

Its rows are the differences of `timing`, its costs convex and piecewise linear in differences, so
that some best times are whole. Balance alone is not: it is added second by second.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from msap_mobility.optimise.arrays import LIMIT
from tests.optimise.routing.brute_force.itineraries import least_s
from tests.optimise.routing.brute_force.timing import (
    ARRIVAL,
    DEPARTURE,
    Nodes,
    differences,
    least_work,
    route_of,
    unpaid_s,
)
from tests.optimise.routing.stated import stops_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from msap_mobility.optimise.routing.problem import RoutingProblem
    from msap_mobility.optimise.routing.solution import Route
    from tests.optimise.routing.brute_force.itineraries import Itinerary

CLOSE = 1e-4
"""To whole numbers."""


def hours_cost(problem: RoutingProblem, task: int) -> bool:
    """Whether when a task begins or how long it takes costs by itself."""
    table = problem.tasks
    wanted = table.per_s_off[task] > 0 and table.wanted_s[task] < LIMIT
    return bool(wanted or (table.per_s_less[task] > 0 and _longer(problem, task)))


def cheapest(
    problem: RoutingProblem,
    itineraries: Sequence[Itinerary],
    together: Sequence[tuple[int, Sequence[int]]] = (),
) -> list[Route] | None:
    """The routes at the times that cost least together; None if there are none.

    `together` is a customer and the tasks of its visits, for every customer whose visits cost what
    they lie apart.
    """
    program = _Program(problem, itineraries)
    for customer, tasks in together:
        program.keep_together(customer, tasks)
    return program.solve()


def _longer(problem: RoutingProblem, task: int) -> bool:
    return bool(problem.tasks.service_most_s[task] > problem.tasks.service_s[task])


class _Program:
    """Columns are the nodes of all itineraries, then what is too much or too little."""

    def __init__(self, problem: RoutingProblem, itineraries: Sequence[Itinerary]) -> None:
        self.problem, self.itineraries = problem, itineraries
        self.cost: list[float] = []
        self.whole: list[int] = []
        self.rows: list[tuple[dict[int, float], float]] = []
        self.first: list[int] = []
        self.begin_of: dict[int, int] = {}
        for itinerary in itineraries:
            self._add(itinerary)

    def column(self, cost: float = 0, *, whole: int = 0) -> int:
        """A new variable, 0 or more."""
        self.cost.append(cost)
        self.whole.append(whole)
        return len(self.cost) - 1

    def row(self, terms: dict[int, float], least: float) -> None:
        """Their sum is no less."""
        self.rows.append((terms, least))

    def too_much(self, cost: float, terms: dict[int, float], most: float) -> None:
        """What the sum is beyond `most` costs."""
        if cost and most < LIMIT // 2:
            over = self.column(cost)
            self.row({over: 1, **{column: -factor for column, factor in terms.items()}}, -most)

    def keep_together(self, customer: int, tasks: Sequence[int]) -> None:
        """The latest and the earliest begin of a customer's visits."""
        table = self.problem.patterns
        last, first = self.column(), self.column()
        for task in tasks:
            self.row({last: 1, self.begin_of[task]: -1}, 0)
            self.row({self.begin_of[task]: 1, first: -1}, 0)
        cost, free = int(table.per_s_apart[customer]), int(table.apart_free_s[customer])
        self.too_much(cost, {last: 1, first: -1}, free)

    def solve(self) -> list[Route] | None:
        matrix = np.zeros((len(self.rows), len(self.cost)))
        for number, (terms, _) in enumerate(self.rows):
            for column, factor in terms.items():
                matrix[number, column] += factor
        found = milp(
            np.array(self.cost),
            integrality=np.array(self.whole),
            bounds=Bounds(lb=0),
            constraints=LinearConstraint(matrix, lb=[least for _, least in self.rows]),
            options={"presolve": False},  # with it some optima are missed where balance counts
        )
        if found.x is None:
            return None
        routes = []
        for itinerary, first in zip(self.itineraries, self.first, strict=True):
            nodes = Nodes(len(itinerary.tasks), len(itinerary.stands)).count
            times = np.rint(found.x[first : first + nodes])
            assert np.abs(times - found.x[first : first + nodes]).max() < CLOSE
            routes.append(route_of(itinerary, times.astype(int).tolist()))
        return routes

    def _add(self, itinerary: Itinerary) -> None:
        problem, fleet, vehicle = self.problem, self.problem.vehicles, itinerary.vehicle
        weight = differences(problem, itinerary)
        first = len(self.cost)
        self.first.append(first)
        balanced = int(problem.objective.balance > 0)
        nodes = [self.column(whole=balanced) for _ in weight]
        self.row({nodes[0]: -1}, 0)  # the clock is 0
        for i, j in np.argwhere(weight > -LIMIT // 2).tolist():
            if i != j:
                self.row({nodes[j]: 1, nodes[i]: -1}, int(weight[i, j]))
        lasting, unpaid = (
            {nodes[ARRIVAL]: 1.0, nodes[DEPARTURE]: -1.0},
            unpaid_s(problem, itinerary),
        )
        self.cost[nodes[ARRIVAL]] += int(fleet.per_s[vehicle])
        self.cost[nodes[DEPARTURE]] -= int(fleet.per_s[vehicle])
        over = int(fleet.per_overtime_s[vehicle])
        self.too_much(over, lasting, int(fleet.shift_s[vehicle]) + unpaid)
        self._balance(itinerary, lasting, unpaid)
        marks = Nodes(len(itinerary.tasks), len(itinerary.stands))
        for at, task in enumerate(itinerary.tasks):
            if task >= 0:
                begin, end = nodes[marks.begins[at]], nodes[marks.ends[at]]
                self.begin_of[task] = begin
                self._task(task, begin, end)

    def _task(self, task: int, begin: int, end: int) -> None:
        table = self.problem.tasks
        wanted, free = int(table.wanted_s[task]), int(table.off_free_s[task])
        if wanted < LIMIT:
            self.too_much(int(table.per_s_off[task]), {begin: 1}, wanted + free)
            self.too_much(int(table.per_s_off[task]), {begin: -1}, free - wanted)
        self.cost[end] -= int(table.per_s_less[task])
        self.cost[begin] += int(table.per_s_less[task])

    def _balance(self, itinerary: Itinerary, lasting: dict[int, float], unpaid: int) -> None:
        """Each second beyond the least work, one after the other, costs what it adds."""
        rate, least = self.problem.objective.balance, least_work(self.problem, itinerary)
        if not rate or least is None:
            return
        costs = [rate * s * s // 12_960_000 for s in range(least, self._longest(itinerary) + 1)]
        seconds = [self.column(dearer - cheaper, whole=1) for cheaper, dearer in pairwise(costs)]
        for column in seconds:
            self.row({column: -1}, -1)
        for earlier, later in pairwise(seconds):
            self.row({earlier: 1, later: -1}, 0)
        terms = dict.fromkeys(seconds, 1.0) | {column: -f for column, f in lasting.items()}
        self.row(terms, -least - unpaid)

    def _longest(self, itinerary: Itinerary) -> int:
        """No useful work is longer: all begins once the last hour that means anything is there."""
        problem = self.problem
        hours = [
            table[table < LIMIT // 2].max(initial=0)
            for table in (
                problem.tasks.window_s,
                problem.tasks.wanted_s,
                problem.vehicles.earliest_s,
                problem.breaks.earliest_s,
                problem.requests.release_s,
            )
        ]
        places = stops_of(problem, itinerary.vehicle, itinerary.tasks)
        legs = problem.duration_s[problem.vehicles.profile[itinerary.vehicle]]
        busy = sum(int(legs[leg]) for leg in pairwise(places))
        busy += sum(int(problem.breaks.duration_s[row]) for row, *_ in itinerary.stands)
        for task in itinerary.tasks:
            least = least_s(problem, itinerary.vehicle, task)
            busy += max(least, int(problem.tasks.service_most_s[task]) if task >= 0 else 0)
        return int(max(hours)) + busy
