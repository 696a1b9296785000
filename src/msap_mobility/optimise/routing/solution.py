"""What the routing engine answers."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Cost", "Route", "RoutingSolution"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """What one vehicle does, and when.

    Parameters
    ----------
    vehicle
        Row of `Vehicles`.
    tasks
        In driving order; `RELOAD` where the vehicle loads again.
    departure_s, arrival_s
        When it leaves its start, loaded, and is back at its end (or done with its last task, and
        with a break after it).
    starts_s
        When each task begins, and each loading.
    ends_s
        When each ends. Empty: every task takes its `service_s`, every loading its `reload_s`.
    breaks
        (row of `Breaks`, when it begins) of every break taken, in the order of time.

    Examples
    --------
    Two trips with a break after the second visit; the vehicle loads again from 400 to 460:

    >>> route = Route(
    ...     vehicle=0,
    ...     tasks=(3, -1, 5),
    ...     departure_s=0,
    ...     starts_s=(100, 400, 560),
    ...     ends_s=(300, 460, 700),
    ...     breaks=((0, 700),),
    ...     arrival_s=2000,
    ... )
    >>> route.tasks.count(-1) + 1
    2
    """

    vehicle: int
    tasks: tuple[int, ...]
    departure_s: int
    starts_s: tuple[int, ...]
    arrival_s: int
    ends_s: tuple[int, ...] = ()
    breaks: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What a plan costs, part by part, in the caller's unit.

    Parameters
    ----------
    fixed, distance, time, overtime, balance
        Of all routes, see `Vehicles` and `Objective`.
    unserved
        Prizes of what is optional and left out: requests, alternatives of groups too, customers
        of `Patterns`, and customers of `Covering`.
    patterns
        Prices of the patterns chosen.
    hours
        Visits of one customer at different hours (`Patterns.per_s_apart`), and tasks away from
        the hour wanted (`Tasks.per_s_off`).
    dwell
        Services shorter than their most (`Tasks.per_s_less`).

    Examples
    --------
    >>> Cost(fixed=10, distance=32, time=0, overtime=0, balance=0, unserved=5, hours=3).total
    50
    """

    fixed: int
    distance: int
    time: int
    overtime: int
    balance: int
    unserved: int
    patterns: int = 0
    hours: int = 0
    dwell: int = 0

    @property
    def total(self) -> int:
        """Their sum."""
        routes = self.fixed + self.distance + self.time + self.overtime + self.balance
        return routes + self.unserved + self.patterns + self.hours + self.dwell


@dataclass(frozen=True, slots=True, kw_only=True)
class RoutingSolution:
    """The best routes found.

    Parameters
    ----------
    routes
        Used vehicles only.
    unserved
        Requests in no route.
    missing
        Rows of what had to be served or covered and is not: requests first, then groups,
        customers of `Patterns` and customers of `Covering`, as ``("request", row)``,
        ``("group", row)``, ``("customer", row)`` or ``("cover", row)``. Empty: every rule is kept.
    cost
        Of the routes and of whoever is left out.
    engine
        Who found it.
    patterns
        Of each customer of `Patterns` the row of the pattern chosen, or `NONE`.
    uncovered
        Rows of `Covering` without a served request in reach.
    iterations
        Done by each start.
    cooling
        Of each start the iterations of each stretch of cooling as they were planned, 0 where a
        phase was over. A stretch is cut short when nobody is missing any more, or by a stop.
    recombined
        The routes of a better plan that each recombination found, as rows of the routes met until
        then; none: it found none. With `iterations`, `cooling` and the seed they let `solve` find
        the plan again (this library's engine only).
    bound
        No plan costs less, or None if nothing is known.
    """

    routes: tuple[Route, ...]
    unserved: tuple[int, ...]
    missing: tuple[tuple[str, int], ...]
    cost: Cost
    engine: str
    patterns: tuple[int, ...] = ()
    uncovered: tuple[int, ...] = ()
    iterations: tuple[int, ...] = ()
    cooling: tuple[tuple[int, ...], ...] = ()
    recombined: tuple[tuple[int, ...], ...] = ()
    bound: int | None = None

    @property
    def feasible(self) -> bool:
        """Whether all that had to be served is."""
        return not self.missing

    @property
    def gap(self) -> float | None:
        """How far the bound may be below, as a share of the cost; None without a bound."""
        if self.bound is None:
            return None
        return (self.cost.total - self.bound) / max(self.cost.total, 1)
