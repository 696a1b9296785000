"""Several trips a day: what the engines solve, and who judges it by the file alone."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from benchmarks.routing.ground import Aim
from benchmarks.routing.referee import Verdict
from benchmarks.routing.whole import problem_of, up
from msap_mobility.optimise.routing.problem import RELOAD, UNLIMITED, RoutingProblem, Vehicles

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np
    from numpy.typing import NDArray

    from benchmarks.routing.reloading import Reloading
    from msap_mobility.optimise.routing.solution import Route, RoutingSolution

__all__ = ["Trips"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Trips:
    """Vehicles that come back to load what has been released, in no time, as often as they like."""

    read: Reloading
    aim: Aim = Aim.COST

    @property
    def nodes(self) -> NDArray[np.int64]:
        """Of each visit."""
        return self.read.ground.visits.node

    @property
    def again(self) -> int:
        """Where vehicles load again: the first place the file names."""
        return self.read.reloads[0]

    def problem(self) -> RoutingProblem:
        """That of the ground, with releases and a place to load again."""
        plain = problem_of(self.read.ground)
        vehicles = plain.vehicles
        again = Vehicles.of(count=vehicles.count, reload=self.again, max_trips=UNLIMITED)
        return replace(
            plain,
            requests=replace(plain.requests, release_s=up(self.read.release)),
            vehicles=replace(
                vehicles,
                reload=again.reload,
                reload_s=again.reload_s,
                max_trips=again.max_trips,
            ),
        )

    def judge(self, solution: RoutingSolution) -> Verdict:
        """Length of all routes with their ways back; releases, windows, loads by the file."""
        ground = self.read.ground
        broken: list[str] = []
        lengths = []
        for number, route in enumerate(solution.routes):
            drive = _Drive(self, route)
            broken += [f"route {number} {words}" for words in drive.broken()]
            lengths.append(drive.length)
        done = Counter(t for route in solution.routes for t in route.tasks if t != RELOAD)
        for task in range(len(ground.visits)):
            if done[task] != 1:
                broken.append(f"task {task} is done {done[task]} times")
        if (over := len(lengths) - int(ground.fleet.count[0])) > 0:
            broken.append(f"{over} vehicles more than there are")
        return Verdict(value=math.fsum(lengths), vehicles=len(lengths), broken=tuple(broken))


class _Drive:
    """One route, driven as its times say."""

    def __init__(self, trips: Trips, route: Route) -> None:
        self.trips, self.route, self.length = trips, route, 0.0

    def broken(self) -> Iterator[str]:
        """What it breaks; its length is known afterwards."""
        read, route = self.trips.read, self.route
        fleet, visits = read.ground.fleet, read.ground.visits
        here, aboard = int(fleet.start[0]), 0.0
        clock = loaded = float(route.departure_s)
        if clock < fleet.earliest[0]:
            yield f"leaves {fleet.earliest[0] - clock:.6g} too soon"
        for task, start in zip(route.tasks, route.starts_s, strict=True):
            there = self.trips.again if task == RELOAD else int(visits.node[task])
            yield from self._driven(here, there, start - clock)
            here, clock = there, float(start)
            if task == RELOAD:
                aboard, loaded = 0.0, clock
                continue
            aboard -= float(visits.load[task])
            if aboard > fleet.capacity[0]:
                yield f"carries {aboard - fleet.capacity[0]:.6g} too much at task {task}"
            if loaded < read.release[task]:
                yield f"has loaded task {task} {read.release[task] - loaded:.6g} before its release"
            if not visits.earliest[task] <= clock <= visits.latest[task]:
                yield f"begins task {task} outside its window"
            clock += float(visits.service[task])
        yield from self._driven(here, int(fleet.end[0]), route.arrival_s - clock)
        if route.arrival_s > fleet.latest[0]:
            yield f"is back {route.arrival_s - fleet.latest[0]:.6g} too late"

    def _driven(self, here: int, there: int, seconds: float) -> Iterator[str]:
        far = float(self.trips.read.ground.lengths[here, there])
        self.length += far
        if seconds < far:
            yield f"drives from {here} to {there} in {far - seconds:.6g} less than it takes"
