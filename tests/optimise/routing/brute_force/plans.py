"""Who is served, by which vehicles, at what cost: all of it, and the best."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise, product
from typing import TYPE_CHECKING

from msap_mobility.optimise.routing.solution import Route, RoutingSolution
from tests.optimise.routing.brute_force.hours import cheapest, hours_cost
from tests.optimise.routing.brute_force.itineraries import Itinerary, itineraries, least_s
from tests.optimise.routing.brute_force.orders import Order, orders
from tests.optimise.routing.brute_force.timing import at_the_earliest, least_work
from tests.optimise.routing.stated import apart, choice_of, hourly, parts_of, stated, stops_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from msap_mobility.optimise.routing.problem import RoutingProblem

Value = tuple[int, int, int]
"""What is compared: how much is missing, how many routes (if that comes first), the cost."""
Key = tuple[int, frozenset[int]]
"""A type of vehicle and the requests that one of them serves."""
Together = list[tuple[int, list[int]]]
"""Customers, and the tasks of their visits."""


def value(problem: RoutingProblem, solution: RoutingSolution) -> Value:
    """What the engine makes least."""
    used = len(solution.routes) if problem.objective.vehicles_first else 0
    return len(solution.missing), used, solution.cost.total


def best(problem: RoutingProblem) -> RoutingSolution:
    """The best of all solutions. Grows like (2 requests)!: for four requests, two vehicles."""
    ways = _ways(problem)
    found = stated(problem, ())
    for chosen in _choices(problem):
        for keys in _shares(problem, ways, chosen):
            plan = _plan(problem, [ways[key] for key in keys], chosen, value(problem, found))
            if plan is not None:
                found = plan
    return found


@dataclass
class Ways:
    """How one vehicle can serve some requests.

    `cost` is the least that any way costs, for its hours too; of several vehicles together the
    hours of customers may cost more. `every` lists the ways, each with the least it can cost, where
    that may matter; else it is empty and `route` is the best.
    """

    cost: int
    route: Route
    every: list[tuple[int, Itinerary]] = field(default_factory=list)


def _ways(problem: RoutingProblem) -> dict[Key, Ways]:
    """Of each type of vehicle and set of requests that some order serves."""
    found: dict[Key, Ways] = {}
    steady = _steady(problem)
    for vehicle in range(len(problem.vehicles)):
        for order, served in orders(problem, vehicle):
            known = found.get((vehicle, served))
            bound = _without_waiting(problem, vehicle, order)
            keep = bool(served & steady)
            if known is not None and known.cost <= bound and not keep:
                continue
            for itinerary in itineraries(problem, vehicle, order):
                known = _better(problem, known, itinerary, keep=keep)
            if known is not None:
                found[vehicle, served] = known
    for ways in found.values():
        ways.every.sort(key=lambda way: way[0])
    return found


def _better(
    problem: RoutingProblem, known: Ways | None, itinerary: Itinerary, *, keep: bool
) -> Ways | None:
    """The ways with one more, if it can be driven."""
    if least_work(problem, itinerary) is None:
        return known
    route = at_the_earliest(problem, itinerary)
    bound = sum(parts_of(problem, route))
    if keep or known is None or bound < known.cost:
        if any(task >= 0 and hours_cost(problem, task) for task in itinerary.tasks):
            routes = cheapest(problem, [itinerary])
            assert routes is not None
            (route,) = routes
        cost = sum(parts_of(problem, route)) + hourly(problem, route)
        if known is None or cost < known.cost:
            known = Ways(cost, route, known.every if known else [])
        if keep:
            known.every.append((cost, itinerary))
    return known


def _without_waiting(problem: RoutingProblem, vehicle: int, order: Order) -> int:
    """What an order costs at least."""
    legs = problem.duration_s[problem.vehicles.profile[vehicle]]
    busy = sum(int(legs[leg]) for leg in pairwise(stops_of(problem, vehicle, order)))
    busy += sum(least_s(problem, vehicle, task) for task in order)
    freely = Route(vehicle=vehicle, tasks=order, departure_s=0, starts_s=(), arrival_s=busy)
    return sum(parts_of(problem, freely))


def _steady(problem: RoutingProblem) -> frozenset[int]:
    """Requests of customers whose visits cost what they lie apart."""
    table = problem.patterns
    rows = [row for row in range(len(table)) if table.per_s_apart[table.customer[row]] > 0]
    several = [table.requests_of(row) for row in rows if len(table.requests_of(row)) > 1]
    return frozenset(request for requests in several for request in requests)


def _choices(problem: RoutingProblem) -> Iterator[frozenset[int]]:
    """Sets of requests: one of each group at most, one whole pattern of each customer at most."""
    table = problem.patterns
    allowed: list[list[set[int]]] = [[set()] for _ in range(table.customers)]
    theirs: list[set[int]] = [set() for _ in range(table.customers)]
    for row, customer in enumerate(table.customer.tolist()):
        allowed[customer].append(set(table.requests_of(row)))
        theirs[customer] |= allowed[customer][-1]
    free = [row for row in range(len(problem.requests)) if not any(row in own for own in theirs)]
    for flags in product([False, True], repeat=len(free)):
        lone = {row for row, chosen in zip(free, flags, strict=True) if chosen}
        groups = [group for group in problem.requests.group[list(lone)].tolist() if group >= 0]
        if len(groups) == len(set(groups)):
            for patterns in product(*allowed):
                yield frozenset(lone.union(*patterns))


def _shares(
    problem: RoutingProblem, ways: dict[Key, Ways], chosen: frozenset[int]
) -> Iterator[tuple[Key, ...]]:
    """Every way to share requests among vehicles."""

    def share(left: frozenset[int], free: tuple[int, ...]) -> Iterator[tuple[Key, ...]]:
        if not left:
            yield ()
            return
        for vehicle, served in ways:
            if min(left) in served and served <= left and free[vehicle]:
                fewer = tuple(n - (v == vehicle) for v, n in enumerate(free))
                yield from (((vehicle, served), *rest) for rest in share(left - served, fewer))

    return share(chosen, tuple(problem.vehicles.count.tolist()))


def _plan(
    problem: RoutingProblem, shared: list[Ways], chosen: frozenset[int], most: Value
) -> RoutingSolution | None:
    """The best plan of these ways if it is better than `most`."""
    plan = stated(problem, [ways.route for ways in shared])
    bound = plan.cost.total - apart(problem, plan.routes, set(chosen))
    least = (*value(problem, plan)[:2], bound)
    if least >= most:
        return None
    together = together_of(problem, chosen)
    return _at_best_hours(problem, shared, together, least, most) if together else plan


def together_of(problem: RoutingProblem, chosen: frozenset[int]) -> Together:
    """Customers of several visits whose hours cost."""
    table, found = problem.patterns, []
    for customer, row in enumerate(choice_of(problem, set(chosen))):
        if row >= 0 and table.per_s_apart[customer] > 0 and len(table.requests_of(row)) > 1:
            tasks = problem.requests.task[list(table.requests_of(row))].tolist()
            found.append((customer, tasks))
    return found


def _at_best_hours(
    problem: RoutingProblem, shared: list[Ways], together: Together, least: Value, most: Value
) -> RoutingSolution | None:
    """Every combination of ways that may be better, at the hours that cost least together.

    The plan is worth `least` if hours cost nothing.
    """
    found = None
    several = [ways for ways in shared if ways.every]
    fixed = [ways.route for ways in shared if not ways.every]
    rest = least[2] - sum(ways.cost for ways in several)
    for chosen in product(*(ways.every for ways in several)):
        if (*least[:2], rest + sum(cost for cost, _ in chosen)) >= most:
            continue
        routes = cheapest(problem, [itinerary for _, itinerary in chosen], together)
        assert routes is not None
        plan = stated(problem, [*fixed, *routes])
        if value(problem, plan) < most:
            found, most = plan, value(problem, plan)
    return found
