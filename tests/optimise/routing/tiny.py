"""Tiny problems with much of every rule at once, most of which can be served.

`strategies_further` shrinks to the one rule that fails; these meet many rules in one plan.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from msap_mobility.optimise.routing.problem import (
    ANY_DAY,
    ANYWHERE,
    MANDATORY,
    NONE,
    UNLIMITED,
    Breaks,
    Covering,
    Objective,
    Patterns,
    Requests,
    RoutingProblem,
    Tasks,
    Vehicles,
)


def tiny(seed: int) -> RoutingProblem:
    """Customers with patterns over two days, visits on any day, homes that come to some of them."""
    return _Tiny(np.random.default_rng(seed)).problem()


class _Tiny:
    """Requests first, then rules about them, each in half of the problems."""

    def __init__(self, rng: np.random.Generator) -> None:
        self.rng = rng
        self.days = int(rng.integers(1, 3))
        self.day: list[int] = []
        self.prize: list[int] = []
        self.customer: list[int] = []
        self.members: list[list[int]] = []
        customers = int(rng.integers(0, 3)) if self.days > 1 else int(rng.integers(0, 2))
        for number in range(customers):
            self.periodic(number)
        self.customers = customers
        for _ in range(int(rng.integers(1, 4 if not customers else 3))):
            self.day.append(int(rng.choice([ANY_DAY, ANY_DAY, *range(self.days)])))
            self.prize.append(int(rng.choice([MANDATORY, 0, 5, 30])))
        self.count = len(self.day)

    def often(self, share: float = 0.5) -> bool:
        return bool(self.rng.random() < share)

    def periodic(self, number: int) -> None:
        """A request for each day; both days, or one of them."""
        rows = [len(self.day) + day for day in range(self.days)]
        self.day += range(self.days)
        self.prize += [0] * self.days
        sets = [rows, *([row] for row in rows)] if self.often() else [rows]
        for chosen in sets:
            self.customer.append(number)
            self.members.append(chosen)

    def column(self, least: int, most: int, count: int | None = None) -> np.ndarray:
        return self.rng.integers(least, most, size=self.count if count is None else count)

    def problem(self) -> RoutingProblem:
        spots = self.rng.integers(0, 8, size=(int(self.rng.integers(2, 5)), 2))
        apart = np.abs(spots[:, None] - spots[None]).sum(axis=2)
        vehicles = self.vehicles(len(spots))
        return RoutingProblem(
            distance=apart,
            duration_s=apart + self.rng.integers(0, 3, size=apart.shape),
            tasks=self.tasks(len(spots)),
            requests=self.requests(),
            vehicles=vehicles,
            patterns=self.patterns(),
            covering=self.covering(),
            breaks=self.breaks(len(vehicles)),
            objective=Objective(balance=int(self.rng.choice([0, 0, 0, 100_000]))),
        )

    def tasks(self, places: int) -> Tasks:
        columns: dict[str, Any] = {"load": -self.column(0, 4), "service_s": self.column(0, 5)}
        if self.often():
            columns["service_most_s"] = columns["service_s"] + self.column(0, 8)
            columns["per_s_less"] = self.column(0, 4)
        if self.often():
            columns["wanted_s"] = self.column(5, 60)
            columns["per_s_off"] = self.column(0, 3)
            columns["off_free_s"] = self.column(0, 6)
        if self.often():
            opens, lasts = self.column(0, 40), self.column(5, 60)
            columns["windows"] = [
                [(int(a), int(a + b))] if self.often() else []
                for a, b in zip(opens, lasts, strict=True)
            ]
        return Tasks.of(place=self.column(0, places), **columns)

    def requests(self) -> Requests:
        columns: dict[str, Any] = {}
        if self.often(0.3):
            columns["release_s"] = self.column(0, 20)
        if self.often(0.3):
            columns["max_cold_s"] = self.column(15, 50)
        return Requests.of(task=np.arange(self.count), prize=self.prize, day=self.day, **columns)

    def vehicles(self, places: int) -> Vehicles:
        """One on each day, or two on the first."""
        day = [*range(self.days), *([0] if self.often(0.3) else [])]
        kinds = len(day)
        again = self.often()
        return Vehicles.of(
            count=[1] * kinds,
            day=day,
            end=np.where(self.rng.random(kinds) < 0.8, 0, ANYWHERE),
            capacity=self.column(3, 5, kinds) if again else self.column(5, 12, kinds),
            shift_s=self.column(60, 120, kinds) if self.often() else UNLIMITED,
            overtime_s=10,
            per_overtime_s=2,
            per_s=self.column(0, 3, kinds),
            reload=np.where(self.rng.random(kinds) < 0.8, self.column(0, places, kinds), NONE)
            if again
            else NONE,
            reload_s=self.column(0, 6, kinds),
            max_trips=2 if again else 1,
        )

    def patterns(self) -> Patterns:
        return Patterns.of(
            customer=self.customer,
            requests=self.members,
            price=self.column(0, 20, len(self.members)),
            prize=self.rng.choice([MANDATORY, 30, 200], size=self.customers),
            per_s_apart=self.column(0, 4, self.customers),
            apart_free_s=self.column(0, 5, self.customers),
        )

    def covering(self) -> Covering:
        """Homes that reach a few of the optional requests, those of patterns too."""
        optional = np.flatnonzero(np.array(self.prize) >= 0)
        homes = int(self.rng.integers(0, 3)) if len(optional) else 0
        reach = [
            self.rng.choice(
                optional, size=int(self.rng.integers(1, len(optional) + 1)), replace=False
            )
            for _ in range(homes)
        ]
        return Covering.of(
            reach=[rows.tolist() for rows in reach],
            prize=self.rng.choice([MANDATORY, 40], size=homes),
        )

    def breaks(self, vehicles: int) -> Breaks:
        """One a vehicle at most."""
        rows = [row for row in range(vehicles) if self.often(0.6)] if self.often(0.6) else []
        early = self.column(0, 25, len(rows))
        return Breaks.of(
            vehicle=rows,
            duration_s=self.column(3, 10, len(rows)),
            earliest_s=early,
            latest_s=early + self.column(5, 50, len(rows)),
            after_s=np.where(self.rng.random(len(rows)) < 0.5, 25, UNLIMITED),
            if_longer_s=self.rng.choice([0, 30], size=len(rows)),
            paid=self.rng.random(len(rows)) < 0.5,
        )
