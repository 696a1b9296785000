"""Every rule of time of one route, as differences.

What a route must keep is written here once; `settle`, `program` and `schedule` only read rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from msap_mobility.optimise.routing.problem import ANYWHERE, NONE, RELOAD, UNLIMITED
from msap_mobility.optimise.routing.timing.nodes import CLOCK, DEPARTURE, Nodes
from msap_mobility.optimise.routing.timing.pauses import Pauses
from msap_mobility.optimise.routing.timing.system import System

if TYPE_CHECKING:
    from collections.abc import Sequence

    from msap_mobility.optimise.routing.problem import RoutingProblem
    from msap_mobility.optimise.routing.timing.system import Differences

__all__ = ["Order", "Rules", "horizon_of", "rules_of"]

Order = tuple[int, tuple[int, ...]]
"""A row of `Vehicles` and the tasks of one of them in order, `RELOAD` where it loads again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """The times of one route and all that is asked of them.

    Parameters
    ----------
    order
        The route.
    nodes
        Its moments.
    differences
        What they must keep.
    pauses
        Which options say whether a break is taken.
    horizon
        Seconds: no moment is later.
    """

    order: Order
    nodes: Nodes
    differences: Differences
    pauses: Pauses
    horizon: int


def rules_of(
    problem: RoutingProblem, order: Order, *, horizon: int, longest_s: int | None = None
) -> Rules:
    """All rules of time of one route.

    Parameters
    ----------
    problem
        What was asked.
    order
        The route.
    horizon
        As `horizon_of` tells.
    longest_s
        Most seconds of work; without it what shift and overtime allow.
    """
    kind, tasks = order
    legs = _legs(problem, order)
    rows = problem.breaks.of_vehicle(kind)
    nodes = Nodes(tasks=len(tasks), drives=len(legs) if rows else 0, breaks=len(rows))
    system = System(horizon=horizon)
    pauses = Pauses.of(problem.breaks, rows, nodes, legs, system)
    writing = _Writing(problem, order, nodes, system)
    writing.drives(legs)
    writing.vehicle(pauses, longest_s)
    writing.tasks()
    writing.rides()
    writing.trips()
    return Rules(
        order=order,
        nodes=nodes,
        differences=system.differences(),
        pauses=pauses,
        horizon=horizon,
    )


def horizon_of(problem: RoutingProblem, orders: Sequence[Order]) -> int:
    """A second after which nothing useful happens on these routes.

    Once the last hour that anything waits for has come, all there is to do follows without a
    pause; what lies after a gap could be done sooner, and no cost would rise.
    """
    tables, fleet = problem.tasks, problem.vehicles
    waits, busy_s = [0, *problem.requests.release_s.tolist()], 1
    for kind, tasks in orders:
        visits = [task for task in tasks if task != RELOAD]
        pauses = list(problem.breaks.of_vehicle(kind))
        waits += [int(fleet.earliest_s[kind]), *problem.breaks.earliest_s[pauses].tolist()]
        waits += tables.wanted_s[visits].tolist()
        waits += [opens for task in visits for opens, _ in _windows(problem, task)]
        busy_s += sum(_legs(problem, (kind, tasks)))
        busy_s += int(tables.service_most_s[visits].sum())
        busy_s += (len(tasks) - len(visits)) * int(fleet.reload_s[kind])
        busy_s += 2 * int(problem.breaks.duration_s[pauses].sum())  # also those not taken stand
    return busy_s + max(int(hour) for hour in waits if hour < UNLIMITED)


def _legs(problem: RoutingProblem, order: Order) -> list[int]:
    """Seconds of every drive; an open route has none after its last task."""
    kind, tasks = order
    fleet = problem.vehicles
    place = {RELOAD: int(fleet.reload[kind])}
    places = [int(fleet.start[kind])]
    places += [place[task] if task == RELOAD else int(problem.tasks.place[task]) for task in tasks]
    if fleet.end[kind] != ANYWHERE:
        places.append(int(fleet.end[kind]))
    legs = problem.duration_s[fleet.profile[kind]]
    return [int(legs[leg]) for leg in pairwise(places)]


