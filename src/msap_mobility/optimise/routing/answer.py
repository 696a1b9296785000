"""From orders of tasks to a solution: the best schedule of each route, and what all costs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msap_mobility.optimise.routing.native.arrays import NEVER, fresh_memory
from msap_mobility.optimise.routing.native.encode import encoded
from msap_mobility.optimise.routing.problem import ANYWHERE, MANDATORY
from msap_mobility.optimise.routing.solution import Cost, Route, RoutingSolution

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from msap_mobility.optimise.routing.problem import RoutingProblem

__all__ = ["solution_of"]

_SQUARE_HOUR = 3600 * 3600


def solution_of(
    problem: RoutingProblem,
    routes: Iterable[tuple[int, Sequence[int]]],
    *,
    engine: str,
    iterations: tuple[int, ...] = (),
    cooling: tuple[tuple[int, ...], ...] = (),
    bound: int | None = None,
) -> RoutingSolution:
    """Time and price routes whose order is known.

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
                    arrival_s=starts[-1],
                )
            )
    done = {task for route in timed for task in route.tasks}
    requests = problem.requests
    served = [task in done for task in requests.task.tolist()]
    unserved = tuple(row for row, is_served in enumerate(served) if not is_served)
    return RoutingSolution(
        routes=tuple(timed),
        unserved=unserved,
        missing=_missing(problem, served),
        cost=_cost(problem, timed, unserved),
        engine=engine,
        iterations=iterations,
        cooling=cooling,
        bound=bound,
    )


def _missing(problem: RoutingProblem, served: Sequence[bool]) -> tuple[tuple[str, int], ...]:
    """What must be served and is not."""
    requests = problem.requests
    lone = [
        ("request", row)
        for row, prize in enumerate(requests.prize.tolist())
        if prize == MANDATORY and not served[row]
    ]
    kept = {
        group for group, is_served in zip(requests.group.tolist(), served, strict=True) if is_served
    }
    must = problem.groups.must.tolist()
    return (*lone, *(("group", row) for row in range(len(must)) if must[row] and row not in kept))


def _cost(problem: RoutingProblem, routes: Sequence[Route], unserved: Sequence[int]) -> Cost:
    """The parts of the cost."""
    vehicles, balance = problem.vehicles, problem.objective.balance
    fixed = distance = time = overtime = balanced = 0
    for route in routes:
        kind, lasts = route.vehicle, route.arrival_s - route.departure_s
        places = [int(vehicles.start[kind]), *problem.tasks.place[list(route.tasks)].tolist()]
        if vehicles.end[kind] != ANYWHERE:
            places.append(int(vehicles.end[kind]))
        far = problem.distance[vehicles.profile[kind]]
        fixed += int(vehicles.fixed[kind])
        distance += int(vehicles.per_distance[kind]) * int(far[places[:-1], places[1:]].sum())
        time += int(vehicles.per_s[kind]) * lasts
        overtime += int(vehicles.per_overtime_s[kind]) * max(0, lasts - int(vehicles.shift_s[kind]))
        balanced += balance * lasts * lasts // _SQUARE_HOUR
    prizes = problem.requests.prize[list(unserved)].clip(min=0)
    return Cost(
        fixed=fixed,
        distance=distance,
        time=time,
        overtime=overtime,
        balance=balanced,
        unserved=int(prizes.sum()),
    )
