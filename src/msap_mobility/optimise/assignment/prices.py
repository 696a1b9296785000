"""Shortest paths in what an optimal flow leaves over: the prices that prove it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from msap_mobility.compiled import kernel

if TYPE_CHECKING:
    from msap_mobility.optimise.arrays import Int64

__all__ = ["FAR", "dual_prices"]

FAR = 1 << 60
"""A price nothing limits."""

_EDGES = "int64[::1], int64[::1], int64[::1]"


@kernel(f"boolean({_EDGES}, int64[::1], int64[::1], int64[::1])")
def _driver_prices(
    start: Int64, rider: Int64, gain: Int64, owner: Int64, paid: Int64, price: Int64
) -> bool:
    """Lower the prices of drivers until no path is shorter: Bellman and Ford with a queue.

    A rider costs the ground nothing (leave them out) and a driver `gain` less than their price
    (take them over); the rider's own driver then is one ride short, worth `paid` to them.
    """
    drivers = start.shape[0] - 1
    worth = np.zeros(owner.shape[0], np.int64)
    queue = np.empty(drivers, np.int64)
    queued = price < FAR
    entered = np.zeros(drivers, np.int64)
    head, count = 0, 0
    for driver in range(drivers):
        if queued[driver]:
            queue[count] = driver
            count += 1
    while count > 0:
        driver = queue[head]
        head = (head + 1) % drivers
        count -= 1
        queued[driver] = False
        for edge in range(start[driver], start[driver + 1]):
            who = rider[edge]
            other = owner[who]
            if other < 0 or other == driver or gain[edge] - price[driver] <= worth[who]:
                continue
            worth[who] = gain[edge] - price[driver]
            if paid[who] - worth[who] >= price[other]:
                continue
            price[other] = paid[who] - worth[who]
            if queued[other]:
                continue
            entered[other] += 1
            if entered[other] > drivers:
                return False
            queued[other] = True
            queue[(head + count) % drivers] = other
            count += 1
    return True


@kernel(f"boolean({_EDGES}, int64[::1], int64[::1], int64[::1], int64[::1])")
def dual_prices(
    start: Int64,
    rider: Int64,
    gain: Int64,
    partner: Int64,
    free: Int64,
    driver_price: Int64,
    rider_price: Int64,
) -> bool:
    """Prices under which no edge is worth more than its two ends cost.

    Of all such prices that prove an optimal assignment, the greatest for drivers and the least
    for riders: what would be lost without one more seat, and what one more like this rider adds.

    Parameters
    ----------
    start, rider, gain
        The edges as CSR by driver.
    partner
        Per rider, the edge chosen, or −1.
    free
        Per driver, the cost of one more ride, or `FAR` if there is no seat left.
    driver_price, rider_price
        Filled.

    Returns
    -------
    bool
        False if prices would fall for ever: the assignment was not optimal.
    """
    drivers, riders = start.shape[0] - 1, partner.shape[0]
    owner = np.full(riders, -1, np.int64)
    paid = np.zeros(riders, np.int64)
    driver_price[:] = free
    for driver in range(drivers):
        for edge in range(start[driver], start[driver + 1]):
            if partner[rider[edge]] == edge:
                owner[rider[edge]] = driver
                paid[rider[edge]] = gain[edge]
                driver_price[driver] = min(driver_price[driver], gain[edge])
    if drivers > 0 and not _driver_prices(start, rider, gain, owner, paid, driver_price):
        return False
    rider_price[:] = 0
    for driver in range(drivers):
        for edge in range(start[driver], start[driver + 1]):
            over = gain[edge] - driver_price[driver]
            rider_price[rider[edge]] = max(rider_price[rider[edge]], over)
    for driver in range(drivers):
        if driver_price[driver] == FAR:  # no seat at all: any price will do
            driver_price[driver] = 0
            for edge in range(start[driver], start[driver + 1]):
                over = gain[edge] - rider_price[rider[edge]]
                driver_price[driver] = max(driver_price[driver], over)
    return True
