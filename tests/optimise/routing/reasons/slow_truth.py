"""Whether somebody could join a plan: every order that the brute force allows, nobody removed."""

from __future__ import annotations

from collections import Counter
from functools import cache
from itertools import product
from typing import TYPE_CHECKING

from msap_mobility.optimise.routing.problem import RELOAD, UNLIMITED
from msap_mobility.optimise.routing.reasons import Relaxation, Rule
from msap_mobility.optimise.routing.reasons.applying import loosened
from msap_mobility.optimise.routing.reasons.left_out import LeftOut
from tests.optimise.routing.brute_force import timed
from tests.optimise.routing.brute_force.orders import orders
from tests.optimise.routing.stated import stated

if TYPE_CHECKING:
    from collections.abc import Iterator

    from msap_mobility.optimise.routing.problem import RoutingProblem
    from msap_mobility.optimise.routing.solution import Route, RoutingSolution

MUCH = 1000
"""More than any rule of a tiny problem can be short of."""
WHOLE = ("skills", "day", "break_missing", "vehicles_first")
"""Rules that give way as a whole."""


class SlowTruth:
    """A problem and a plan, asked who could join."""

    def __init__(self, problem: RoutingProblem, solution: RoutingSolution) -> None:
        self.problem, self.solution = problem, solution
        self.left_out = LeftOut(problem, solution)

    def takes(self, subject: tuple[str, int], relaxations: tuple[Relaxation, ...] = ()) -> bool:
        """Whether the plan could take somebody once rules give way."""
        return next(self.plans(subject, relaxations), None) is not None

    def plans(
        self, subject: tuple[str, int], relaxations: tuple[Relaxation, ...] = ()
    ) -> Iterator[list[Route]]:
        """Every plan with somebody added: the least work of each order."""
        loose = loosened(self.problem, relaxations)
        may_use_more = self.left_out.must(subject) or not loose.objective.vehicles_first
        ways = _Ways(loose)
        for requests in self.left_out.ways(subject):
            old = len(self.solution.routes)
            new = range(-len(requests) * len(loose.vehicles), 0) if may_use_more else range(0)
            for berths in product([*range(old), *new], repeat=len(requests)):
                yield from self._in(ways, requests, berths)

    def _in(
        self, ways: _Ways, requests: tuple[int, ...], berths: tuple[int, ...]
    ) -> Iterator[list[Route]]:
        """Each request in its berth: a route, or a new one of type ``berth % types``."""
        types = len(ways.problem.vehicles)
        joining = {
            berth: frozenset(r for r, b in zip(requests, berths, strict=True) if b == berth)
            for berth in berths
        }
        used = Counter(route.vehicle for route in self.solution.routes)
        new = [berth % types for berth in joining if berth < 0]
        used.update(new)
        if any(used[vehicle] > ways.problem.vehicles.count[vehicle] for vehicle in new):
            return
        options = []
        for berth, added in joining.items():
            route = self.solution.routes[berth] if berth >= 0 else None
            vehicle = berth % types if route is None else route.vehicle
            options.append(ways.of(vehicle, () if route is None else route.tasks, added))
        rest = [route for row, route in enumerate(self.solution.routes) if row not in joining]
        for chosen in product(*options):
            yield [*rest, *chosen]


class _Ways:
    """What one vehicle may drive."""

    def __init__(self, problem: RoutingProblem) -> None:
        self.problem = problem
        self.orders = cache(lambda vehicle: list(orders(problem, vehicle)))
        self.timed = cache(lambda vehicle, tasks: timed(problem, vehicle, tasks))

    def of(self, vehicle: int, tasks: tuple[int, ...], added: frozenset[int]) -> list[Route]:
        """Every route with some requests added, at least work."""
        requests = self.problem.requests
        new = {int(t) for r in added for t in (requests.task[r], requests.delivery[r])}
        theirs = {r for r in range(len(requests)) if requests.task[r] in tasks}
        found = []
        for order, served in self.orders(vehicle):
            if served == theirs | added and _holds(order, tasks, new):
                route = self.timed(vehicle, order)
                if route is not None:
                    found.append(route)
        return found


