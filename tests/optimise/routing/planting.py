"""Larger random problems, built around routes that keep every rule: a plan without gap exists."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from msap_mobility.optimise.routing.problem import (
    ANYWHERE,
    MANDATORY,
    NONE,
    UNLIMITED,
    Groups,
    Objective,
    Requests,
    RoutingProblem,
    Tasks,
    Vehicles,
)
from msap_mobility.optimise.routing.solution import Route, RoutingSolution
from tests.optimise.routing.stated import distance_of, stated

HOUR = 3600


@dataclass(frozen=True)
class Mix:
    """A problem and a solution of it in which nothing is missing."""

    problem: RoutingProblem
    planted: RoutingSolution


def mix(seed: int, size: int) -> Mix:
    """A random mix of the rules with `size` planted requests, and some that are not."""
    return _Planting(np.random.default_rng(seed), size).mix()


class _Planting:
    """Draws the routes first, then rules that they keep: each rule in half of the problems."""

    def __init__(self, rng: np.random.Generator, size: int) -> None:
        self.rng, self.size = rng, size
        count = size + int(rng.integers(0, 2 + size // 4))
        paired = rng.random(count) < rng.choice([0, 0.3, 0.6, 1])
        self.tasks = count + int(paired.sum())
        rows = iter(rng.permutation(self.tasks).tolist())
        pairs = [(next(rows), next(rows) if pair else NONE) for pair in paired]
        self.task, self.delivery = (list(column) for column in zip(*pairs, strict=True))
        self.kinds, self.dimensions = int(rng.integers(1, 4)), int(rng.integers(1, 3))
        self.places = self.kinds + int(rng.integers(self.tasks // 2, self.tasks)) + 1
        self.narrow = int(rng.choice([1, 4, 20]))
        self.matrices()
        self.what()
        self.orders()
        self.times()

    def often(self, share: float = 0.5) -> bool:
        return bool(self.rng.random() < share)

    def matrices(self) -> None:
        """Asymmetric, with detours longer than the way around; some places are the same."""
        rng = self.rng
        spots = rng.integers(0, 1000, size=(self.places, 2))
        crow = np.hypot(*(spots[:, None] - spots[None]).transpose(2, 0, 1))
        crooked = rng.uniform(1, rng.choice([1, 1.2, 1.6]) + 1e-9, size=crow.shape)
        profiles = int(rng.integers(1, 3))
        self.distance = np.stack([np.rint(crow * crooked * (1 + k / 10)) for k in range(profiles)])
        pace = rng.uniform(0.8, 1.5, size=(profiles, 1, 1))
        self.duration_s = np.rint(self.distance * pace).astype(np.int32)
        self.profile = rng.integers(0, profiles, size=self.kinds)

    def what(self) -> None:
        """Where, how long, how much: a single visit loads or unloads."""
        rng = self.rng
        self.place = rng.integers(0, self.places, size=self.tasks)
        self.service_s = rng.integers(0, 600, size=self.tasks) * rng.integers(0, 2)
        self.load = rng.integers(-9, 10, size=(self.tasks, self.dimensions))
        for up, down in zip(self.task, self.delivery, strict=True):
            if down != NONE:
                self.load[up] = abs(self.load[up])
                self.load[down] = -self.load[up]

    def orders(self) -> None:
        """Which vehicle does what, in which order."""
        rng = self.rng
        routes = int(rng.integers(1, 2 + max(self.size // 3, self.size > 1)))
        owner = rng.integers(0, routes, size=self.size)
        self.sequences: list[list[int]] = []
        for route in np.unique(owner):
            order: list[int] = []
            for row in np.flatnonzero(owner == route):
                at = int(rng.integers(0, len(order) + 1))
                order.insert(at, self.task[row])
                if self.delivery[row] != NONE:
                    order.insert(int(rng.integers(at + 1, len(order) + 1)), self.delivery[row])
            self.sequences.append(order)
        self.kind_of = rng.integers(0, self.kinds, size=len(self.sequences)).tolist()
        self.start = rng.integers(0, self.kinds, size=self.kinds)
        self.end = np.where(rng.random(self.kinds) < 0.7, self.start, rng.integers(-1, self.kinds))

    def times(self) -> None:
        """Drive the routes, sometimes waiting."""
        rng, waits = self.rng, self.rng.choice([0, 0.2])
        self.routes: list[Route] = []
        self.start_s: dict[int, int] = {}
        for kind, order in zip(self.kind_of, self.sequences, strict=True):
            legs = self.duration_s[self.profile[kind]]
            places = [self.start[kind], *self.place[order]]
            clock = departure = int(rng.integers(6, 9)) * HOUR
            for task, (here, there) in zip(order, pairwise(places), strict=True):
                clock += int(legs[here, there])
                clock += int(rng.integers(0, 1200)) if rng.random() < waits else 0
                self.start_s[task] = clock
                clock += int(self.service_s[task])
            clock += 0 if self.end[kind] == ANYWHERE else int(legs[places[-1], self.end[kind]])
            starts = tuple(self.start_s[task] for task in order)
            self.routes.append(
                Route(
                    vehicle=kind,
                    tasks=tuple(order),
                    departure_s=departure,
                    starts_s=starts,
                    arrival_s=clock,
                )
            )

    def mix(self) -> Mix:
        kinds = self.vehicle_columns()
        groups, requests = self.request_columns(kinds["skills"])
        problem = RoutingProblem(
            distance=self.distance.astype(np.int64),
            duration_s=self.duration_s,
            tasks=Tasks.of(
                place=self.place,
                service_s=self.service_s,
                load=self.load,
                windows=[self.windows(task) for task in range(self.tasks)],
            ),
            requests=requests,
            groups=groups,
            vehicles=Vehicles.of(**(kinds | self.limits())),
            objective=Objective(
                vehicles_first=self.often(0.3), balance=int(self.rng.choice([0, 0, 100]))
            ),
        )
        problem = self.limited_distance(problem)
        return Mix(problem=problem, planted=stated(problem, self.routes))

    def windows(self, task: int) -> list[tuple[int, int]]:
        """Around the planted beginning, with others before and after."""
        around = self.start_s.get(task, int(self.rng.integers(6, 16)) * HOUR)
        if self.often(0.3):
            return []
        before, after, away = (
            int(n) for n in self.rng.integers(0, 2 * HOUR, size=3) // self.narrow
        )
        rows = [(max(around - before, 0), around + after)]
        if self.often(0.3):
            rows.append((around + after + 1 + away, around + after + HOUR + away))
        if self.often(0.3) and around - before > away + 1:
            rows.insert(0, (max(around - before - away - HOUR, 0), around - before - away - 1))
        return rows

    def most(self, values: list[Any]) -> Any:
        """By type of vehicle the most of a value of each route, 0 where no route uses it."""
        rows = np.zeros((self.kinds, *np.shape(values)[1:]), dtype=np.int64)
        for kind, value in zip(self.kind_of, values, strict=True):
            rows[kind] = np.maximum(rows[kind], value)
        return rows

    def slack(self) -> int:
        """None, some or much more than is needed, in percent."""
        return int(self.rng.choice([0, 0, 10, 50]))

    def vehicle_columns(self) -> dict[str, Any]:
        """What no route has to keep."""
        rng, size = self.rng, self.kinds
        used = np.bincount(self.kind_of, minlength=size)
        return {
            "count": np.maximum(used + rng.integers(0, 2, size=size), 1),
            "start": self.start,
            "end": self.end,
            "skills": rng.integers(0, 8, size=size),
            "profile": self.profile,
            "fixed": rng.integers(0, 3000, size=size) * rng.integers(0, 2),
            "per_distance": rng.integers(0, 3, size=size),
            "per_s": rng.integers(0, 2, size=size),
            "per_overtime_s": rng.integers(0, 4, size=size),
        }

    def limits(self) -> dict[str, Any]:
        """What the planted routes just keep, each limit in half of the problems."""
        lasts = self.most([route.arrival_s - route.departure_s for route in self.routes])
        latest = self.most([route.arrival_s for route in self.routes])
        stops = self.most([len(route.tasks) for route in self.routes])
        peaks = self.most([self.peak(route.tasks) for route in self.routes])
        percent = 100 + self.slack()
        limits: dict[str, Any] = {"capacity": np.full_like(peaks, UNLIMITED)}
        if self.often():
            limits["capacity"] = peaks * percent // 100
        if self.often():
            limits["overtime_s"] = lasts // self.rng.integers(2, 10)
            limits["shift_s"] = lasts * percent // 100 - limits["overtime_s"] * self.often()
        if self.often():
            limits["earliest_s"] = np.full(self.kinds, 6 * HOUR)
            limits["latest_s"] = np.maximum(latest, 12 * HOUR)
        if self.often():
            limits["max_stops"] = stops + self.rng.choice([0, 0, 1, 3])
        return limits

    def peak(self, tasks: tuple[int, ...]) -> np.ndarray:
        """Most aboard in each dimension: what is unloaded without pickup is aboard at first."""
        aboard = np.zeros(self.dimensions, dtype=np.int64)
        for task in tasks:
            if task not in self.delivery:
                aboard -= np.minimum(self.load[task], 0)
        moments = [aboard]
        for task in tasks:
            moments.append(moments[-1] + self.load[task])
        return np.max(moments, axis=0)

    def request_columns(self, skills: np.ndarray) -> tuple[Groups, Requests]:
        """Prizes, groups around a planted request and some others, rides and skills."""
        rng, count = self.rng, len(self.task)
        planted = np.arange(count) < self.size
        optional = ~planted | (rng.random(count) < rng.choice([0, 0.3]))
        group, must = np.full(count, NONE), []
        for row in range(self.size, count):
            if self.often():
                group[row] = group[rng.integers(0, self.size)] = len(must)
                must.append(self.often())
        # a planted request taken by a later group leaves the earlier one without any
        must = [whether and number in group[: self.size] for number, whether in enumerate(must)]
        optional |= group != NONE
        driven_by = {
            task: int(skills[route.vehicle]) for route in self.routes for task in route.tasks
        }
        asked = [driven_by.get(task, 7) & int(rng.integers(0, 8)) for task in self.task]
        return Groups(must=np.array(must, dtype=np.bool_)), Requests.of(
            task=self.task,
            delivery=self.delivery,
            prize=np.where(optional, rng.integers(0, 2000, size=count), MANDATORY),
            max_ride_s=[self.ride_s(row) for row in range(count)],
            skills=np.array(asked) * self.often(),
            group=group,
        )

    def ride_s(self, row: int) -> int:
        """Just what the planted ride takes, or a little more."""
        up, down = self.task[row], self.delivery[row]
        if down == NONE or self.often():
            return UNLIMITED
        if up not in self.start_s:
            return int(self.rng.integers(0, 2 * HOUR))
        ride = self.start_s[down] - self.start_s[up] - int(self.service_s[up])
        return ride * (100 + self.slack()) // 100

    def limited_distance(self, problem: RoutingProblem) -> RoutingProblem:
        """The same, its routes no longer than those planted, in a third of the problems."""
        if self.often(0.7):
            return problem
        lengths = [distance_of(problem, route.vehicle, route.tasks) for route in self.routes]
        problem.vehicles.max_distance[:] = self.most(lengths) * (100 + self.slack()) // 100
        return problem
