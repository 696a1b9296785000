"""A problem as plain lists: what is asked a million times is asked of Python, not of numpy."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING

from msap_mobility.optimise.routing.problem import ANYWHERE, NONE, RELOAD, UNLIMITED
from msap_mobility.optimise.routing.reasons.reason import Rule

if TYPE_CHECKING:
    from collections.abc import Sequence

    from msap_mobility.optimise.routing.problem import RoutingProblem

__all__ = ["Asked", "Rules"]


class Rules:
    """The rules of time, each made once.

    Parameters
    ----------
    problem
        What was asked.

    Attributes
    ----------
    window, hours, break_window
        Of each task, vehicle and break: both ends.
    shift
        Of each vehicle.
    ride, cold, release
        Of each request.
    break_after
        Of each break.
    """

    def __init__(self, problem: RoutingProblem) -> None:
        tasks, vehicles = range(len(problem.tasks)), range(len(problem.vehicles))
        requests, breaks = range(len(problem.requests)), range(len(problem.breaks))
        self.window = [_ends(Rule(name="window", task=row)) for row in tasks]
        self.hours = [_ends(Rule(name="vehicle_window", vehicle=row)) for row in vehicles]
        self.break_window = [_ends(Rule(name="break_window", pause=row)) for row in breaks]
        self.shift = [Rule(name="shift", vehicle=row) for row in vehicles]
        self.ride = [Rule(name="ride", request=row) for row in requests]
        self.cold = [Rule(name="cold", request=row) for row in requests]
        self.release = [Rule(name="release", request=row) for row in requests]
        self.break_after = [Rule(name="break_after", pause=row) for row in breaks]


def _ends(rule: Rule) -> tuple[Rule, Rule]:
    return replace(rule, end="sooner"), replace(rule, end="later")


class Asked:
    """The tables and matrices of a problem, row by row.

    Parameters
    ----------
    problem
        What was asked.
    """

    def __init__(self, problem: RoutingProblem) -> None:
        self.problem = problem
        tasks, requests, vehicles = problem.tasks, problem.requests, problem.vehicles
        self.place: list[int] = tasks.place.tolist()
        self.service_s: list[int] = tasks.service_s.tolist()
        self.service_most_s: list[int] = tasks.service_most_s.tolist()
        self.load: list[list[int]] = tasks.load.tolist()
        bounds, rows = tasks.window_start.tolist(), tasks.window_s.tolist()
        self.first_window: list[int] = bounds[:-1]
        self.windows: list[list[list[int]]] = [rows[first:last] for first, last in pairwise(bounds)]
        self.pickup: list[int] = requests.task.tolist()
        self.delivery: list[int] = requests.delivery.tolist()
        self.max_ride_s: list[int] = requests.max_ride_s.tolist()
        self.release_s: list[int] = requests.release_s.tolist()
        self.max_cold_s: list[int] = requests.max_cold_s.tolist()
        self.request_of = [NONE] * len(tasks)
        for row, pair in enumerate(zip(self.pickup, self.delivery, strict=True)):
            for task in pair:
                if task != NONE:
                    self.request_of[task] = row
        self.longest_s = [
            UNLIMITED if UNLIMITED in (shift_s, overtime_s) else shift_s + overtime_s
            for shift_s, overtime_s in zip(
                vehicles.shift_s.tolist(), vehicles.overtime_s.tolist(), strict=True
            )
        ]
        self.hours: list[tuple[int, int]] = list(
            zip(vehicles.earliest_s.tolist(), vehicles.latest_s.tolist(), strict=True)
        )
        self.profile: list[int] = vehicles.profile.tolist()
        self.start: list[int] = vehicles.start.tolist()
        self.end: list[int] = vehicles.end.tolist()
        self.reload: list[int] = vehicles.reload.tolist()
        self.capacity: list[list[int]] = vehicles.capacity.tolist()
        self.rules = Rules(problem)
        self.breaks = [problem.breaks.of_vehicle(row) for row in range(len(vehicles))]

    @cached_property
    def far(self) -> list[list[list[int]]]:
        """Distances by profile."""
        return [matrix.tolist() for matrix in self.problem.distance]

    @cached_property
    def lasts_s(self) -> list[list[list[int]]]:
        """Durations by profile."""
        return [matrix.tolist() for matrix in self.problem.duration_s]

    def tasks_of(self, request: int) -> tuple[int, ...]:
        """The visit, or the pickup and the delivery."""
        pair = (self.pickup[request], self.delivery[request])
        return pair if pair[1] != NONE else pair[:1]

    def places(self, vehicle: int, tasks: Sequence[int]) -> list[int]:
        """Where a route goes, the end only if it has one."""
        again, end = self.reload[vehicle], self.end[vehicle]
        places = [self.start[vehicle]]
        places += [again if task == RELOAD else self.place[task] for task in tasks]
        return places if end == ANYWHERE else [*places, end]

    def length(self, vehicle: int, tasks: Sequence[int]) -> int:
        """Distance of a route."""
        matrix = self.far[self.profile[vehicle]]
        places = self.places(vehicle, tasks)
        return sum(matrix[here][there] for here, there in pairwise(places))