def _holds(order: tuple[int, ...], tasks: tuple[int, ...], new: set[int]) -> bool:
    """Whether an order is the old one with new tasks, and with one loading more at most."""
    old = tuple(task for task in order if task not in new)
    if old == tasks:
        return True
    loadings = [at for at, task in enumerate(old) if task == RELOAD]
    return any((*old[:at], *old[at + 1 :]) == tasks for at in loadings)


def limits(problem: RoutingProblem) -> Iterator[Rule]:
    """Every rule that may give way."""
    vehicles, requests = range(len(problem.vehicles)), range(len(problem.requests))
    for vehicle in vehicles:
        for name in ("shift", "distance", "stops", "trips", "fleet"):
            yield Rule(name=name, vehicle=vehicle)
        for dimension in range(problem.dimensions):
            yield Rule(name="capacity", vehicle=vehicle, dimension=dimension)
        yield Rule(name="vehicle_window", vehicle=vehicle, end="sooner")
        yield Rule(name="vehicle_window", vehicle=vehicle, end="later")
        for request in requests:
            yield Rule(name="skills", request=request, vehicle=vehicle)
            yield Rule(name="day", request=request, vehicle=vehicle)
    for request in requests:
        for name in ("ride", "cold", "release"):
            yield Rule(name=name, request=request)
    start = problem.tasks.window_start.tolist()
    for task in range(len(problem.tasks)):
        for window in range(start[task], start[task + 1]):
            yield Rule(name="window", task=task, window=window, end="sooner")
            yield Rule(name="window", task=task, window=window, end="later")
    for pause in range(len(problem.breaks)):
        yield Rule(name="break_missing", pause=pause)
        yield Rule(name="break_after", pause=pause)
        yield Rule(name="break_window", pause=pause, end="sooner")
        yield Rule(name="break_window", pause=pause, end="later")
    yield Rule(name="vehicles_first")


def freely(problem: RoutingProblem, rule: Rule) -> Relaxation:
    """A rule that gives way as much as is needed."""
    return Relaxation(rule=rule, amount=_most(problem, rule))


def _most(problem: RoutingProblem, rule: Rule) -> int:
    """No time falls below 0, and what has no limit needs none."""
    if rule.name == "window" and rule.end == "sooner":
        return min(MUCH, int(problem.tasks.window_s[rule.window, 0]))
    column = {
        "release": problem.requests.release_s,
        "vehicle_window": problem.vehicles.earliest_s,
        "break_window": problem.breaks.earliest_s,
    }
    if rule.name == "release" or rule.end == "sooner":
        row = max(rule.request, rule.vehicle, rule.pause)
        return min(MUCH, int(column[rule.name][row]))
    limit = {
        "window": lambda: problem.tasks.window_s[rule.window, 1],
        "shift": lambda: problem.vehicles.overtime_s[rule.vehicle],
        "distance": lambda: problem.vehicles.max_distance[rule.vehicle],
        "stops": lambda: problem.vehicles.max_stops[rule.vehicle],
        "trips": lambda: problem.vehicles.max_trips[rule.vehicle],
        "capacity": lambda: problem.vehicles.capacity[rule.vehicle, rule.dimension],
        "vehicle_window": lambda: problem.vehicles.latest_s[rule.vehicle],
        "ride": lambda: problem.requests.max_ride_s[rule.request],
        "cold": lambda: problem.requests.max_cold_s[rule.request],
        "break_window": lambda: problem.breaks.latest_s[rule.pause],
        "break_after": lambda: problem.breaks.after_s[rule.pause],
    }.get(rule.name)
    return MUCH if limit is None else min(MUCH, UNLIMITED - int(limit()))


def without(problem: RoutingProblem, solution: RoutingSolution, row: int) -> RoutingSolution:
    """The plan with one route less: its requests are left out too."""
    return stated(problem, [route for number, route in enumerate(solution.routes) if number != row])
