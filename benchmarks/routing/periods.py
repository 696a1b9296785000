"""Periodic instances: what the engines solve, and who judges it by the file alone."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.routing.ground import Aim
from benchmarks.routing.referee import Verdict
from benchmarks.routing.whole import down, up
from msap_mobility.optimise.routing import problem as p

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from benchmarks.routing.periodic import Periodic
    from msap_mobility.optimise.routing.solution import Route, RoutingSolution

__all__ = ["Periods"]

_SCALE = 10_000
"""Units of the engines in one unit of the file, whose distances are not rounded."""
_SLACK = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Periods:
    """Customers on the days of a pattern each.

    Task and request t are ``visits[t]``, a customer on one of the days it may be visited. Vehicle
    types are depots on days, the days of the first depot first.
    """

    read: Periodic
    aim: Aim = Aim.COST
    visits: tuple[tuple[int, int], ...] = field(init=False)

    def __post_init__(self) -> None:
        listed = [
            (customer, day)
            for customer, patterns in enumerate(self.read.patterns)
            for day in sorted({day for pattern in patterns for day in pattern})
        ]
        object.__setattr__(self, "visits", tuple(listed))

    @property
    def nodes(self) -> NDArray[np.int64]:
        """Of the customer of each visit."""
        return self.read.node[[customer for customer, _ in self.visits]]

    def problem(self) -> p.RoutingProblem:
        """A request for each customer and day; driving takes as long as it is far."""
        read = self.read
        customers = [customer for customer, _ in self.visits]
        row = {visit: number for number, visit in enumerate(self.visits)}
        chosen = [
            (customer, [row[customer, day] for day in pattern])
            for customer, patterns in enumerate(read.patterns)
            for pattern in patterns
        ]
        types = len(read.depots) * read.days
        return p.RoutingProblem(
            distance=np.rint(read.lengths * _SCALE).astype(np.int64),
            duration_s=up(read.lengths * _SCALE).astype(np.int32),
            tasks=p.Tasks.of(
                place=self.nodes,
                service_s=up(read.service[customers] * _SCALE),
                load=-up(read.demand[customers]),
            ),
            requests=p.Requests.of(
                task=np.arange(len(self.visits)), prize=0, day=[day for _, day in self.visits]
            ),
            patterns=p.Patterns.of(
                customer=[customer for customer, _ in chosen],
                requests=[requests for _, requests in chosen],
            ),
            vehicles=p.Vehicles.of(
                count=[read.vehicles] * types,
                day=np.tile(np.arange(read.days), len(read.depots)),
                start=np.repeat(read.depots, read.days),
                end=np.repeat(read.depots, read.days),
                capacity=down(read.capacity.ravel()),
                shift_s=down(read.duration.ravel() * _SCALE),
            ),
        )

    def judge(self, solution: RoutingSolution) -> Verdict:
        """Length of all routes; loads, durations, vehicles a day and patterns by the file."""
        driven = [self._told(number, route) for number, route in enumerate(solution.routes)]
        lengths = [length for length, _ in driven]
        broken = [each for _, found in driven for each in found]
        used = Counter(route.vehicle for route in solution.routes)
        broken += [
            f"{number} routes of depot and day {kind}, where {self.read.vehicles} may drive"
            for kind, number in used.items()
            if number > self.read.vehicles
        ]
        broken += self._patterns([task for route in solution.routes for task in route.tasks])
        return Verdict(value=math.fsum(lengths), vehicles=len(driven), broken=tuple(broken))

    def _told(self, number: int, route: Route) -> tuple[float, list[str]]:
        """Its length, and what it breaks."""
        read = self.read
        site, day = divmod(route.vehicle, read.days)
        if not 0 <= site < len(read.depots) or not set(route.tasks) <= set(range(len(self.visits))):
            return 0.0, [f"route {number} has no such vehicle or task"]
        visits = [self.visits[task] for task in route.tasks]
        rows = [customer for customer, _ in visits]
        depot = int(read.depots[site])
        places = [depot, *read.node[rows].tolist(), depot]
        length = math.fsum(float(read.lengths[leg]) for leg in pairwise(places))
        lasts = length + math.fsum(read.service[rows].tolist())
        told = (route.arrival_s - route.departure_s) / _SCALE
        load = math.fsum(read.demand[rows].tolist())
        exceeded = (
            ("visits nobody, so many times:", not visits),
            ("carries too much by", load - read.capacity[site, day]),
            ("lasts too long by", max(lasts, told) - read.duration[site, day]),
            ("is told too short by", lasts - told),
            ("has visits of other days, so many:", sum(of != day for _, of in visits)),
        )
        found = [f"route {number} {words} {most:.6g}" for words, most in exceeded if most > _SLACK]
        return length, found

    def _patterns(self, tasks: list[int]) -> Iterator[str]:
        """The days of each customer are one of its patterns."""
        days: list[list[int]] = [[] for _ in self.read.patterns]
        for task in tasks:
            if 0 <= task < len(self.visits):
                customer, day = self.visits[task]
                days[customer].append(day)
        for customer, visited in enumerate(days):
            if tuple(sorted(visited)) not in self.read.patterns[customer]:
                yield f"customer {customer} is visited on days {sorted(visited)}"
