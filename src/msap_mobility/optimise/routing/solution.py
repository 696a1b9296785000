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
        In driving order.
    departure_s, arrival_s
        When it leaves its start and is back at its end (or done with its last task).
    starts_s
        When each task begins.
    """

    vehicle: int
    tasks: tuple[int, ...]
    departure_s: int
    starts_s: tuple[int, ...]
    arrival_s: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What a plan costs, part by part, in the caller's unit.

    Parameters
    ----------
    fixed, distance, time, overtime, balance
        Of all routes, see `Vehicles` and `Objective`.
    unserved
        Prizes of optional requests, alternatives of groups too, that are not served.

    Examples
    --------
    >>> Cost(fixed=10, distance=32, time=0, overtime=0, balance=0, unserved=5).total
    47
    """

    fixed: int
    distance: int
    time: int
    overtime: int
    balance: int
    unserved: int

    @property
    def total(self) -> int:
        """Their sum."""
        routes = self.fixed + self.distance + self.time + self.overtime + self.balance
        return routes + self.unserved


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
        Rows of what had to be served and is not: requests first, then groups, as
        ``("request", row)`` or ``("group", row)``. Empty: every rule is kept.
    cost
        Of the routes and the unserved.
    engine
        Who found it.
    iterations
        Done by each start.
    cooling
        Of each start the iterations of each stretch of cooling: with them and the seed the plan is
        found again (this library's engine only).
    bound
        No plan costs less, or None if nothing is known.
    """

    routes: tuple[Route, ...]
    unserved: tuple[int, ...]
    missing: tuple[tuple[str, int], ...]
    cost: Cost
    engine: str
    iterations: tuple[int, ...] = ()
    cooling: tuple[tuple[int, ...], ...] = ()
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
