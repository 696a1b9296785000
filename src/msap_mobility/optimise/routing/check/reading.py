"""What of a solution can be read: rows that exist, times that are whole numbers."""

from __future__ import annotations

from dataclasses import dataclass, fields
from numbers import Integral
from typing import TYPE_CHECKING

from msap_mobility.optimise.routing.check.broken import Broken

if TYPE_CHECKING:
    from collections.abc import Iterator

    from msap_mobility.optimise.routing.problem import RoutingProblem
    from msap_mobility.optimise.routing.solution import Route, RoutingSolution

__all__ = ["Driven", "Reading", "is_whole"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Driven:
    """A route that can be judged: every row exists, every time is a Python integer.

    Parameters
    ----------
    number
        Row of `RoutingSolution.routes`.
    vehicle, tasks, departure_s, starts_s, arrival_s
        As in `Route`.
    """

    number: int
    vehicle: int
    tasks: tuple[int, ...]
    departure_s: int
    starts_s: tuple[int, ...]
    arrival_s: int

    @property
    def duration_s(self) -> int:
        """From departure to return."""
        return self.arrival_s - self.departure_s


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A solution as far as it can be read.

    Parameters
    ----------
    routes
        Those that can be judged.
    complete
        Whether those are all.
    vehicles
        Rows of `Vehicles` of all routes, where they exist.
    visits
        Of each task, the routes it stands in, once for each time.
    unserved
        Rows of requests that the solution calls unserved.
    missing
        What it calls missing.
    broken
        What could not be read.
    """

    routes: tuple[Driven, ...]
    complete: bool
    vehicles: tuple[int, ...]
    visits: tuple[tuple[int, ...], ...]
    unserved: tuple[int, ...]
    missing: tuple[tuple[str, int], ...]
    broken: tuple[Broken, ...]

    @classmethod
    def of(cls, problem: RoutingProblem, solution: RoutingSolution) -> Reading:
        """Read a solution; what cannot be read is told, never raised."""
        broken: list[Broken] = []
        routes: list[Driven] = []
        visits: list[list[int]] = [[] for _ in range(len(problem.tasks))]
        for number, route in enumerate(solution.routes):
            if unread := list(_unreadable(problem, number, route)):
                broken += unread
            else:
                routes.append(_driven(number, route))
            for task in route.tasks:
                if _row(task, len(problem.tasks)):
                    visits[task].append(number)
        types, requests = len(problem.vehicles), len(problem.requests)
        broken += [*_strange_lists(problem, solution), *_strange_figures(solution)]
        return cls(
            routes=tuple(routes),
            complete=len(routes) == len(solution.routes),
            vehicles=tuple(int(r.vehicle) for r in solution.routes if _row(r.vehicle, types)),
            visits=tuple(map(tuple, visits)),
            unserved=tuple(int(row) for row in solution.unserved if _row(row, requests)),
            missing=tuple(each for each in solution.missing if _named(problem, each)),
            broken=tuple(broken),
        )

    def routes_of(self, problem: RoutingProblem, request: int) -> frozenset[int]:
        """Every route in which a task of a request stands."""
        delivery = int(problem.requests.delivery[request])
        routes = self.visits[int(problem.requests.task[request])]
        return frozenset(routes + (self.visits[delivery] if delivery >= 0 else ()))


def is_whole(value: object) -> bool:
    """Whether this is an integer, of Python or of numpy.

    Examples
    --------
    >>> is_whole(3), is_whole(3.0)
    (True, False)
    """
    return isinstance(value, Integral)


def _driven(number: int, route: Route) -> Driven:
    return Driven(
        number=number,
        vehicle=int(route.vehicle),
        tasks=tuple(map(int, route.tasks)),
        departure_s=int(route.departure_s),
        starts_s=tuple(map(int, route.starts_s)),
        arrival_s=int(route.arrival_s),
    )


def _unreadable(problem: RoutingProblem, number: int, route: Route) -> Iterator[Broken]:
    """Rows that do not exist, times that are none, a route of nothing."""
    rows = [(route.vehicle, len(problem.vehicles), "vehicle")]
    rows += [(task, len(problem.tasks), "task") for task in route.tasks]
    for row, count, table in rows:
        if not is_whole(row):
            yield Broken(rule="not_whole", route=number, part=f"row_of_{table}")
        elif not _row(row, count):
            yield Broken(rule="unknown", amount=int(row), route=number, part=f"row_of_{table}")
    for time_s in (route.departure_s, *route.starts_s, route.arrival_s):
        if not is_whole(time_s):
            yield Broken(rule="not_whole", route=number, part="times")
    if len(route.tasks) == 0:
        yield Broken(rule="empty", amount=1, route=number)
    if off := abs(len(route.tasks) - len(route.starts_s)):
        yield Broken(rule="starts", amount=off, route=number)


def _strange_lists(problem: RoutingProblem, solution: RoutingSolution) -> Iterator[Broken]:
    """Rows of `unserved` and `missing` that do not exist."""
    for row in solution.unserved:
        if not _row(row, len(problem.requests)):
            yield Broken(rule="unknown", amount=_amount(row), part="unserved_list")
    for each in solution.missing:
        if not _named(problem, each):
            yield Broken(rule="unknown", amount=_amount(each), part="missing_list")


def _strange_figures(solution: RoutingSolution) -> Iterator[Broken]:
    """Costs that are no whole numbers."""
    for column in fields(solution.cost):
        if not is_whole(getattr(solution.cost, column.name)):
            yield Broken(rule="not_whole", part=f"cost_{column.name}")
    if solution.bound is not None and not is_whole(solution.bound):
        yield Broken(rule="not_whole", part="lower_bound")


def _amount(row: object) -> int:
    """The row that does not exist, 0 if that is no number."""
    if isinstance(row, tuple) and row:
        return _amount(row[-1])
    return int(row) if isinstance(row, Integral) else 0


def _row(row: object, count: int) -> bool:
    """Whether `row` is one of so many."""
    return isinstance(row, Integral) and 0 <= int(row) < count


def _named(problem: RoutingProblem, named: object) -> bool:
    """Whether this is a request or a group that exists."""
    match named:
        case ("request", row):
            return _row(row, len(problem.requests))
        case ("group", row):
            return _row(row, len(problem.groups))
    return False
