"""What customers choose: one pattern each, and whether somebody they reach is served."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from msap_mobility.optimise.routing.check.broken import Broken
from msap_mobility.optimise.routing.problem import MANDATORY, NONE

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from msap_mobility.optimise.routing.check.reading import Reading
    from msap_mobility.optimise.routing.problem import RoutingProblem

__all__ = ["choosing", "covered"]


def choosing(problem: RoutingProblem, reading: Reading) -> Iterator[Broken]:
    """Every rule of patterns and covering that the plan breaks, and the lists of who is left.

    Parameters
    ----------
    problem
        What was asked.
    reading
        The solution as read.
    """
    yield from _patterns(problem, reading)
    without = [row == NONE for row in reading.patterns]
    for customer, told in _told_wrongly(
        reading, "customer", problem.patterns.prize.tolist(), without
    ):
        yield Broken(rule=told, amount=1, customer=customer)
    uncovered = [not each for each in covered(problem, reading)]
    listed = Counter(reading.uncovered)
    for cover, is_uncovered in enumerate(uncovered):
        if off := abs(listed[cover] - is_uncovered):
            yield Broken(rule="uncovered", amount=off, cover=cover)
    for cover, told in _told_wrongly(reading, "cover", problem.covering.prize.tolist(), uncovered):
        yield Broken(rule=told, amount=1, cover=cover)


def covered(problem: RoutingProblem, reading: Reading) -> list[bool]:
    """Whether each customer of `Covering` reaches a request that is served."""
    served = [bool(reading.routes_of(problem, row)) for row in range(len(problem.requests))]
    table = problem.covering
    return [any(served[request] for request in table.reach_of(row)) for row in range(len(table))]


def _patterns(problem: RoutingProblem, reading: Reading) -> Iterator[Broken]:
    """Of each customer the requests of the pattern chosen are served, and no others."""
    table = problem.patterns
    theirs: list[set[int]] = [set() for _ in range(table.customers)]
    for pattern, customer in enumerate(table.customer.tolist()):
        theirs[customer].update(table.requests_of(pattern))
    for customer, row in enumerate(reading.patterns):
        if row is None:
            continue
        asked = set() if row == NONE else set(table.requests_of(row))
        served = {each for each in theirs[customer] if reading.routes_of(problem, each)}
        if off := len(asked ^ served):
            yield Broken(rule="pattern", amount=off, customer=customer)


def _told_wrongly(
    reading: Reading, name: str, prizes: Sequence[int], left: Sequence[bool]
) -> Iterator[tuple[int, str]]:
    """Who had to be served, is not and is not told as missing, or is told so without reason."""
    for row, (prize, is_left) in enumerate(zip(prizes, left, strict=True)):
        told = reading.missing.count((name, row))
        lacks = is_left and prize == MANDATORY
        if lacks and not told:
            yield row, "mandatory"
        elif told > lacks:
            yield row, "missing"
