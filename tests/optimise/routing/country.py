"""A country that is a tree: villages at the ends of roads, places at the ends of lanes.

What the plan of `planting_calendars` is drawn on, and why nothing undercuts it, is told there.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import combinations
from typing import Any

import numpy as np

from msap_mobility.optimise.routing.problem import ANY_DAY, MANDATORY

MINUTE = 60
FAR, LANE = 30, 5
"""The longest road and lane, in minutes to drive and in units of distance."""


@dataclass
class Village:
    """A road, the days on which it is driven, what the theme asks, and what is done there."""

    road: int
    days: list[int]
    skills: int
    visits: list[list[int]] = field(default_factory=list)
    """Of each of its days the requests."""


class Country:
    """Villages with customers, stops and homes, and what driving to all of them costs at least."""

    def __init__(self, rng: np.random.Generator, days: int, crews: int) -> None:
        self.rng, self.days, self.crews = rng, days, crews
        self.place: list[tuple[int, int]] = [(-1, 0)]  # village and lane of each place
        self.task: dict[str, list[int]] = {"place": [], "service_s": []}
        self.request: dict[str, list[int]] = {"day": [], "skills": []}
        self.pattern: dict[str, list[Any]] = {"customer": [], "requests": [], "price": []}
        self.reach: list[list[int]] = []
        self.prize: list[int] = []
        self.per_distance = int(rng.integers(1, 4))
        self.stop_s = int(rng.integers(10, 30)) * MINUTE
        self.driven, self.served_s, self.paid = 0, 0, 0
        """Of the bound: distance, services, and prices and prizes."""
        self.villages: list[Village] = []

    def settle(self, villages: int, customers: int, stops: int) -> None:
        """Villages with at least one customer each, and homes that come to their stops."""
        for number in range(villages):
            village = self.village()
            self.villages.append(village)
            for _ in range(int(self.rng.integers(1, customers + 1))):
                self.customer(number, village)
            for _ in range(int(self.rng.integers(0, stops + 1))):
                self.chosen_stop(number, village)
            if self.often(0.3):
                self.stop_not_worth_it(number)

    def often(self, share: float = 0.5) -> bool:
        return bool(self.rng.random() < share)

    def village(self) -> Village:
        often = int(self.rng.integers(1, min(2, self.days) + 1))
        days = sorted(self.rng.choice(self.days, size=often, replace=False).tolist())
        village = Village(int(self.rng.integers(5, FAR)), days, int(self.rng.choice([0, 1, 2])))
        village.visits = [[] for _ in days]
        self.driven += 2 * village.road * often
        return village

    def visit(self, place: int, service_s: int, day: int, skills: int) -> int:
        """One task and its request more."""
        self.task["place"].append(place)
        self.task["service_s"].append(service_s)
        self.request["day"].append(day)
        self.request["skills"].append(skills)
        return len(self.request["day"]) - 1

    def lane(self, village: int, length: int) -> int:
        """One place more."""
        self.place.append((village, length))
        return len(self.place) - 1

    def customer(self, number: int, village: Village) -> None:
        """At a place of its own, on the days of the village."""
        length, service_s = int(self.rng.integers(0, LANE)), int(self.rng.integers(5, 40)) * MINUTE
        rows = self.periodic(number, village.days, length, service_s)
        for visits, row in zip(village.visits, rows, strict=True):
            visits.append(row)

    def periodic(self, number: int, days: list[int], length: int, service_s: int) -> list[int]:
        """Requests of these days, of a customer who might choose as many others, no cheaper."""
        often, skills = len(days), self.villages[number].skills
        others = [list(chosen) for chosen in combinations(range(self.days), often)]
        picked = self.rng.permutation(len(others))[: int(self.rng.integers(1, 4))]
        chosen = [days, *(others[at] for at in picked if others[at] != days)]
        place, price = self.lane(number, length), int(self.rng.integers(0, 9))
        row = {
            day: self.visit(place, service_s, day, skills)
            for day in sorted({day for listed in chosen for day in listed})
        }
        name = max(self.pattern["customer"], default=-1) + 1
        for listed in chosen:
            dearer = 0 if listed is days else int(self.rng.integers(0, 9))
            self.pattern["customer"].append(name)
            self.pattern["requests"].append([row[day] for day in listed])
            self.pattern["price"].append(price + dearer)
        self.driven += 2 * length * often
        self.served_s += service_s * often
        self.paid += price
        return [row[day] for day in days]

    def chosen_stop(self, number: int, village: Village) -> None:
        """It and maybe a longer one for a private home; other homes that come to either."""
        length = int(self.rng.integers(0, LANE))
        chosen = self.stop(number, length)
        longer = [self.stop(number, length + int(self.rng.integers(0, 3)))] * self.often()
        self.home([chosen, *longer], MANDATORY)
        if self.often():
            self.home([chosen, *(longer if self.often() else [])], MANDATORY)
        if self.often():
            self.home([village.visits[0][0], *longer], MANDATORY)
        village.visits[0].append(chosen)
        self.driven += 2 * length
        self.served_s += self.stop_s

    def stop_not_worth_it(self, number: int) -> None:
        """For a home that rather pays."""
        length = int(self.rng.integers(1, LANE))
        prize = int(self.rng.integers(1, 2 * length * self.per_distance + 1))
        self.home([self.stop(number, length)], prize)
        self.paid += prize

    def stop(self, number: int, length: int) -> int:
        return self.visit(self.lane(number, length), self.stop_s, ANY_DAY, 0)

    def home(self, reach: list[int], prize: int) -> None:
        self.reach.append(reach)
        self.prize.append(prize)

    def matrix(self) -> np.ndarray:
        """Along roads and lanes; the depot has neither."""
        road = np.array([0, *(village.road for village in self.villages)])
        village, lane = np.array(self.place).T
        out = road[village + 1] + lane
        within = lane[:, None] + lane[None, :]
        apart = np.where(village[:, None] == village[None, :], within, out[:, None] + out[None, :])
        np.fill_diagonal(apart, 0)
        return apart

    def busy_s(self, entered: list[tuple[int, list[int]]]) -> int:
        """Driving and services of a round."""
        minutes = sum(2 * self.villages[at].road for at, _ in entered)
        rows = [row for _, visits in entered for row in visits]
        minutes += sum(2 * self.place[self.task["place"][row]][1] for row in rows)
        return minutes * MINUTE + sum(self.task["service_s"][row] for row in rows)
