"""What the plan says it costs, computed again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msap_mobility.optimise.routing.check.broken import Broken
from msap_mobility.optimise.routing.check.choosing import covered
from msap_mobility.optimise.routing.check.driving import beyond, length, work_s
from msap_mobility.optimise.routing.check.reading import is_whole
from msap_mobility.optimise.routing.problem import NONE, RELOAD, UNLIMITED

if TYPE_CHECKING:
    from collections.abc import Iterator

    from msap_mobility.optimise.routing.check.reading import Driven, Reading
    from msap_mobility.optimise.routing.problem import RoutingProblem
    from msap_mobility.optimise.routing.solution import RoutingSolution

__all__ = ["costing"]

_SQUARE_HOUR = 3600 * 3600


def costing(
    problem: RoutingProblem, solution: RoutingSolution, reading: Reading
) -> Iterator[Broken]:
    """Every part of the cost that is told wrong, and a bound that the plan itself undercuts.

    Costs of routes are left alone while some route cannot be read.

    Parameters
    ----------
    problem
        What was asked.
    solution
        With the cost it states.
    reading
        The same, as read.
    """
    chosen = [row for row in reading.patterns if row is not None]
    parts: dict[str, int] = {}
    if len(chosen) == len(reading.patterns):
        parts["unserved"] = _prizes(problem, reading, chosen)
        parts["patterns"] = sum(int(problem.patterns.price[row]) for row in chosen if row != NONE)
    if reading.complete:
        parts |= _of_routes(problem, reading.routes)
        parts["dwell"] = sum(_shortened(problem, route) for route in reading.routes)
    if reading.complete and "patterns" in parts:
        parts["hours"] = _away(problem, reading) + _apart(problem, reading)
    for part, found in parts.items():
        stated = getattr(solution.cost, part)
        if is_whole(stated) and (off := abs(int(stated) - found)):
            yield Broken(rule="cost", amount=off, part=f"cost_{part}")
    bound = solution.bound
    complete = "hours" in parts
    if bound is not None and is_whole(bound) and complete and not solution.missing:
        over = int(bound) - sum(parts.values())
        if over > 0:
            yield Broken(rule="bound", amount=over)


def _of_routes(problem: RoutingProblem, routes: tuple[Driven, ...]) -> dict[str, int]:
    """Each part of the cost, of all routes."""
    vehicles = problem.vehicles
    parts = dict.fromkeys(("fixed", "distance", "time", "overtime", "balance"), 0)
    for route in routes:
        row, worked_s = route.vehicle, work_s(problem, route)
        over_s = beyond(worked_s, int(vehicles.shift_s[row]))
        parts["fixed"] += int(vehicles.fixed[row])
        parts["distance"] += int(vehicles.per_distance[row]) * length(problem, route)
        parts["time"] += int(vehicles.per_s[row]) * worked_s
        parts["overtime"] += int(vehicles.per_overtime_s[row]) * over_s
        parts["balance"] += int(problem.objective.balance) * worked_s**2 // _SQUARE_HOUR
    return parts


def _prizes(problem: RoutingProblem, reading: Reading, chosen: list[int]) -> int:
    """Of the optional requests in no route, of customers without a pattern, of the uncovered."""
    requests = range(len(problem.requests))
    left = [row for row in requests if not reading.routes_of(problem, row)]
    lost = [int(problem.requests.prize[row]) for row in left]
    for customer, row in enumerate(chosen):
        if row == NONE:
            lost.append(int(problem.patterns.prize[customer]))
    for cover, is_covered in enumerate(covered(problem, reading)):
        if not is_covered:
            lost.append(int(problem.covering.prize[cover]))
    return sum(max(prize, 0) for prize in lost)


def _away(problem: RoutingProblem, reading: Reading) -> int:
    """Tasks that begin farther from the hour wanted than is free."""
    tasks, cost = problem.tasks, 0
    for route in reading.routes:
        for task, start_s in zip(route.tasks, route.starts_s, strict=True):
            if task != RELOAD and tasks.wanted_s[task] < UNLIMITED:
                off_s = abs(start_s - int(tasks.wanted_s[task])) - int(tasks.off_free_s[task])
                cost += max(off_s, 0) * int(tasks.per_s_off[task])
    return cost


def _apart(problem: RoutingProblem, reading: Reading) -> int:
    """Customers whose visits begin at hours farther apart than is free."""
    table, cost = problem.patterns, 0
    for customer, row in enumerate(reading.patterns):
        if row is None or row == NONE:
            continue
        visited = {int(problem.requests.task[request]) for request in table.requests_of(row)}
        begun_s = [
            start_s
            for route in reading.routes
            for task, start_s in zip(route.tasks, route.starts_s, strict=True)
            if task in visited
        ]
        spread_s = max(begun_s, default=0) - min(begun_s, default=0)
        over_s = max(spread_s - int(table.apart_free_s[customer]), 0)
        cost += over_s * int(table.per_s_apart[customer])
    return cost


def _shortened(problem: RoutingProblem, route: Driven) -> int:
    """Tasks that take less than their most; a dwell that is too long is a rule, not a gain."""
    tasks, cost = problem.tasks, 0
    for task, start_s, end_s in zip(route.tasks, route.starts_s, route.ends_s, strict=True):
        if task != RELOAD:
            less_s = max(int(tasks.service_most_s[task]) - (end_s - start_s), 0)
            cost += less_s * int(tasks.per_s_less[task])
    return cost
