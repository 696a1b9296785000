"""An assignment nobody can quarrel with: deferred acceptance (Gale and Shapley 1962)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from msap_mobility.compiled import kernel
from msap_mobility.errors import Faults
from msap_mobility.optimise.arrays import as_int64, whole
from msap_mobility.optimise.assignment.flow import Limits

if TYPE_CHECKING:
    from msap_mobility.optimise.arrays import Int64
    from msap_mobility.optimise.assignment.edges import Edges

__all__ = ["stable"]


@kernel("void(int64[::1], int64[::1], int64[::1], int64[::1], int64[::1])")
def _defer(start: Int64, driver: Int64, rank: Int64, seats: Int64, partner: Int64) -> None:
    """Each rider asks down their list; a full driver keeps those of least `rank`.

    A driver's riders stand in a chain, so that the one kept least gladly is found by walking it.
    """
    riders = start.shape[0] - 1
    asked = start[:-1].copy()
    first = np.full(seats.shape[0], -1, np.int64)  # rider
    following = np.full(riders, -1, np.int64)
    aboard = np.zeros(seats.shape[0], np.int64)
    for newcomer in range(riders):
        rider = newcomer
        while rider >= 0 and asked[rider] < start[rider + 1]:
            edge = asked[rider]
            asked[rider] += 1
            by = driver[edge]
            if seats[by] == 0:
                continue
            partner[rider] = edge
            following[rider] = first[by]
            first[by] = rider
            aboard[by] += 1
            if aboard[by] <= seats[by]:
                break
            worst, other = rider, following[rider]
            while other >= 0:
                if rank[partner[other]] > rank[partner[worst]]:
                    worst = other
                other = following[other]
            if first[by] == worst:
                first[by] = following[worst]
            else:
                other = first[by]
                while following[other] != worst:
                    other = following[other]
                following[other] = following[worst]
            aboard[by] -= 1
            partner[worst] = -1
            rider = worst


def stable(edges: Edges, rider_gain: Any, *, drivers: int, riders: int, seats: Any = None) -> Int64:
    """Assign so that no driver and rider would both rather have each other.

    Riders ask: of all stable assignments each rider gets the best they have in any.

    Parameters
    ----------
    edges
        `Edges.gain` is what the ride is worth to the driver.
    rider_gain
        What it is worth to the rider. An edge with a gain of 0 or less on either side is refused.
    drivers, riders, seats
        As for `flow.assign`.

    Returns
    -------
    Int64
        The edges chosen, rising. Equal gains are ranked by index: a driver prefers the lower rider,
        a rider the lower driver.

    Raises
    ------
    InputError
        As `flow.assign`.

    Examples
    --------
    >>> from msap_mobility.optimise.assignment.edges import Edges
    >>> edges = Edges.of(driver=[0, 0, 1], rider=[0, 1, 1], gain=[4, 5, 3])
    >>> stable(edges, [9, 9, 1], drivers=2, riders=2)
    array([1])
    """
    limits = Limits.of(edges, drivers, riders, seats, None)
    wanted = as_int64(rider_gain)
    with Faults() as faults:
        whole(faults, "rider_gain", wanted, (len(edges),))
    kept = np.flatnonzero((edges.gain > 0) & (wanted > 0))
    driver, rider = edges.driver[kept], edges.rider[kept]
    order = np.lexsort((driver, -wanted[kept], rider))
    rank = np.empty(len(kept), dtype=np.int64)
    rank[np.lexsort((np.arange(len(kept)), rider, -edges.gain[kept], driver))] = np.arange(
        len(kept)
    )
    start = np.concatenate([[0], np.cumsum(np.bincount(rider, minlength=riders))])
    partner = np.full(riders, -1, dtype=np.int64)
    _defer(start, driver[order], rank[order], limits.seats, partner)
    return np.sort(kept[order[partner[partner >= 0]]])
