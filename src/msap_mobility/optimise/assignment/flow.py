"""The assignment of riders to drivers that gains most, with its proof: a minimum-cost flow.

The ground sends each driver as many units as they take riders, each along an arc of its own whose
cost may rise with the number of rides; a unit goes on to a rider and back to the ground. Costs that
rise are convex, so the flow fills the cheap arcs first. Seats of one driver are independent here: a
driver's riders are *not* known to fit one joint trip (see `groups`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from msap_mobility.errors import BrokenInvariant, Faults
from msap_mobility.optimise.arrays import Int64, as_int64, whole
from msap_mobility.optimise.assignment.edges import Edges
from msap_mobility.optimise.assignment.prices import FAR, dual_prices

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["Assignment", "Limits", "assign"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Assignment:
    """The best assignment, and the prices that prove it.

    Parameters
    ----------
    edge
        int64: the edges chosen, as indices into those given, rising.
    partner
        int64 per rider: the edge that serves them, −1 if none does.
    value
        Gain of the edges chosen less the costs of the drivers' rides.
    bound
        Value of the prices as a dual solution: no assignment can be worth more.
    driver_price, rider_price
        int64: no edge gains more than its two prices add up to. What the assignment would lose if
        the driver could take one ride less (before that ride's cost), and what one more rider with
        the same edges would add.
    """

    edge: Int64
    partner: Int64
    value: int
    bound: int
    driver_price: Int64
    rider_price: Int64

    @property
    def proven(self) -> bool:
        """Whether value and bound are equal, in whole units."""
        return self.value == self.bound


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Limits:
    """How many rides each driver may give, and at what cost.

    Parameters
    ----------
    seats
        int64 per driver.
    costs
        int64 (drivers, n) or (1, n) for all alike: cost of a driver's first, second … ride, never
        falling; rides beyond the list cost like its last.
    """

    seats: Int64
    costs: Int64

    @classmethod
    def of(cls, edges: Edges, drivers: int, riders: int, seats: Any, costs: Any) -> Limits:
        """Checked; seats default to 1, costs to nothing.

        Raises
        ------
        InputError
            See `assign`.
        """
        own = as_int64(np.ones(drivers) == 1 if seats is None else seats)
        rising = as_int64([[0]] if costs is None else costs)
        if rising.ndim == 1:
            rising = rising[np.newaxis]
        with Faults() as faults:
            whole(faults, "driver", edges.driver, (-1,), least=0, most=drivers - 1)
            whole(faults, "rider", edges.rider, (-1,), least=0, most=riders - 1)
            whole(faults, "seats", own, (drivers,), least=0, most=2**31 - 1)
            rows = 1 if len(rising) == 1 else drivers
            if rising.size == 0 and rows > 0:
                whole(faults, "driver_costs", rising, (rows, 1))
            elif whole(faults, "driver_costs", rising, (rows, -1), least=0):
                falls = np.argwhere(np.diff(rising, axis=1) < 0)
                if len(falls):
                    row, column = falls[0]
                    value = int(rising[row, column + 1])
                    faults.add("array_not_rising", column="driver_costs", value=value)
        return cls(seats=own, costs=rising)

    def cost(self, driver: Int64, ride: Int64) -> Int64:
        """Cost of the `ride`-th ride (from 0) of each driver of an array."""
        row = driver if len(self.costs) > 1 else np.zeros_like(driver)
        column = np.minimum(ride, self.costs.shape[1] - 1)
        return np.asarray(self.costs[row, column], dtype=np.int64)

    def total(self, rides: Int64) -> int:
        """Cost of so many rides of each driver."""
        driver = np.repeat(np.arange(len(rides)), rides)
        return int(self.cost(driver, _counted(rides)).sum())


def assign(
    edges: Edges,
    *,
    drivers: int,
    riders: int,
    seats: Any = None,
    driver_costs: Any = None,
) -> Assignment:
    """Assign riders to drivers so that the sum of gains, less the drivers' costs, is greatest.

    Parameters
    ----------
    edges
        The rides that are possible.
    drivers, riders
        How many there are.
    seats
        Whole number per driver: how many riders they take at most; 1 if not given.
    driver_costs
        Whole numbers ≥ 0 that never fall: the cost of a driver's first, second … ride, for all
        drivers or a row each. They spread the rides over drivers.

    Returns
    -------
    Assignment
        Always proven.

    Raises
    ------
    InputError
        ``array_shape``, ``array_not_whole``, ``array_outside``, ``array_not_rising``.

    Notes
    -----
    The order in which edges are given never matters: they are put in order of driver, then rider,
    then falling gain before the flow is sought, and the search for it has no randomness. So of
    several assignments worth the same, one set of edges always gives the same one.

    Examples
    --------
    >>> edges = Edges.of(driver=[0, 0, 1], rider=[0, 1, 1], gain=[5, 4, 2])
    >>> found = assign(edges, drivers=2, riders=2)
    >>> found.value, found.edge.tolist(), found.proven
    (7, [0, 2], True)
    """
    limits = Limits.of(edges, drivers, riders, seats, driver_costs)
    order = _in_order(edges, riders)
    order = order[edges.gain[order] > 0]
    sorted_edges = Edges(
        driver=edges.driver[order], rider=edges.rider[order], gain=edges.gain[order]
    )
    taken = _flow(sorted_edges, drivers, riders, limits)
    rides = np.bincount(sorted_edges.driver[taken], minlength=drivers)
    partner = np.full(riders, -1, dtype=np.int64)
    partner[sorted_edges.rider[taken]] = np.flatnonzero(taken)
    driver_price, rider_price = _prices(sorted_edges, partner, rides, limits)
    value = int(sorted_edges.gain[taken].sum()) - limits.total(rides)
    partner[partner >= 0] = order[partner[partner >= 0]]
    return Assignment(
        edge=np.sort(order[taken]),
        partner=partner,
        value=value,
        bound=_bound(driver_price, rider_price, limits),
        driver_price=driver_price,
        rider_price=rider_price,
    )


def _in_order(edges: Edges, riders: int) -> Int64:
    """The edges by driver, then rider, then falling gain."""
    pair = edges.driver * max(riders, 1) + edges.rider
    order = np.argsort(pair, kind="stable")
    if (np.diff(pair[order]) == 0).any():  # rare, and the full sort takes thrice as long
        order = np.lexsort((-edges.gain, pair))
    return order


def _flow(edges: Edges, drivers: int, riders: int, limits: Limits) -> NDArray[np.bool_]:
    """Which edges a cheapest flow uses."""
    if len(edges) == 0:
        return np.zeros(0, dtype=np.bool_)
    from ortools.graph.python import min_cost_flow  # noqa: PLC0415 - heavy

    lanes = np.minimum(limits.seats, np.bincount(edges.driver, minlength=drivers))
    rising = limits.costs.shape[1] > 1
    lane_driver = np.repeat(np.arange(drivers), lanes) if rising else np.flatnonzero(lanes)
    lane_seats = np.ones_like(lane_driver) if rising else lanes[lane_driver]
    ride = _counted(lanes) if rising else np.zeros_like(lane_driver)
    ground, sink = drivers + riders, drivers + riders + 1
    there = np.unique(edges.rider)
    flow = min_cost_flow.SimpleMinCostFlow()

    def add(tail: Any, head: Any, capacity: Any, cost: Any) -> Any:
        tail, head, capacity, cost = np.broadcast_arrays(tail, head, capacity, cost)
        return flow.add_arcs_with_capacity_and_unit_cost(tail, head, capacity, cost)

    add(ground, lane_driver, lane_seats, limits.cost(lane_driver, ride))
    pairs = add(edges.driver, drivers + edges.rider, 1, -edges.gain)
    add(drivers + there, sink, 1, 0)
    add([ground], sink, len(there), 0)
    flow.set_node_supply(ground, len(there))
    flow.set_node_supply(sink, -len(there))
    status = flow.solve()
    if status != flow.OPTIMAL:
        raise BrokenInvariant("a minimum-cost flow is found", status=str(status))
    return np.asarray(flow.flows(pairs) > 0, dtype=np.bool_)


def _counted(numbers: Int64) -> Int64:
    """0, 1, … n − 1 for each n of `numbers`, one after the other."""
    ends = np.cumsum(numbers)
    total = int(ends[-1]) if len(ends) else 0
    return np.arange(total) - np.repeat(ends - numbers, numbers)


def _prices(edges: Edges, partner: Int64, rides: Int64, limits: Limits) -> tuple[Int64, Int64]:
    drivers = len(limits.seats)
    start = np.concatenate([[0], np.cumsum(np.bincount(edges.driver, minlength=drivers))])
    free = np.where(rides < limits.seats, limits.cost(np.arange(drivers), rides), FAR)
    driver_price = np.empty(drivers, dtype=np.int64)
    rider_price = np.empty(len(partner), dtype=np.int64)
    if not dual_prices(start, edges.rider, edges.gain, partner, free, driver_price, rider_price):
        raise BrokenInvariant("an optimal assignment has prices")
    return driver_price, rider_price


def _bound(driver_price: Int64, rider_price: Int64, limits: Limits) -> int:
    """Value of the dual solution: riders' prices, and what seats earn above their cost."""
    drivers, listed = len(limits.seats), limits.costs.shape[1]
    total = int(rider_price.sum())
    for ride in range(listed):
        seats = np.clip(limits.seats - ride, 0, 1 if ride < listed - 1 else None)
        cost = limits.cost(np.arange(drivers), np.full(drivers, ride))
        total += sum((seats * np.maximum(0, driver_price - cost)).tolist())
    return total
