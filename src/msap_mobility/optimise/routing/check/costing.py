"""What the plan says it costs, computed again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msap_mobility.optimise.routing.check.broken import Broken
from msap_mobility.optimise.routing.check.driving import beyond, length
from msap_mobility.optimise.routing.check.reading import is_whole

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
    parts = {"unserved": _prizes(problem, reading)}
    if reading.complete:
        parts |= _of_routes(problem, reading.routes)
    for part, found in parts.items():
        stated = getattr(solution.cost, part)
        if is_whole(stated) and (off := abs(int(stated) - found)):
            yield Broken(rule="cost", amount=off, part=f"cost_{part}")
    bound = solution.bound
    if bound is not None and is_whole(bound) and reading.complete and not solution.missing:
        over = int(bound) - sum(parts.values())
        if over > 0:
            yield Broken(rule="bound", amount=over)


def _of_routes(problem: RoutingProblem, routes: tuple[Driven, ...]) -> dict[str, int]:
    """Each part of the cost, of all routes."""
    vehicles = problem.vehicles
    parts = dict.fromkeys(("fixed", "distance", "time", "overtime", "balance"), 0)
    for route in routes:
        row, worked_s = route.vehicle, route.duration_s
        over_s = beyond(worked_s, int(vehicles.shift_s[row]))
        parts["fixed"] += int(vehicles.fixed[row])
        parts["distance"] += int(vehicles.per_distance[row]) * length(problem, route)
        parts["time"] += int(vehicles.per_s[row]) * worked_s
        parts["overtime"] += int(vehicles.per_overtime_s[row]) * over_s
        parts["balance"] += int(problem.objective.balance) * worked_s**2 // _SQUARE_HOUR
    return parts


def _prizes(problem: RoutingProblem, reading: Reading) -> int:
    """Prizes of the optional requests in no route."""
    prizes = problem.requests.prize.tolist()
    left = [row for row in range(len(prizes)) if not reading.routes_of(problem, row)]
    return sum(max(prizes[row], 0) for row in left)
