"""From options and hours that are chosen to whole times: exactly, and everything early."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msap_mobility.optimise.routing.solution import Route
from msap_mobility.optimise.routing.timing.nodes import CLOCK, DEPARTURE
from msap_mobility.optimise.routing.timing.settle import require_all

if TYPE_CHECKING:
    from collections.abc import Sequence

    from msap_mobility.optimise.arrays import Int64
    from msap_mobility.optimise.routing.timing.plan import Plan

__all__ = ["route_at"]

Difference = tuple[int, int, int]
"""The second moment comes at least so many seconds after the first."""


def route_at(plan: Plan, chosen: Int64, kept: Sequence[Difference]) -> Route | None:
    """The route of least work among those with these options, everything as early as that allows.

    Parameters
    ----------
    plan
        The route.
    chosen
        One option of each group.
    kept
        Differences to keep besides the rules.

    Returns
    -------
    Route or None
        None if these options and differences contradict each other.
    """
    rules, bounds = plan.rules, plan.settled.bounds.copy()
    rows = rules.differences
    apart = rows.apart + rows.added[:, chosen].sum(axis=1)
    if not require_all(bounds, rows, apart):
        return None
    if not all(bounds.require(*each) for each in kept):
        return None
    arrival = rules.nodes.arrival
    bounds.require(arrival, DEPARTURE, -int(bounds.apart[DEPARTURE, arrival]))
    return _route(plan, chosen, bounds.apart[CLOCK].tolist())


def _route(plan: Plan, chosen: Int64, times: Sequence[int]) -> Route:
    """With a time of each moment."""
    nodes, pauses = plan.rules.nodes, plan.rules.pauses
    left_out = set(chosen.tolist())
    taken = [
        (row, times[rest])
        for row, option, rest in zip(pauses.rows, pauses.left_out, nodes.rests, strict=True)
        if option not in left_out
    ]
    kind, tasks = plan.rules.order
    return Route(
        vehicle=kind,
        tasks=tasks,
        departure_s=times[DEPARTURE],
        starts_s=tuple(times[begin] for begin in nodes.begins),
        ends_s=tuple(times[end] for end in nodes.ends),
        breaks=tuple(sorted(taken, key=lambda each: each[1])),
        arrival_s=times[nodes.arrival],
    )
