"""The best times of an order.

An itinerary is a system of differences ``x_j − x_i ≥ w_ij`` between departure, begins and ends of
tasks, begins of breaks, arrival and the zero of the clock. The least possible ``arrival −
departure`` is the longest way from departure to arrival in the graph of these weights; a cycle of
positive weight is an itinerary nobody can drive. Where the hour or the length of a task costs, the
best times are a linear program over the same system (`hours`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from msap_mobility.optimise.routing.solution import Route
from tests.optimise.routing.brute_force.itineraries import Itinerary, itineraries, least_s
from tests.optimise.routing.stated import stops_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from msap_mobility.optimise.routing.problem import RoutingProblem

NEVER = -(1 << 60)
"""No difference is asked for."""
CLOCK, DEPARTURE, ARRIVAL = 0, 1, -1
"""Nodes of the graph; begins, ends and breaks lie between."""


def timed(problem: RoutingProblem, vehicle: int, tasks: Sequence[int]) -> Route | None:
    """The sequence with its least work, at the earliest; None if nobody can drive it.

    Work is the time from departure to arrival without unpaid breaks. Time, windows, breaks, ride
    times, releases, shift and hours of the vehicle only; what hours cost is not looked at.
    """
    found: tuple[int, Itinerary] | None = None
    for itinerary in itineraries(problem, vehicle, tasks):
        lasts = least_work(problem, itinerary)
        if lasts is not None and (found is None or lasts < found[0]):
            found = lasts, itinerary
    return None if found is None else at_the_earliest(problem, found[1])


def times_hold(problem: RoutingProblem, route: Route) -> bool:
    """Whether the times of a route solve the system for some windows and places of breaks."""
    taken = tuple(row for row, _ in route.breaks)
    ends = route.ends_s or tuple(
        start + least_s(problem, route.vehicle, task)
        for task, start in zip(route.tasks, route.starts_s, strict=True)
    )
    rests = [start for _, start in route.breaks]
    times = np.array(
        [0, route.departure_s, *route.starts_s, *ends, *rests, route.arrival_s], dtype=np.int64
    )
    apart = times[None, :] - times[:, None]
    return any(
        tuple(row for row, *_ in itinerary.stands) == taken
        and bool((apart >= differences(problem, itinerary)).all())
        for itinerary in itineraries(problem, route.vehicle, route.tasks)
    )


def least_work(problem: RoutingProblem, itinerary: Itinerary) -> int | None:
    """The least work of an itinerary; None if nobody can drive it."""
    ways = _longest_ways(differences(problem, itinerary))
    if ways is None:
        return None
    return int(ways[DEPARTURE, ARRIVAL]) - unpaid_s(problem, itinerary)


def at_the_earliest(problem: RoutingProblem, itinerary: Itinerary) -> Route:
    """With the least work, everything as early as that allows."""
    weight = differences(problem, itinerary)
    ways = _longest_ways(weight)
    assert ways is not None
    weight[ARRIVAL, DEPARTURE] = max(weight[ARRIVAL, DEPARTURE], -ways[DEPARTURE, ARRIVAL])
    ways = _longest_ways(weight)
    assert ways is not None
    return route_of(itinerary, ways[CLOCK].tolist())


def route_of(itinerary: Itinerary, times: Sequence[int]) -> Route:
    """The route with a time of each node."""
    nodes = Nodes(len(itinerary.tasks), len(itinerary.stands))
    rests = zip(itinerary.stands, nodes.breaks, strict=True)
    return Route(
        vehicle=itinerary.vehicle,
        tasks=itinerary.tasks,
        departure_s=times[DEPARTURE],
        starts_s=tuple(times[node] for node in nodes.begins),
        ends_s=tuple(times[node] for node in nodes.ends),
        breaks=tuple((row, times[node]) for (row, *_), node in rests),
        arrival_s=times[ARRIVAL],
    )


@dataclass(frozen=True)
class Nodes:
    """Where what stands in the graph of an itinerary."""

    tasks: int
    rests: int

    @property
    def begins(self) -> range:
        """Of tasks and loadings."""
        return range(2, 2 + self.tasks)

    @property
    def ends(self) -> range:
        """Of tasks and loadings."""
        return range(2 + self.tasks, 2 + 2 * self.tasks)

    @property
    def breaks(self) -> range:
        """Their begins, in the order of time."""
        return range(2 + 2 * self.tasks, 2 + 2 * self.tasks + self.rests)

    @property
    def count(self) -> int:
        """With the clock, departure and arrival."""
        return 3 + 2 * self.tasks + self.rests


def unpaid_s(problem: RoutingProblem, itinerary: Itinerary) -> int:
    """Of the breaks taken."""
    table = problem.breaks
    return sum(int(table.duration_s[row]) for row, *_ in itinerary.stands if not table.paid[row])


def differences(problem: RoutingProblem, itinerary: Itinerary) -> np.ndarray:
    """``weight[i, j]``: the least that x_j − x_i may be."""
    system = _System(problem, itinerary)
    system.drive()
    system.hours()
    system.tasks()
    system.breaks()
    system.trips()
    return system.weight


class _System:
    """The weights, rule by rule."""

    def __init__(self, problem: RoutingProblem, itinerary: Itinerary) -> None:
        self.problem, self.itinerary = problem, itinerary
        self.nodes = Nodes(len(itinerary.tasks), len(itinerary.stands))
        self.weight = np.full((self.nodes.count,) * 2, NEVER, dtype=np.int64)
        np.fill_diagonal(self.weight, 0)

    def least(self, first: int, second: int, apart: int) -> None:
        """The second comes at least so long after the first."""
        self.weight[first, second] = max(self.weight[first, second], apart)

    def most(self, first: int, second: int, apart: int) -> None:
        """The second comes at most so long after the first."""
        self.least(second, first, -apart)

    def drive(self) -> None:
        """One after the other: end, breaks, drive, breaks, begin."""
        problem, itinerary = self.problem, self.itinerary
        vehicle, tasks = itinerary.vehicle, itinerary.tasks
        places = stops_of(problem, vehicle, tasks)
        legs = problem.duration_s[problem.vehicles.profile[vehicle]]
        resting = list(zip(itinerary.stands, self.nodes.breaks, strict=True))
        here, due = DEPARTURE, 0
        for gap, there in enumerate([*self.nodes.begins, ARRIVAL]):
            for after in (False, True):
                if after and gap + 1 < len(places):
                    due += int(legs[places[gap], places[gap + 1]])
                for (row, *slot), node in resting:
                    if slot == [gap, after]:
                        self.least(here, node, due)
                        here, due = node, int(problem.breaks.duration_s[row])
            self.least(here, there, due)
            if there != ARRIVAL:
                here, due = self.nodes.ends[gap], 0
        if len(places) == len(tasks) + 1:
            self.most(here, ARRIVAL, due)

    def hours(self) -> None:
        """Of the vehicle, and its shift."""
        kind, vehicle = self.problem.vehicles, self.itinerary.vehicle
        longest = int(kind.shift_s[vehicle]) + int(kind.overtime_s[vehicle])
        self.least(CLOCK, DEPARTURE, int(kind.earliest_s[vehicle]))
        self.most(CLOCK, ARRIVAL, int(kind.latest_s[vehicle]))
        self.most(DEPARTURE, ARRIVAL, longest + unpaid_s(self.problem, self.itinerary))

    def tasks(self) -> None:
        """Windows, how long they take, and rides."""
        problem, itinerary = self.problem, self.itinerary
        for row, task in enumerate(itinerary.tasks):
            begin, end = self.nodes.begins[row], self.nodes.ends[row]
            least = least_s(problem, itinerary.vehicle, task)
            self.least(CLOCK, begin, itinerary.windows[row][0])
            self.most(CLOCK, begin, itinerary.windows[row][1])
            self.least(begin, end, least)
            self.most(begin, end, int(problem.tasks.service_most_s[task]) if task >= 0 else least)
        requests = problem.requests
        for up, down, most in zip(
            requests.task, requests.delivery, requests.max_ride_s, strict=True
        ):
            if down >= 0 and {up, down} <= set(itinerary.tasks):
                ends = self.nodes.ends[itinerary.tasks.index(up)]
                self.most(ends, self.nodes.begins[itinerary.tasks.index(down)], int(most))

    def breaks(self) -> None:
        """When each begins; without one that long routes must take the route is not long."""
        table, taken = self.problem.breaks, set()
        for (row, *_), node in zip(self.itinerary.stands, self.nodes.breaks, strict=True):
            taken.add(row)
            self.least(CLOCK, node, int(table.earliest_s[row]))
            self.most(CLOCK, node, int(table.latest_s[row]))
            self.most(DEPARTURE, node, int(table.after_s[row]))
        for row in np.flatnonzero(table.vehicle == self.itinerary.vehicle).tolist():
            if row not in taken:
                self.most(DEPARTURE, ARRIVAL, int(table.if_longer_s[row]))

    def trips(self) -> None:
        """Releases, and how long since loading."""
        requests = self.problem.requests
        row_of = {task: row for row, task in enumerate(requests.task.tolist())}
        loaded = DEPARTURE
        for at, task in enumerate(self.itinerary.tasks):
            if task < 0:
                loaded = self.nodes.ends[at]
            elif task in row_of:
                row = row_of[task]
                self.least(CLOCK, loaded, int(requests.release_s[row]))
                self.most(loaded, self.nodes.begins[at], int(requests.max_cold_s[row]))


def _longest_ways(weight: np.ndarray) -> np.ndarray | None:
    """Between all nodes (Floyd & Warshall), or None if a cycle is positive."""
    ways = weight.copy()
    for middle in range(len(ways)):
        reached = np.add.outer(ways[:, middle], ways[middle])
        ways = np.where(reached > NEVER // 2, np.maximum(ways, reached), ways)
    return None if (np.diagonal(ways) > 0).any() else ways
