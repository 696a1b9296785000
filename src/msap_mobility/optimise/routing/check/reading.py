"""What of a solution can be read: rows that exist, times that are whole numbers."""

from __future__ import annotations

from dataclasses import dataclass, fields
from numbers import Integral
from typing import TYPE_CHECKING

from msap_mobility.optimise.routing.check.broken import Broken
from msap_mobility.optimise.routing.problem import NONE, RELOAD

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
    vehicle, tasks, departure_s, starts_s, arrival_s, breaks
        As in `Route`.
    ends_s
        As in `Route`, never empty.
    """

    number: int
    vehicle: int
    tasks: tuple[int, ...]
    departure_s: int
    starts_s: tuple[int, ...]
    ends_s: tuple[int, ...]
    breaks: tuple[tuple[int, int], ...]
    arrival_s: int

    @property
    def duration_s(self) -> int:
        """From departure to return."""
        return self.arrival_s - self.departure_s

    @property
    def visits(self) -> tuple[int, ...]:
        """Its tasks without the loadings."""
        return tuple(task for task in self.tasks if task != RELOAD)


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
    uncovered
        Rows of `Covering` that it calls uncovered.
    patterns
        Of each customer the row of `Patterns` or `NONE`; None where that cannot be read.
    broken
        What could not be read.
    """

    routes: tuple[Driven, ...]
    complete: bool
    vehicles: tuple[int, ...]
    visits: tuple[tuple[int, ...], ...]
    unserved: tuple[int, ...]
    missing: tuple[tuple[str, int], ...]
    uncovered: tuple[int, ...]
    patterns: tuple[int | None, ...]
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
                routes.append(_driven(problem, number, route))
            for task in route.tasks:
                if _row(task, len(problem.tasks)):
                    visits[task].append(number)
        types, requests = len(problem.vehicles), len(problem.requests)
        covering = len(problem.covering)
        broken += [*_strange_lists(problem, solution), *_strange_figures(solution)]
        return cls(
            routes=tuple(routes),
            complete=len(routes) == len(solution.routes),
            vehicles=tuple(int(r.vehicle) for r in solution.routes if _row(r.vehicle, types)),
            visits=tuple(map(tuple, visits)),
            unserved=tuple(int(row) for row in solution.unserved if _row(row, requests)),
            missing=tuple(each for each in solution.missing if _named(problem, each)),
            uncovered=tuple(int(row) for row in solution.uncovered if _row(row, covering)),
            patterns=tuple(_pattern(problem, solution, c) for c in range(_customers(problem))),
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


def _driven(problem: RoutingProblem, number: int, route: Route) -> Driven:
    vehicle, tasks = int(route.vehicle), tuple(map(int, route.tasks))
    starts_s = tuple(map(int, route.starts_s))
    lasting = {task: int(problem.tasks.service_s[task]) for task in tasks}
    lasting[RELOAD] = int(problem.vehicles.reload_s[vehicle])
    shortest = (start_s + lasting[task] for task, start_s in zip(tasks, starts_s, strict=True))
    return Driven(
        number=number,
        vehicle=vehicle,
        tasks=tasks,
        departure_s=int(route.departure_s),
        starts_s=starts_s,
        ends_s=tuple(map(int, route.ends_s)) or tuple(shortest),
        breaks=tuple((int(row), int(start_s)) for row, start_s in route.breaks),
        arrival_s=int(route.arrival_s),
    )


def _unreadable(problem: RoutingProblem, number: int, route: Route) -> Iterator[Broken]:
    """Rows that do not exist, times that are none, and what `_strange_shape` finds."""
    rows: list[tuple[object, int, str]] = [(route.vehicle, len(problem.vehicles), "vehicle")]
    rows += [(task, len(problem.tasks), "task") for task in route.tasks if not _reload(task)]
    rows += [(_first(each), len(problem.breaks), "break") for each in route.breaks]
    for row, count, table in rows:
        if not is_whole(row):
            yield Broken(rule="not_whole", route=number, part=f"row_of_{table}")
        elif not _row(row, count):
            yield Broken(rule="unknown", amount=_amount(row), route=number, part=f"row_of_{table}")
    times = (route.departure_s, *route.starts_s, *route.ends_s, route.arrival_s)
    for time_s in (*times, *map(_second, route.breaks)):
        if not is_whole(time_s):
            yield Broken(rule="not_whole", route=number, part="times")
    yield from _strange_shape(problem, number, route)


def _strange_shape(problem: RoutingProblem, number: int, route: Route) -> Iterator[Broken]:
    """A route of nothing, lists that do not fit each other, loadings without a place."""
    loadings = sum(map(_reload, route.tasks))
    if loadings == len(route.tasks):
        yield Broken(rule="empty", amount=1, route=number)
    if off := abs(len(route.tasks) - len(route.starts_s)):
        yield Broken(rule="starts", amount=off, route=number)
    if route.ends_s and (off := abs(len(route.tasks) - len(route.ends_s))):
        yield Broken(rule="ends", amount=off, route=number)
    if loadings and _row(route.vehicle, len(problem.vehicles)):
        vehicle = int(route.vehicle)
        if problem.vehicles.reload[vehicle] == NONE:
            yield Broken(rule="reload", amount=loadings, route=number, vehicle=vehicle)


def _strange_lists(problem: RoutingProblem, solution: RoutingSolution) -> Iterator[Broken]:
    """Rows of lists that do not exist, and a list of patterns that is not one for each customer."""
    for listed, count, part in (
        (solution.unserved, len(problem.requests), "unserved_list"),
        (solution.uncovered, len(problem.covering), "uncovered_list"),
    ):
        for row in listed:
            if not _row(row, count):
                yield Broken(rule="unknown", amount=_amount(row), part=part)
    for each in solution.missing:
        if not _named(problem, each):
            yield Broken(rule="unknown", amount=_amount(each), part="missing_list")
    customers = _customers(problem)
    if off := abs(len(solution.patterns) - customers):
        yield Broken(rule="patterns", amount=off, part="pattern_list")
    for customer in range(min(customers, len(solution.patterns))):
        if _pattern(problem, solution, customer) is None:
            amount = _amount(solution.patterns[customer])
            yield Broken(rule="unknown", amount=amount, customer=customer, part="pattern_list")


def _customers(problem: RoutingProblem) -> int:
    return problem.patterns.customers


def _pattern(problem: RoutingProblem, solution: RoutingSolution, customer: int) -> int | None:
    """The pattern a customer is said to have, None if it is none of the customer's."""
    row: object = solution.patterns[customer] if customer < len(solution.patterns) else None
    if isinstance(row, Integral) and row == NONE:
        return NONE
    if not isinstance(row, Integral) or not _row(row, len(problem.patterns)):
        return None
    return int(row) if problem.patterns.customer[int(row)] == customer else None


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
    """Whether this is a request, a group or a customer that exists."""
    match named:
        case ("request", row):
            return _row(row, len(problem.requests))
        case ("group", row):
            return _row(row, len(problem.groups))
        case ("customer", row):
            return _row(row, problem.patterns.customers)
        case ("cover", row):
            return _row(row, len(problem.covering))
    return False


def _reload(task: object) -> bool:
    """Whether this entry of a route is a loading."""
    return isinstance(task, Integral) and task == RELOAD


def _first(pair: object) -> object:
    """The row of a break, None if it has no time."""
    return pair[0] if isinstance(pair, tuple) and len(pair) == 2 else None


def _second(pair: object) -> object:
    """The time of a break, 0 if it is no pair: its row tells."""
    return pair[1] if isinstance(pair, tuple) and len(pair) == 2 else 0
