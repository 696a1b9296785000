"""A problem, routes that keep its rules, and ways to break one of them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from msap_mobility.optimise.routing.check import check
from tests.optimise.routing.stated import stated

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from msap_mobility.optimise.routing.problem import RoutingProblem
    from msap_mobility.optimise.routing.solution import Route, RoutingSolution

STREET = np.abs(np.subtract.outer(range(6), range(6)))
"""Six places, one after the other."""


class Day:
    """A problem and routes that keep its rules; each test breaks one."""

    def __init__(self, problem: RoutingProblem, routes: Iterable[Route]) -> None:
        self.problem = problem
        self.routes = list(routes)
        self.told: dict[str, Any] = {}

    def ask(self, table: str, column: str, row: Any, value: Any) -> None:
        """Ask for something else in one row."""
        changed = getattr(getattr(self.problem, table), column).copy()
        changed[row] = value
        rows = replace(getattr(self.problem, table), **{column: changed})
        self.problem = replace(self.problem, **{table: rows})

    def drive(self, number: int, **changes: Any) -> None:
        """Drive one route in another way."""
        self.routes[number] = replace(self.routes[number], **changes)

    def solution(self) -> RoutingSolution:
        """Honest but for what a test says instead."""
        if "cost" in self.told:
            honest = stated(self.problem, ())
        else:
            honest = stated(self.problem, [route for route in self.routes if route.tasks])
        return replace(honest, **(self.told | {"routes": tuple(self.routes)}))

    def insist(self, said: RoutingSolution) -> None:
        """Go on saying what this solution says, whatever the routes are."""
        lists = ("unserved", "missing", "patterns", "uncovered", "cost")
        self.tell(**{name: getattr(said, name) for name in lists})

    def tell(self, **said: Any) -> None:
        self.told |= said

    def check(self) -> list[dict[str, Any]]:
        """What is broken, without the fields that do not apply."""
        broken = check(self.problem, self.solution())
        for each in broken:
            assert each.text("en") != each.text("fr")
        fields = [each.to_dict() for each in broken]
        return [{k: v for k, v in row.items() if v not in (-1, "")} for row in fields]


def of_cost(part: str, off: int) -> Callable[[Day], None]:
    def change(day: Day) -> None:
        said = day.solution()
        cost = replace(said.cost, **{part: getattr(said.cost, part) + off})
        day.insist(replace(said, cost=cost))

    return change


def ask(*change: Any) -> Callable[[Day], None]:
    return lambda day: day.ask(*change)


def drive(number: int, **changes: Any) -> Callable[[Day], None]:
    return lambda day: day.drive(number, **changes)


def strangely(number: int, **changes: Any) -> Callable[[Day], None]:
    """As `drive`, in a way that has no cost: the plan goes on saying what it said."""

    def change(day: Day) -> None:
        day.insist(day.solution())
        day.drive(number, **changes)

    return change


def tell(**said: Any) -> Callable[[Day], None]:
    return lambda day: day.tell(**said)


def one_more(route: Route) -> Callable[[Day], None]:
    return lambda day: day.routes.append(route)
