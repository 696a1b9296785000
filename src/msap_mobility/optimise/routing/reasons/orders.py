"""Every order that a route may have once some requests are added and nobody leaves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msap_mobility.optimise.routing.problem import NONE, RELOAD

if TYPE_CHECKING:
    from collections.abc import Iterator

    from msap_mobility.optimise.routing.reasons.asked import Asked

__all__ = ["Order", "orders"]

Order = tuple[tuple[int, ...], tuple[int, ...]]
"""Tasks and loadings, and the positions of what was added."""


def orders(
    asked: Asked, vehicle: int, tasks: tuple[int, ...], requests: tuple[int, ...]
) -> Iterator[Order]:
    """All positions of all tasks; where the vehicle may load again, also with one more loading.

    Pickups come before their deliveries, in the same trip.

    Parameters
    ----------
    asked
        The problem.
    vehicle
        Row of `Vehicles`.
    tasks
        The order as it is; empty for a vehicle that is not used.
    requests
        What is added.
    """
    again = asked.reload[vehicle] != NONE
    for order in _with(asked, (tasks, ()), requests):
        if _stay_aboard(asked, order[0]):
            yield order
        if again:
            for at in range(len(order[0]) + 1):
                longer = _put(order, at, RELOAD)
                if _stay_aboard(asked, longer[0]):
                    yield longer


def _with(asked: Asked, order: Order, requests: tuple[int, ...]) -> Iterator[Order]:
    """One request after the other at every position."""
    if not requests:
        yield order
        return
    pickup, *delivery = asked.tasks_of(requests[0])
    for at in range(len(order[0]) + 1):
        longer = _put(order, at, pickup)
        if not delivery:
            yield from _with(asked, longer, requests[1:])
            continue
        for after in range(at + 1, len(longer[0]) + 1):
            yield from _with(asked, _put(longer, after, delivery[0]), requests[1:])


def _put(order: Order, at: int, task: int) -> Order:
    tasks, positions = order
    moved = [position + (position >= at) for position in positions]
    return (*tasks[:at], task, *tasks[at:]), tuple(sorted([*moved, at]))


def _stay_aboard(asked: Asked, tasks: tuple[int, ...]) -> bool:
    """Whether nobody is aboard where the vehicle loads again."""
    if RELOAD not in tasks:
        return True
    aboard: set[int] = set()
    for task in tasks:
        if task == RELOAD:
            if aboard:
                return False
        elif asked.delivery[request := asked.request_of[task]] != NONE:
            aboard ^= {request}
    return True
