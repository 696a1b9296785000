"""Who is served, by how many vehicles, and who is said not to be."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from msap_mobility.optimise.routing.check.broken import Broken
from msap_mobility.optimise.routing.problem import MANDATORY

if TYPE_CHECKING:
    from collections.abc import Iterator

    from msap_mobility.optimise.routing.check.reading import Reading
    from msap_mobility.optimise.routing.problem import RoutingProblem

__all__ = ["serving"]


def serving(problem: RoutingProblem, reading: Reading) -> Iterator[Broken]:
    """Every rule of the whole plan: vehicles, tasks, pairs, groups, and the lists of who is not.

    Parameters
    ----------
    problem
        What was asked.
    reading
        The solution as read.
    """
    yield from _fleet(problem, reading)
    yield from _tasks(problem, reading)
    served = [bool(reading.routes_of(problem, row)) for row in range(len(problem.requests))]
    yield from _groups(problem, reading, served)
    yield from _unserved(reading, served)
    yield from _missing(problem, reading, served)


def _fleet(problem: RoutingProblem, reading: Reading) -> Iterator[Broken]:
    for vehicle, used in sorted(Counter(reading.vehicles).items()):
        if (over := used - int(problem.vehicles.count[vehicle])) > 0:
            yield Broken(rule="fleet", amount=over, vehicle=vehicle)


def _tasks(problem: RoutingProblem, reading: Reading) -> Iterator[Broken]:
    """No task twice, and both tasks of a pair in one route."""
    for task, routes in enumerate(reading.visits):
        if len(routes) > 1:
            yield Broken(rule="twice", amount=len(routes) - 1, route=routes[-1], task=task)
    requests = problem.requests
    for row, (pickup, delivery) in enumerate(zip(requests.task, requests.delivery, strict=True)):
        if delivery < 0:
            continue
        up, down = set(reading.visits[pickup]), set(reading.visits[delivery])
        if (up or down) and not up & down:
            yield Broken(rule="pairing", amount=1, route=min(up or down), request=row)


def _groups(problem: RoutingProblem, reading: Reading, served: list[bool]) -> Iterator[Broken]:
    """At most one of each group, exactly one where it must, unless it is told as missing."""
    chosen = [0] * len(problem.groups)
    for group, is_served in zip(problem.requests.group.tolist(), served, strict=True):
        if group >= 0 and is_served:
            chosen[group] += 1
    for group, number in enumerate(chosen):
        if number > 1:
            yield Broken(rule="group", amount=number - 1, group=group)
        told = reading.missing.count(("group", group))
        lacks = number == 0 and bool(problem.groups.must[group])
        if lacks and not told:
            yield Broken(rule="group_missing", amount=1, group=group)
        elif told > lacks:
            yield Broken(rule="missing", amount=told - lacks, group=group)


def _unserved(reading: Reading, served: list[bool]) -> Iterator[Broken]:
    """The list holds who is in no route, once."""
    told = Counter(reading.unserved)
    for row, is_served in enumerate(served):
        if off := abs(told[row] - (not is_served)):
            yield Broken(rule="unserved", amount=off, request=row)


def _missing(problem: RoutingProblem, reading: Reading, served: list[bool]) -> Iterator[Broken]:
    """Who must be served is, or is told as missing; nobody else is told so."""
    prizes = problem.requests.prize.tolist()
    for row, (prize, is_served) in enumerate(zip(prizes, served, strict=True)):
        told = reading.missing.count(("request", row))
        lacks = prize == MANDATORY and not is_served
        if lacks and not told:
            yield Broken(rule="mandatory", amount=1, request=row)
        elif told > lacks:
            yield Broken(rule="missing", amount=told - lacks, request=row)
