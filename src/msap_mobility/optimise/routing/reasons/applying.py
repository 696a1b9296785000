"""The certificate of a reason: the problem with its rules relaxed, the plan with its insertions."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from msap_mobility.optimise.routing.answer import solution_of
from msap_mobility.optimise.routing.pricing import priced
from msap_mobility.optimise.routing.problem import UNLIMITED
from msap_mobility.optimise.routing.reasons.plan import NEW

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from msap_mobility.optimise.routing.problem import RoutingProblem, Tasks
    from msap_mobility.optimise.routing.reasons.reason import Insertion, Reason, Relaxation, Rule
    from msap_mobility.optimise.routing.solution import RoutingSolution

__all__ = ["applied", "joined", "loosened", "relaxed"]


def relaxed(problem: RoutingProblem, reason: Reason) -> RoutingProblem:
    """The problem in which the rules of a reason give way, and the prize is raised.

    What limits a type of vehicle gives way for all vehicles of the type; skills and day give way
    for the request that asks for them.

    Parameters
    ----------
    problem
        What was asked.
    reason
        Of `reasons`.

    Examples
    --------
    See `reasons`.
    """
    kind, row = reason.subject
    loose = loosened(problem, reason.relaxations)
    if not reason.missing_prize:
        return loose
    if kind == "group":
        (row,) = reason.requests
    table = {"customer": "patterns", "cover": "covering"}.get(kind, "requests")
    return _added(loose, table, "prize", row, reason.missing_prize)


def applied(problem: RoutingProblem, solution: RoutingSolution, reason: Reason) -> RoutingSolution:
    """The plan with the insertions of a reason: it keeps the rules of the `relaxed` problem.

    Parameters
    ----------
    problem
        What was asked.
    solution
        The plan that `reasons` was asked about.
    reason
        Of `reasons`.

    Examples
    --------
    See `reasons`.
    """
    loose = relaxed(problem, reason)
    with_them = joined(loose, solution, reason.insertions)
    return solution if with_them is None else with_them


def joined(
    problem: RoutingProblem, solution: RoutingSolution, insertions: Sequence[Insertion]
) -> RoutingSolution | None:
    """The plan with some routes changed, at the best times of these; None if they have none.

    Where the hours of one customer depend on several routes, all are timed anew.

    Parameters
    ----------
    problem
        Whose rules the changed routes keep.
    solution
        The plan before.
    insertions
        Of each route one at most.
    """
    changed = {each.route: each for each in insertions if each.route != NEW}
    orders = [
        (changed[row].vehicle, changed[row].tasks) if row in changed else (r.vehicle, r.tasks)
        for row, r in enumerate(solution.routes)
    ]
    orders += [(each.vehicle, each.tasks) for each in insertions if each.route == NEW]
    if bool((problem.patterns.per_s_apart > 0).any()):
        found = solution_of(problem, orders, engine=solution.engine)
        return found if len(found.routes) == len(orders) else None
    old = len(solution.routes)
    anew = [row for row in range(len(orders)) if row in changed or row >= old]
    timed = solution_of(problem, [orders[row] for row in anew], engine=solution.engine).routes
    if len(timed) < len(anew):
        return None
    routes = dict(enumerate(solution.routes)) | dict(zip(anew, timed, strict=True))
    return priced(problem, [routes[row] for row in sorted(routes)], engine=solution.engine)


def loosened(problem: RoutingProblem, relaxations: Iterable[Relaxation]) -> RoutingProblem:
    """The problem in which some rules give way.

    Parameters
    ----------
    problem
        What was asked.
    relaxations
        Which, by how much.
    """
    for each in relaxations:
        problem = _loosened(problem, each)
    return problem


_COLUMN = {
    "capacity": ("vehicles", "capacity"),
    "shift": ("vehicles", "overtime_s"),
    "distance": ("vehicles", "max_distance"),
    "stops": ("vehicles", "max_stops"),
    "trips": ("vehicles", "max_trips"),
    "fleet": ("vehicles", "count"),
    "ride": ("requests", "max_ride_s"),
    "cold": ("requests", "max_cold_s"),
    "release": ("requests", "release_s"),
    "break_after": ("breaks", "after_s"),
    "skills": ("requests", "skills"),
    "day": ("requests", "day"),
    "break_missing": ("breaks", "if_longer_s"),
}
_SPAN = {"vehicle_window": "vehicles", "break_window": "breaks"}
"""Tables whose rows have an `earliest_s` and a `latest_s`."""


def _loosened(problem: RoutingProblem, relaxation: Relaxation) -> RoutingProblem:
    rule, amount = relaxation.rule, relaxation.amount
    if rule.name == "vehicles_first":
        return replace(problem, objective=replace(problem.objective, vehicles_first=False))
    if rule.name == "window":
        return replace(problem, tasks=_widened(problem.tasks, rule, amount))
    if rule.name in _SPAN:
        column = "earliest_s" if rule.end == "sooner" else "latest_s"
        table = _SPAN[rule.name]
    else:
        table, column = _COLUMN[rule.name]
    at: Any = {"vehicles": rule.vehicle, "requests": rule.request, "breaks": rule.pause}[table]
    if rule.name == "capacity":
        at = (rule.vehicle, rule.dimension)
    whole = _given_up(problem, rule)
    if whole is not None:
        return _put(problem, table, column, at, whole)
    downwards = rule.end == "sooner" or rule.name == "release"
    return _added(problem, table, column, at, -amount if downwards else amount)


def _given_up(problem: RoutingProblem, rule: Rule) -> int | None:
    """What stands instead of a limit that gives way as a whole."""
    requests, vehicles = problem.requests, problem.vehicles
    match rule.name:
        case "skills":
            return int(requests.skills[rule.request] & vehicles.skills[rule.vehicle])
        case "day":
            return int(vehicles.day[rule.vehicle])
        case "break_missing":
            return UNLIMITED
    return None


def _added(problem: RoutingProblem, table: str, column: str, at: Any, by: int) -> RoutingProblem:
    value = int(getattr(getattr(problem, table), column)[at])
    return _put(problem, table, column, at, value + by)


def _put(problem: RoutingProblem, table: str, column: str, at: Any, value: int) -> RoutingProblem:
    """One value of one column changed."""
    rows: Any = getattr(problem, table)
    values = getattr(rows, column).copy()
    values[at] = value
    changed: Any = {table: replace(rows, **{column: values})}
    return replace(problem, **changed)


def _widened(tasks: Tasks, rule: Rule, amount: int) -> Tasks:
    """One window wider; those it then meets become one with it."""
    first, last = tasks.window_start[rule.task : rule.task + 2].tolist()
    rows = tasks.window_s[first:last].tolist()
    if rule.end == "sooner":
        rows[rule.window - first][0] -= amount
    else:
        rows[rule.window - first][1] += amount
    merged: list[list[int]] = []
    for opens, closes in sorted(rows):
        if merged and opens <= merged[-1][1]:
            merged[-1][1] = max(merged[-1][1], closes)
        else:
            merged.append([opens, closes])
    start = tasks.window_start.copy()
    start[rule.task + 1 :] += len(merged) - len(rows)
    windows = np.concatenate(
        [
            tasks.window_s[:first],
            np.array(merged, dtype=np.int64).reshape(-1, 2),
            tasks.window_s[last:],
        ]
    )
    return replace(tasks, window_start=start, window_s=windows)