def _windows(problem: RoutingProblem, task: int) -> list[tuple[int, int]]:
    first, last = problem.tasks.window_start[task : task + 2]
    return [(int(opens), int(closes)) for opens, closes in problem.tasks.window_s[first:last]]


@dataclass(frozen=True, slots=True)
class _Writing:
    """The rules of one route but those of breaks, rule by rule."""

    problem: RoutingProblem
    order: Order
    nodes: Nodes
    system: System

    def drives(self, legs: Sequence[int]) -> None:
        """One after the other; where breaks are possible, `Pauses` divides what is between."""
        before = [DEPARTURE, *self.nodes.ends]
        after = [*self.nodes.begins, self.nodes.arrival]
        for gap, (done, begun) in enumerate(zip(before, after, strict=True)):
            self.system.least(done, begun, legs[gap] if gap < len(legs) else 0)

    def vehicle(self, pauses: Pauses, longest_s: int | None) -> None:
        """Its hours, and the most it works; unpaid breaks that are taken are no work."""
        fleet, kind = self.problem.vehicles, self.order[0]
        arrival = self.nodes.arrival
        self.system.least(CLOCK, DEPARTURE, int(fleet.earliest_s[kind]))
        self.system.most(CLOCK, arrival, int(fleet.latest_s[kind]))
        shift_s, overtime_s = int(fleet.shift_s[kind]), int(fleet.overtime_s[kind])
        most_s = shift_s + overtime_s if longest_s is None else longest_s
        unpaid_s, not_taken = pauses.unpaid(self.problem.breaks)
        self.system.most(DEPARTURE, arrival, most_s + unpaid_s, not_taken)

    def tasks(self) -> None:
        """When they begin, and how long they and the loadings take."""
        tables, kind = self.problem.tasks, self.order[0]
        each = zip(self.order[1], self.nodes.begins, self.nodes.ends, strict=True)
        for task, begin, end in each:
            if task == RELOAD:
                least_s = most_s = int(self.problem.vehicles.reload_s[kind])
            else:
                least_s, most_s = int(tables.service_s[task]), int(tables.service_most_s[task])
                self._begins(task, begin)
            self.system.least(begin, end, least_s)
            self.system.most(begin, end, most_s)

    def _begins(self, task: int, begin: int) -> None:
        """Within one of its windows, if it has any."""
        windows = _windows(self.problem, task)
        if len(windows) == 1:
            self.system.least(CLOCK, begin, windows[0][0])
            self.system.most(CLOCK, begin, windows[0][1])
        elif windows:
            options = self.system.choice(len(windows))
            last = max(closes for _, closes in windows)
            opening = {option: windows[at][0] for at, option in enumerate(options)}
            closing = {option: last - windows[at][1] for at, option in enumerate(options)}
            self.system.least(CLOCK, begin, 0, opening)
            self.system.most(CLOCK, begin, last, closing)

    def rides(self) -> None:
        """From the end of a pickup to its delivery."""
        requests, tasks = self.problem.requests, self.order[1]
        at = {task: row for row, task in enumerate(tasks) if task != RELOAD}
        for row in requests_of(self.problem, tasks):
            delivery = int(requests.delivery[row])
            if delivery != NONE and delivery in at:
                up, down = at[int(requests.task[row])], at[delivery]
                most_s = int(requests.max_ride_s[row])
                self.system.most(self.nodes.ends[up], self.nodes.begins[down], most_s)

    def trips(self) -> None:
        """A trip leaves after all releases, and serves what is cold before long."""
        requests, tasks = self.problem.requests, self.order[1]
        row_of = {int(requests.task[row]): row for row in requests_of(self.problem, tasks)}
        loaded = DEPARTURE
        for at, task in enumerate(tasks):
            if task == RELOAD:
                loaded = self.nodes.ends[at]
            elif (row := row_of.get(task)) is not None:
                self.system.least(CLOCK, loaded, int(requests.release_s[row]))
                self.system.most(loaded, self.nodes.begins[at], int(requests.max_cold_s[row]))


def requests_of(problem: RoutingProblem, tasks: Sequence[int]) -> list[int]:
    """The requests whose visit or pickup is among the tasks."""
    return [int(row) for row in np.flatnonzero(np.isin(problem.requests.task, tasks))]
