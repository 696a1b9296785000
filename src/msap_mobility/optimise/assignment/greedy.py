"""The rule of thumb everything else is measured against: best gain first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from msap_mobility.compiled import kernel
from msap_mobility.optimise.assignment.flow import Limits

if TYPE_CHECKING:
    from msap_mobility.optimise.arrays import Int64
    from msap_mobility.optimise.assignment.edges import Edges

__all__ = ["best_first"]


@kernel("int64(int64[::1], int64[::1], int64[::1], int64[::1], int64[:, ::1], int64[::1])")
def _take(
    driver: Int64, rider: Int64, gain: Int64, seats: Int64, costs: Int64, taken: Int64
) -> int:
    """Take each edge, in the order given, that two free ends and its gain allow; their value."""
    rides = np.zeros(seats.shape[0], np.int64)
    value = 0
    for edge in range(driver.shape[0]):
        who, by = rider[edge], driver[edge]
        if taken[who] >= 0 or rides[by] >= seats[by]:
            continue
        row = by if costs.shape[0] > 1 else 0
        cost = costs[row, min(rides[by], costs.shape[1] - 1)]
        if gain[edge] > cost:
            taken[who] = edge
            rides[by] += 1
            value += gain[edge] - cost
    return value


def best_first(
    edges: Edges, *, drivers: int, riders: int, seats: Any = None, driver_costs: Any = None
) -> tuple[Int64, int]:
    """Assign by falling gain, ties by driver, then rider; never take anything back.

    Parameters
    ----------
    edges, drivers, riders, seats, driver_costs
        As for `flow.assign`. An edge is passed over if its gain is not above the cost of the
        driver's next ride.

    Returns
    -------
    edge
        The edges chosen, rising.
    value
        Their gain less the drivers' costs.

    Raises
    ------
    InputError
        As `flow.assign`.

    Examples
    --------
    >>> from msap_mobility.optimise.assignment.edges import Edges
    >>> edges = Edges.of(driver=[0, 0, 1], rider=[0, 1, 1], gain=[4, 5, 3])
    >>> best_first(edges, drivers=2, riders=2)
    (array([1]), 5)
    """
    limits = Limits.of(edges, drivers, riders, seats, driver_costs)
    order = np.lexsort((edges.rider, edges.driver, -edges.gain))
    taken = np.full(riders, -1, dtype=np.int64)
    value = _take(
        edges.driver[order],
        edges.rider[order],
        edges.gain[order],
        limits.seats,
        limits.costs,
        taken,
    )
    return np.sort(order[taken[taken >= 0]]), int(value)
