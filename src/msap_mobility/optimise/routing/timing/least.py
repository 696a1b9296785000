"""Routes without rules that need a program: timed by the kernels of the search."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from msap_mobility.optimise.routing.problem import RELOAD, UNLIMITED
from msap_mobility.optimise.routing.solution import Route

if TYPE_CHECKING:
    from collections.abc import Sequence

    from msap_mobility.optimise.routing.problem import RoutingProblem
    from msap_mobility.optimise.routing.timing.rules import Order

__all__ = ["is_simple", "least_work"]


def is_simple(problem: RoutingProblem, order: Order) -> bool:
    """Whether nothing but drives, windows, rides and the vehicle's hours matters.

    Parameters
    ----------
    problem
        What was asked.
    order
        The route.
    """
    kind, tasks = order
    if RELOAD in tasks or (problem.breaks.vehicle == kind).any():
        return False
    tables, requests, visits = problem.tasks, problem.requests, list(tasks)
    wanted = (tables.wanted_s[visits] < UNLIMITED) & (tables.per_s_off[visits] > 0)
    stays = tables.service_most_s[visits] > tables.service_s[visits]
    at_depot = (requests.release_s > 0) | (requests.max_cold_s < UNLIMITED)
    carried = np.isin(requests.task[at_depot], visits)
    return not (wanted.any() or stays.any() or carried.any())


def least_work(problem: RoutingProblem, orders: Sequence[Order]) -> list[Route | None]:
    """The least work of each route, at the earliest return that allows it; None if impossible.

    Parameters
    ----------
    problem
        What was asked.
    orders
        Routes for which `is_simple`.
    """
    from msap_mobility.optimise.routing.native.arrays.memory import fresh_memory  # noqa: PLC0415
    from msap_mobility.optimise.routing.native.arrays.problem import NEVER  # noqa: PLC0415
    from msap_mobility.optimise.routing.native.encode import encoded  # noqa: PLC0415
    from msap_mobility.optimise.routing.native.schedule import (  # noqa: PLC0415 - kernels
        least_times,
        shortest,
    )

    arrays = encoded(problem, near=1)
    memory = fresh_memory(arrays, 1, stops=max((len(tasks) for _, tasks in orders), default=0))
    timed: list[Route | None] = []
    for kind, tasks in orders:
        count, vehicle = len(tasks), arrays.vehicle[kind]
        memory.draft[1 : count + 1] = tasks
        departure, duration = shortest(arrays, memory, vehicle, count)
        if duration >= NEVER:
            timed.append(None)
            continue
        least_times(arrays, memory, vehicle, count, departure)
        leaves, *starts, arrives = memory.times[0, : count + 2].tolist()
        lasting = problem.tasks.service_s[list(tasks)].tolist()
        timed.append(
            Route(
                vehicle=kind,
                tasks=tasks,
                departure_s=leaves,
                starts_s=tuple(starts),
                ends_s=tuple(start + lasts for start, lasts in zip(starts, lasting, strict=True)),
                arrival_s=arrives,
            )
        )
    return timed
