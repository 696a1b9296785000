"""The cheapest times of some routes together."""

from __future__ import annotations

from functools import partial
from itertools import repeat
from typing import TYPE_CHECKING, TypeVar

from msap_mobility.optimise.routing.pricing import work_s
from msap_mobility.optimise.routing.timing.linear import Program
from msap_mobility.optimise.routing.timing.nodes import CLOCK, DEPARTURE
from msap_mobility.optimise.routing.timing.plan import (
    Part,
    Plan,
    hours_cost,
    is_wanted,
    stays_longer,
)
from msap_mobility.optimise.routing.timing.rules import horizon_of, rules_of
from msap_mobility.optimise.routing.timing.schedule import route_at
from msap_mobility.optimise.routing.timing.settle import settle

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from msap_mobility.optimise.routing.problem import RoutingProblem
    from msap_mobility.optimise.routing.solution import Route
    from msap_mobility.optimise.routing.timing.rules import Order
    from msap_mobility.optimise.routing.timing.schedule import Difference

__all__ = ["Together", "cheapest"]

T = TypeVar("T")

Together = tuple[int, tuple[int, ...]]
"""A customer of `Patterns`, and the tasks whose begins should not lie far apart."""

_LITTLE = 0.5
"""What all breaks left out are worth together: less than any whole cost."""


def cheapest(
    problem: RoutingProblem, orders: Sequence[Order], together: Sequence[Together] = ()
) -> list[Route] | None:
    """The cheapest times of these routes; None if one of them is impossible.

    Parameters
    ----------
    problem
        What was asked. Where balance costs (`Objective.balance`), the least work of each route
        comes first and hours after it: squares are not linear.
    orders
        The routes.
    together
        Customers whose visits, all in these routes, should begin at like hours.
    """
    horizon = horizon_of(problem, orders)
    plans = _all(_plan(problem, order, horizon) for order in orders)
    if plans is None:
        return None
    hours = bool(together) or any(hours_cost(problem, plan) for plan in plans)
    if hours and problem.objective.balance == 0:
        return _at_best_hours(problem, plans, together)
    routes = _all(_least_work(problem, plan) for plan in plans)
    if routes is None or not hours:
        return routes
    longest = [work_s(problem, route) for route in routes]
    plans = _all(map(partial(_plan, problem), orders, repeat(horizon), longest))
    return None if plans is None else _at_best_hours(problem, plans, together)


def _all(each: Iterable[T | None]) -> list[T] | None:
    """All of them, None if one is missing."""
    found = []
    for one in each:
        if one is None:
            return None
        found.append(one)
    return found


def _plan(
    problem: RoutingProblem, order: Order, horizon: int, longest_s: int | None = None
) -> Plan | None:
    """A route that may be possible; None if it is not for sure."""
    rules = rules_of(problem, order, horizon=horizon, longest_s=longest_s)
    settled = settle(rules.differences, rules.nodes.count, horizon)
    return None if settled is None else Plan(rules=rules, settled=settled)


def _least_work(problem: RoutingProblem, plan: Plan) -> Route | None:
    """The route with its least work, and as few breaks as that allows."""
    if not plan.settled.open_groups:
        return route_at(plan, plan.settled.sure, ())
    program = Program()
    part = Part(program, plan, _origin([plan]))
    part.price_work(problem, 1, 0)
    part.prefer_few_breaks(_LITTLE)
    while (values := program.solve()) is not None:
        chosen = part.chosen(values)
        if (route := route_at(plan, chosen, ())) is not None:
            return route
        program.forbid(part.columns_of(chosen))
    return None


def _at_best_hours(
    problem: RoutingProblem, plans: Sequence[Plan], together: Sequence[Together]
) -> list[Route] | None:
    """All costs at once, exactly."""
    program, origin = Program(), _origin(plans)
    parts = [Part(program, plan, origin) for plan in plans]
    begin = {task: part.column(at) for part in parts for task, at, _ in part.visits()}
    for plan, part in zip(plans, parts, strict=True):
        kind = plan.rules.order[0]
        rates = problem.vehicles.per_s[kind], problem.vehicles.per_overtime_s[kind]
        part.price_work(problem, *map(int, rates))
        part.price_hours(problem)
        part.prefer_few_breaks(_LITTLE / len(plans))
    for customer, tasks in together:
        _price_apart(problem, program, customer, [begin[task] for task in tasks])
    steady = {task for _, tasks in together for task in tasks}
    while (values := program.solve()) is not None:
        chosen = [part.chosen(values) for part in parts]
        kept = map(partial(_kept, problem, values, steady), plans, parts)
        routes = _all(map(route_at, plans, chosen, kept))
        if routes is not None:
            return routes
        program.forbid([column for each in map(Part.columns_of, parts, chosen) for column in each])
    return None


def _origin(plans: Sequence[Plan]) -> int:
    """The earliest departure."""
    return min(int(plan.settled.bounds.apart[CLOCK, DEPARTURE]) for plan in plans)


def _price_apart(
    problem: RoutingProblem, program: Program, customer: int, begins: Sequence[int]
) -> None:
    """Each second by which the begins lie farther apart than is free."""
    first, last = program.column(), program.column()
    for begin in begins:
        program.row({begin: 1.0, first: -1.0}, 0)
        program.row({last: 1.0, begin: -1.0}, 0)
    patterns = problem.patterns
    free_s = int(patterns.apart_free_s[customer])
    program.too_much(int(patterns.per_s_apart[customer]), {last: 1.0, first: -1.0}, free_s)


def _kept(
    problem: RoutingProblem, values: NDArray[np.float64], steady: set[int], plan: Plan, part: Part
) -> list[Difference]:
    """What of a solution of the program may not change, for its costs to stay."""
    times, arrival = part.times(values), plan.rules.nodes.arrival
    kept = [(arrival, DEPARTURE, times[DEPARTURE] - times[arrival])]
    for task, begin, end in part.visits():
        if task in steady or is_wanted(problem, task):
            kept += [(CLOCK, begin, times[begin]), (begin, CLOCK, -times[begin])]
        if stays_longer(problem, task):
            kept.append((begin, end, times[end] - times[begin]))
    return kept
