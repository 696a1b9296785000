"""Calendars whose optimum is known: patterns, covering, themes and breaks in one problem.

**The country.** Villages lie around the depot, each at the end of a road of its own; places lie
around the middle of their village, each at the end of a lane of its own. Roads and lanes are a
tree: whoever goes somewhere and comes back drives each road and lane on the way twice.

**The plan** is drawn first. Each village has a frequency and as many days; on each of its days one
vehicle enters it once, calls at every customer there, and on the first of its days at the chosen
stops, which cover homes. All visits of a route follow each other without waiting but for the
break.

**No plan costs less**, part by part:

1. *Roads and lanes.* A customer is visited on as many days as its village has (every pattern has
   that number), so that many routes drive its lane, and that many its road, each twice. (Those
   who fill a day live in the middle of a village, without a lane, and are visited once.)
2. *Lanes of stops.* Of the homes some are private: no stop is within reach of two of them, and the
   stops that reach one have lanes at least as long as the chosen one. All private homes must be
   covered: so many different stops are visited, each on a lane at least as long.
3. *Homes that pay* reach one stop each, which nobody else reaches and whose lane costs, there and
   back, no less than the prize. Paying the prize is the least.
4. *Patterns.* Among a customer's patterns the chosen one is the cheapest.
5. *Vehicles.* Driving (by 1 and 2) and services (of every visit; stops take equally long) sum up to
   no less than in the plan. One vehicle does no more than the longest shift without the paid
   break, and one vehicle less could not do it all: where that holds, using a vehicle costs.
6. *Time.* Work is at least driving, services, and a paid break for each vehicle used; per second it
   costs something only if 5 bounds the number of vehicles, or the break is unpaid.

Themes, windows, hours of breaks and of vehicles only forbid; the plan keeps them.
"""

from __future__ import annotations

from itertools import chain

import numpy as np

from msap_mobility.optimise.routing.problem import (
    Breaks,
    Covering,
    Patterns,
    Requests,
    RoutingProblem,
    Tasks,
    Vehicles,
)
from msap_mobility.optimise.routing.solution import Route
from tests.optimise.routing.country import MINUTE, Country
from tests.optimise.routing.planting import Mix
from tests.optimise.routing.stated import stated

HOUR = 3600
Rounds = dict[tuple[int, int], list[tuple[int, list[int]]]]
"""Of each day and crew the villages it enters, in order, and its visits there."""


def calendar(
    seed: int,
    *,
    villages: int = 6,
    days: int = 5,
    crews: int = 2,
    customers: int = 3,
    stops: int = 2,
    full: bool = False,
) -> Mix:
    """A problem, and a plan that no other undercuts: its `bound` is what it costs.

    `customers` and `stops` are the most of a village. Where days are `full` no vehicle can be
    saved, and using one costs.
    """
    calendar = _Calendar(np.random.default_rng(seed), days, crews)
    calendar.settle(villages, customers, stops)
    return calendar.mix(full=full)


