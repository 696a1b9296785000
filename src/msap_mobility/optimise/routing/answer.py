"""From orders of tasks to a solution: the best schedule of each route."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msap_mobility.optimise.routing.pricing import priced
from msap_mobility.optimise.routing.timing import timed

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from msap_mobility.optimise.routing.problem import RoutingProblem
    from msap_mobility.optimise.routing.solution import RoutingSolution

__all__ = ["solution_of"]


def solution_of(
    problem: RoutingProblem,
    routes: Iterable[tuple[int, Sequence[int]]],
    *,
    engine: str,
    iterations: tuple[int, ...] = (),
    cooling: tuple[tuple[int, ...], ...] = (),
    bound: int | None = None,
) -> RoutingSolution:
    """Time and price routes whose order is known, under every rule.

    Parameters
    ----------
    problem
        What was asked.
    routes
        (row of `Vehicles`, tasks in order) of each, `RELOAD` where the vehicle loads again. A
        route that no schedule allows, or that visits nobody, is left out: its requests are
        unserved.
    engine, iterations, cooling, bound
        As in `RoutingSolution`.

    Examples
    --------
    >>> import numpy as np
    >>> from msap_mobility.optimise.routing.problem import Requests, RoutingProblem, Tasks, Vehicles
    >>> line = np.abs(np.subtract.outer([0, 3, 5], [0, 3, 5]))
    >>> problem = RoutingProblem(
    ...     distance=line,
    ...     duration_s=line.astype(np.int32),
    ...     tasks=Tasks.of(place=[1, 2], windows=[[(10, 20)], []]),
    ...     requests=Requests.of(task=[0, 1]),
    ...     vehicles=Vehicles.of(count=1),
    ... )
    >>> solution = solution_of(problem, [(0, [0, 1])], engine="by hand")
    >>> solution.routes[0].starts_s, solution.routes[0].departure_s, solution.cost.total
    ((10, 12), 7, 10)
    """
    found = timed(problem, routes)
    return priced(
        problem,
        [route for route in found if route is not None],
        engine=engine,
        iterations=iterations,
        cooling=cooling,
        bound=bound,
    )
