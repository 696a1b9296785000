"""What stops, customers and vehicles are worth, and what no plan can cost less than by that."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from msap_mobility.optimise.routing.proof.scope import MARKED, SCALE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from msap_mobility.optimise.arrays import Int64
    from msap_mobility.optimise.routing.proof.ground import Bools, Ground

__all__ = ["Bound", "Prices"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Prices:
    """Dual prices in whole multiples of 1/`SCALE`: any of the right signs bound every plan.

    Parameters
    ----------
    stop
        int64 (N,): paid to whoever visits, not above 0 where nobody must.
    customer
        int64 (U,): paid to whoever covers, from 0 to what leaving out costs.
    """

    stop: Int64
    customer: Int64

    @classmethod
    def of(cls, ground: Ground, dual: NDArray[np.float64]) -> Prices:
        """From the duals of the rows of `Program`, brought to their signs.

        Parameters
        ----------
        ground
            Of the program.
        dual
            float64 (N + U + K,).
        """
        most = np.where(ground.must, ground.dear, 0) * SCALE
        whole = np.rint(dual * SCALE).astype(np.int64)
        stops, customers = len(ground.stops), len(ground.worth)
        return cls(
            stop=np.minimum(whole[:stops], most),
            customer=whole[stops : stops + customers].clip(0, ground.worth * SCALE),
        )

    def at_every_visit(self, ground: Ground) -> Int64:
        """int64 (N,): what is paid at each stop as often as it is visited."""
        unmarked = ground.covers[:, MARKED:] @ self.customer[MARKED:]
        paid: Int64 = self.stop + ground.prize * SCALE + unmarked
        return paid

    def paid(self, ground: Ground, visits: Bools) -> Int64:
        """int64 (C,): what is paid to routes, bool (C, N), `MARKED` customers once."""
        once = (visits @ ground.covers[:, :MARKED]) @ self.customer[:MARKED]
        paid: Int64 = visits @ self.at_every_visit(ground) + once
        return paid

    def bound(self, ground: Ground, least: Int64) -> Bound:
        """What follows.

        Parameters
        ----------
        ground
            What is asked.
        least
            int64 (K,): no route of each kind costs less, what it is paid deducted.
        """
        value = int(self.stop.sum()) + int(self.customer.sum()) + ground.constant * SCALE
        fewest, left = ground.routes
        for cost, row in sorted(zip(least.tolist(), range(len(least)), strict=True)):
            count = min(ground.kinds[row].count, left if cost < 0 else max(fewest, 0))
            value += count * cost
            fewest, left = fewest - count, left - count
        return Bound(prices=self, least=least, value=value)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Bound:
    """Prices and what follows.

    Parameters
    ----------
    prices
        Of stops and customers.
    least
        int64 (K,): no route of a kind costs less, what it is paid deducted.
    value
        No plan costs less, in 1/`SCALE`.
    """

    prices: Prices
    least: Int64
    value: int