class _Calendar(Country):
    """The plan, then rules that it keeps."""

    def rounds(self) -> Rounds:
        """Each village on each of its days, by any crew."""
        found: Rounds = {}
        for at in self.rng.permutation(len(self.villages)).tolist():
            village = self.villages[at]
            for day, visits in zip(village.days, village.visits, strict=True):
                crew = int(self.rng.integers(0, self.crews))
                order = self.rng.permutation(visits).tolist()
                found.setdefault((day, crew), []).append((at, order))
        return found

    def fill(self, rounds: Rounds) -> None:
        """One customer more in rounds that are shorter than others, at no length of way.

        All rounds together then lack less than one of them.
        """
        longest = max(map(self.busy_s, rounds.values()))
        for (day, _), entered in rounds.items():
            lacking = int(self.rng.integers(0, longest // (len(rounds) + 1)))
            service_s = longest - lacking - self.busy_s(entered)
            if service_s > MINUTE:
                at, visits = entered[int(self.rng.integers(0, len(entered)))]
                visits += self.periodic(at, [day], 0, service_s)

    def mix(self, *, full: bool) -> Mix:
        rng, unpaid, lasts = self.rng, self.often(), int(self.rng.integers(20, 60)) * MINUTE
        rounds = self.rounds()
        if full:
            self.fill(rounds)
        apart, routes, rests = self.matrix(), [], {}
        for (day, crew), entered in sorted(rounds.items()):
            kind = day * self.crews + crew
            tasks = list(chain(*(visits for _, visits in entered)))
            route, rests[kind] = self.drive(kind, tasks, apart, lasts)
            routes.append(route)
        busy = [self.busy_s(entered) for entered in rounds.values()]
        longest = max(busy) if full else max(busy) + int(rng.integers(0, 30)) * MINUTE
        counted = sum(busy) > (len(busy) - 1) * longest
        per_s = int(rng.integers(0, 2)) if counted or unpaid else 0
        fixed = int(rng.integers(1, 200)) if counted else 0
        paid_s = 0 if unpaid else lasts
        problem = RoutingProblem(
            distance=apart,
            duration_s=apart * MINUTE,
            tasks=Tasks.of(**self.task, windows=self.windows(routes)),
            requests=Requests.of(task=np.arange(len(self.task["place"])), prize=0, **self.request),
            patterns=Patterns.of(**self.pattern),
            covering=Covering.of(reach=self.reach, prize=self.prize),
            vehicles=self.vehicles(shift_s=longest + paid_s, per_s=per_s, fixed=fixed),
            breaks=self.breaks(rests, lasts, unpaid=unpaid),
        )
        work_s = self.driven * MINUTE + self.served_s + len(routes) * paid_s
        bound = self.driven * self.per_distance + per_s * work_s + self.paid + fixed * len(routes)
        return Mix(problem=problem, planted=stated(problem, routes, bound=bound))

    def drive(
        self, kind: int, tasks: list[int], apart: np.ndarray, lasts: int
    ) -> tuple[Route, int]:
        """Without waiting, and when its break begins: before it drives on from some task."""
        clock = departure = int(self.rng.integers(7 * HOUR, 9 * HOUR))
        here, starts, ends, rest = 0, [], [], 0
        after = int(self.rng.integers(0, len(tasks)))
        for at, task in enumerate(tasks):
            there = self.task["place"][task]
            clock += int(apart[here, there]) * MINUTE
            starts.append(clock)
            clock += self.task["service_s"][task]
            ends.append(clock)
            here = there
            if at == after:
                rest, clock = clock, clock + lasts
        route = Route(
            vehicle=kind,
            tasks=tuple(tasks),
            departure_s=departure,
            starts_s=tuple(starts),
            ends_s=tuple(ends),
            breaks=((kind, rest),),
            arrival_s=clock + int(apart[here, 0]) * MINUTE,
        )
        return route, rest

    def windows(self, routes: list[Route]) -> list[list[tuple[int, int]]]:
        """Around the planted beginning of some."""
        rows: list[list[tuple[int, int]]] = [[] for _ in self.task["place"]]
        for route in routes:
            for task, start_s in zip(route.tasks, route.starts_s, strict=True):
                if self.often(0.2):
                    before, after = self.rng.integers(0, 2 * HOUR, size=2).tolist()
                    rows[task] = [(start_s - before, start_s + after)]
        return rows

    def vehicles(self, *, shift_s: int, per_s: int, fixed: int) -> Vehicles:
        """A crew is a type, which is of one day; who is planted there has the skills."""
        day = np.repeat(np.arange(self.days), self.crews)
        theme = np.array([int(self.rng.choice([0, 1, 2, 3])) for _ in range(self.days)])
        for village in self.villages:
            theme[village.days] |= village.skills
        return Vehicles.of(
            count=np.ones(len(day), dtype=np.int64),
            day=day,
            skills=theme[day],
            shift_s=shift_s,
            per_distance=self.per_distance,
            per_s=per_s,
            fixed=fixed,
        )

    def breaks(self, rests: dict[int, int], lasts: int, *, unpaid: bool) -> Breaks:
        """One for each type, its window around the planted begin, or around noon."""
        types = range(self.days * self.crews)
        around = np.array([rests.get(kind, 12 * HOUR) for kind in types])
        return Breaks.of(
            vehicle=list(types),
            duration_s=lasts,
            earliest_s=around - self.rng.integers(0, HOUR, size=len(types)),
            latest_s=around + self.rng.integers(0, HOUR, size=len(types)),
            paid=not unpaid,
        )
