"""Covering tours: what the engines solve, and who judges it by the network alone."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.routing.ground import Aim
from benchmarks.routing.referee import Verdict
from msap_mobility.optimise.routing import problem as p

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from benchmarks.routing.covering import Covering, CoveringRun
    from msap_mobility.optimise.routing.solution import RoutingSolution

__all__ = ["CoveringTours"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CoveringTours:
    """A run on a network: as many routes as it takes, whole lengths, driving takes no time.

    Task t and request t are vertex t + 1; customers are rows of `Covering` as the file counts them.
    """

    network: Covering
    run: CoveringRun
    aim: Aim = Aim.COST

    @property
    def nodes(self) -> NDArray[np.int64]:
        """All vertices but the depot."""
        return np.arange(1, len(self.network.lengths))

    def problem(self) -> p.RoutingProblem:
        """Vertices that must be visited are; the others for whom they cover alone."""
        network, vertices = self.network, self.nodes
        reach: list[list[int]] = [[] for _ in range(network.customers)]
        for vertex in vertices.tolist():
            for customer in network.covers[vertex]:
                reach[customer].append(vertex - 1)
        return p.RoutingProblem(
            distance=network.lengths.astype(np.int64),
            duration_s=np.zeros(network.lengths.shape, dtype=np.int32),
            tasks=p.Tasks.of(place=vertices),
            requests=p.Requests.of(
                task=vertices - 1, prize=np.where(vertices < network.mandatory, p.MANDATORY, 0)
            ),
            covering=p.Covering.of(reach=reach),
            vehicles=p.Vehicles.of(
                count=len(vertices),
                max_stops=self.run.stops,
                max_distance=int(min(self.run.length, p.UNLIMITED)),
            ),
        )

    def judge(self, solution: RoutingSolution) -> Verdict:
        """Length of all routes; vertices, customers, stops and lengths by the file."""
        routes = [[task + 1 for task in route.tasks] for route in solution.routes]
        lengths = [self._length(route) for route in routes]
        return Verdict(
            value=math.fsum(lengths),
            vehicles=len(routes),
            broken=(*self._limits(routes, lengths), *self._visited(routes)),
        )

    def _length(self, route: list[int]) -> float:
        return math.fsum(float(self.network.lengths[leg]) for leg in pairwise([0, *route, 0]))

    def _limits(self, routes: list[list[int]], lengths: list[float]) -> Iterator[str]:
        for number, (route, length) in enumerate(zip(routes, lengths, strict=True)):
            if not route or not all(0 < vertex < len(self.network.lengths) for vertex in route):
                yield f"route {number} visits nothing, or what is no vertex"
            if len(route) > self.run.stops:
                yield f"route {number} has {len(route) - self.run.stops} stops too many"
            if length > self.run.length:
                yield f"route {number} is too far by {length - self.run.length:.6g}"

    def _visited(self, routes: list[list[int]]) -> Iterator[str]:
        visited = Counter(vertex for route in routes for vertex in route)
        for vertex, times in visited.items():
            if times > 1:
                yield f"vertex {vertex} is visited {times} times"
        for vertex in range(1, self.network.mandatory):
            if vertex not in visited:
                yield f"vertex {vertex} is not visited"
        covered = {customer for vertex in visited for customer in self.network.covers[vertex]}
        for customer in sorted(set(range(self.network.customers)) - covered):
            yield f"customer {customer} is not covered"
