"""From orders of tasks to a solution: the best schedule of each route."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msap_mobility.optimise.routing.native.arrays import NEVER, fresh_memory
from msap_mobility.optimise.routing.native.encode import encoded
from msap_mobility.optimise.routing.pricing import priced
from msap_mobility.optimise.routing.solution import Route

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
    """Time and price routes whose order is known, of problems without `rules.further_rules`.

    Parameters
    ----------
    problem
        What was asked.
    routes
        (row of `Vehicles`, tasks in order) of each; empty ones are left out. A route that no
        schedule allows is left out too: its requests are unserved.
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
    from msap_mobility.optimise.routing.native.schedule import (  # noqa: PLC0415 - kernels
        least_times,
        shortest,
    )

    arrays = encoded(problem, near=1)
    driven = list(routes)
    stops = max((len(tasks) for _, tasks in driven), default=0)
    memory = fresh_memory(arrays, 1, stops=stops)
    timed = []
    for kind, tasks in driven:
        count, vehicle = len(tasks), arrays.vehicle[kind]
        if not count:
            continue
        memory.draft[1 : count + 1] = tasks
        departure, duration = shortest(arrays, memory, vehicle, count)
        if duration < NEVER:
            least_times(arrays, memory, vehicle, count, departure)
            starts = memory.times[0, : count + 2].tolist()
            timed.append(
                Route(
                    vehicle=int(kind),
                    tasks=tuple(int(task) for task in tasks),
                    departure_s=starts[0],
                    starts_s=tuple(starts[1:-1]),
                    ends_s=_ends_s(problem, tasks, starts[1:-1]),
                    arrival_s=starts[-1],
                )
            )
    return priced(
        problem,
        timed,
        engine=engine,
        iterations=iterations,
        cooling=cooling,
        bound=bound,
    )


def _ends_s(
    problem: RoutingProblem, tasks: Sequence[int], starts_s: Sequence[int]
) -> tuple[int, ...]:
    """When each task ends."""
    service_s = problem.tasks.service_s[list(tasks)].tolist()
    return tuple(start + lasts for start, lasts in zip(starts_s, service_s, strict=True))
