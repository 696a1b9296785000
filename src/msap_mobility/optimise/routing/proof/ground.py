"""A problem as its proof sees it: stops, customers to reach, arcs that cost and use things up."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from msap_mobility.optimise.routing.problem import ANY_DAY, ANYWHERE, MANDATORY, UNLIMITED
from msap_mobility.optimise.routing.proof.scope import dear, useful

if TYPE_CHECKING:
    from msap_mobility.optimise.arrays import Int64
    from msap_mobility.optimise.routing.problem import RoutingProblem

__all__ = ["Bools", "Ground", "Kind", "ground_of"]

Bools = np.ndarray[Any, np.dtype[np.bool_]]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Kind:
    """A type of vehicle and the arcs it drives.

    Parameters
    ----------
    vehicle, count, fixed
        Row of `Vehicles`, how many there are, what using one costs.
    cost
        int64 (N + 1, N + 1): from row to column; from the start in the last row, to the end in the
        last column.
    use, limit
        int64 (R, N + 1, N + 1) and (R,): what arcs use up, services and loads where they lead, and
        the most a route may. Row 0 counts stops; what can never bind is left out.
    timed
        The row of `use` that holds seconds, −1 if none costs more than another.
    shift_s, per_overtime_s
        From when on a second costs more, and how much.
    """

    vehicle: int
    count: int
    fixed: int
    cost: Int64
    use: Int64
    limit: Int64
    timed: int
    shift_s: int
    per_overtime_s: int

    @property
    def stops(self) -> int:
        """Number of stops."""
        return len(self.cost) - 1

    def without(self, stop: int) -> Kind:
        """The same, but it cannot come to a stop."""
        use = self.use.copy()
        use[0, :, stop] = self.limit[0] + 1
        return replace(self, use=use)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Ground:
    """What is asked of routes together.

    Parameters
    ----------
    stops
        int64 (N,): the request of each.
    must
        bool (N,): whether it has to be visited.
    prize
        int64 (N,): what visiting one that need not be saves.
    covers
        bool (N, U): which customers come to which stop.
    worth
        int64 (U,): what leaving each out costs. Who reaches most stops comes first.
    dear
        What leaving out costs that must not be.
    kinds
        Types of vehicle there are.
    constant
        Of the cost of every plan: all prizes of `prize`.
    routes
        The least and the most there may be.
    """

    stops: Int64
    must: Bools
    prize: Int64
    covers: Bools
    worth: Int64
    dear: int
    kinds: tuple[Kind, ...]
    constant: int
    routes: tuple[int, int]

    def with_routes(self, least: int, most: int) -> Ground:
        """The same, of fewer numbers of routes."""
        return replace(self, routes=(least, most))

    def with_stop(self, stop: int) -> Ground:
        """The same, a stop visited for sure."""
        must = self.must.copy()
        must[stop] = True
        return replace(self, must=must)

    def without_stop(self, stop: int) -> Ground:
        """The same, a stop visited by nobody."""
        return replace(self, kinds=tuple(kind.without(stop) for kind in self.kinds))


def ground_of(problem: RoutingProblem, *, every_customer: bool = False) -> Ground:
    """The ground of a problem.

    Who comes to the same stops is one customer, and one who must be covered and reaches all that
    another such reaches needs no thought: covering the other covers both.

    Parameters
    ----------
    problem
        Of which `scope.unprovable` names nothing.
    every_customer
        Whether the customers that need no thought stay. They count where somebody cannot be.
    """
    stops = np.array(useful(problem), dtype=np.int64)
    prize = problem.requests.prize[stops]
    price = dear(problem)
    covers, worth = _customers(problem, stops, price)
    if not every_customer:
        keep = _not_implied(covers, worth >= price)
        covers, worth = covers[:, keep], worth[keep]
    kinds = [
        _kind(problem, stops, row)
        for row in range(len(problem.vehicles))
        if problem.vehicles.count[row] > 0
        and problem.vehicles.earliest_s[row] <= problem.vehicles.latest_s[row]
    ]
    return Ground(
        stops=stops,
        must=prize == MANDATORY,
        prize=prize.clip(min=0),
        covers=covers,
        worth=worth,
        dear=price,
        kinds=tuple(kinds),
        constant=int(prize.clip(min=0).sum()),
        routes=(0, min(len(stops), sum(kind.count for kind in kinds))),
    )


def _customers(problem: RoutingProblem, stops: Int64, price: int) -> tuple[Bools, Int64]:
    """Which customers come where, and what each is worth; those of one reach are one."""
    worth: dict[frozenset[int], int] = {}
    for row, prize in enumerate(problem.covering.prize.tolist()):
        reach = frozenset(problem.covering.reach_of(row))
        worth[reach] = worth.get(reach, 0) + (price if prize == MANDATORY else prize)
    reaches = sorted((reach for reach, value in worth.items() if value > 0), key=len, reverse=True)
    covers = np.array([[row in reach for reach in reaches] for row in stops.tolist()], dtype=bool)
    values = np.array([worth[reach] for reach in reaches], dtype=np.int64)
    return covers.reshape(len(stops), len(reaches)), values


def _not_implied(covers: Bools, must: Bools) -> Bools:
    """Customers who are not covered as soon as another is who must be."""
    fewer = covers.sum(axis=0)
    keep = np.ones(len(must), dtype=np.bool_)
    for row in np.flatnonzero(must):
        within = ~(covers & ~covers[:, [row]]).any(axis=0)  # whose reach lies in that of `row`
        keep[row] = not (within & must & (fewer < fewer[row])).any()
    return keep


def _kind(problem: RoutingProblem, stops: Int64, row: int) -> Kind:
    fleet, tasks = problem.vehicles, problem.tasks
    task = problem.requests.task[stops]
    at, profile = tasks.place[task], int(fleet.profile[row])
    ends = int(fleet.start[row]), int(fleet.end[row])
    distance = _arcs(problem.distance[profile], at, *ends)
    lasting = _arcs(problem.duration_s[profile], at, *ends)
    lasting[:, :-1] += tasks.service_s[task]
    shift_s, overtime_s = int(fleet.shift_s[row]), int(fleet.overtime_s[row])
    longest_s = UNLIMITED if UNLIMITED in (shift_s, overtime_s) else shift_s + overtime_s
    longest_s = min(longest_s, int(fleet.latest_s[row] - fleet.earliest_s[row]))
    use = [_on_entering(np.ones(len(stops), dtype=np.int64)), distance, lasting]
    limit = [min(int(fleet.max_stops[row]), len(stops)), int(fleet.max_distance[row]), longest_s]
    for dimension, room in enumerate(fleet.capacity[row].tolist()):
        use.append(_on_entering(abs(tasks.load[task, dimension])))
        limit.append(room)
    use[0][:, :-1][:, ~_served(problem, stops, row)] = limit[0] + 1
    binds = [0, *(at for at in range(1, len(use)) if _most(use[at]) > limit[at])]
    late = bool(fleet.per_overtime_s[row] > 0 and _most(lasting) > shift_s)
    if late and 2 not in binds:  # of two partial routes the shorter may be worth more
        binds.append(2)
    linear = int(fleet.per_distance[row]) * distance + int(fleet.per_s[row]) * lasting
    return Kind(
        vehicle=row,
        count=int(min(fleet.count[row], len(stops))),
        fixed=int(fleet.fixed[row]),
        cost=np.ascontiguousarray(linear),
        use=np.ascontiguousarray([use[at] for at in binds]),
        limit=np.array([limit[at] for at in binds], dtype=np.int64),
        timed=binds.index(2) if late else -1,
        shift_s=shift_s,
        per_overtime_s=int(fleet.per_overtime_s[row]),
    )


def _arcs(matrix: Any, at: Any, start: int, end: int) -> Int64:
    """Ways between stops, from the start, to the end; none to an open end."""
    rows, columns = np.append(at, start), np.append(at, max(end, 0))
    arcs: Int64 = matrix[np.ix_(rows, columns)].astype(np.int64)
    if end == ANYWHERE:
        arcs[:, -1] = 0
    return arcs


def _on_entering(amount: Int64) -> Int64:
    """What every way to a stop uses up."""
    arcs: Int64 = np.zeros((len(amount) + 1, len(amount) + 1), dtype=np.int64)
    arcs[:, :-1] = amount
    return arcs


def _served(problem: RoutingProblem, stops: Int64, row: int) -> Bools:
    """Stops that vehicles of a type may serve."""
    requests, fleet = problem.requests, problem.vehicles
    skilled = (requests.skills[stops] & ~fleet.skills[row]) == 0
    day = requests.day[stops]
    served: Bools = skilled & ((day == ANY_DAY) | (day == fleet.day[row]))
    return served


def _most(use: Int64) -> int:
    """No route uses more."""
    return int(use.max(axis=0).sum())
