"""Breaks of drivers, whole and standing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from msap_mobility.optimise.routing.problem.columns import MOST_SECONDS, Columns, filled, int32
from msap_mobility.optimise.routing.problem.marks import UNLIMITED

if TYPE_CHECKING:
    from msap_mobility.errors import Faults
    from msap_mobility.optimise.arrays import Int32, Int64

__all__ = ["Breaks", "break_columns", "check_breaks"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Breaks:
    """B breaks, each taken at most once by every route of its type of vehicle.

    A break is taken whole and standing: between departure and return, but never within a task, a
    loading or a drive from one place to the next. A break that is not asked of a route may be
    taken all the same.

    Parameters
    ----------
    vehicle
        int32 (B,): row of `Vehicles`.
    duration_s
        int64 (B,): above 0.
    earliest_s, latest_s
        int64 (B,): it begins within this window.
    after_s
        int64 (B,): it begins no later than so long after departure, or `UNLIMITED`.
    if_longer_s
        int64 (B,): asked only of routes that last longer from departure to return; 0: of all.
    paid
        bool (B,): whether it counts as work; if not, neither `Vehicles.per_s` nor the shift,
        overtime or balance counts it.
    """

    vehicle: Int32
    duration_s: Int64
    earliest_s: Int64
    latest_s: Int64
    after_s: Int64
    if_longer_s: Int64
    paid: np.ndarray[Any, np.dtype[np.bool_]]

    @classmethod
    def of(
        cls,
        *,
        vehicle: Any = (),
        duration_s: Any = (),
        earliest_s: Any = None,
        latest_s: Any = None,
        after_s: Any = None,
        if_longer_s: Any = None,
        paid: Any = True,
    ) -> Breaks:
        """From sequences or single numbers; what is left out is at any time, of all, and paid.

        Examples
        --------
        Lunch between noon and one, unpaid; twenty minutes within six hours of leaving:

        >>> breaks = Breaks.of(
        ...     vehicle=[0, 0],
        ...     duration_s=[3600, 1200],
        ...     earliest_s=[43_200, 0],
        ...     latest_s=[46_800, 86_400],
        ...     if_longer_s=[0, 21_600],
        ...     after_s=[2**40, 20_400],
        ...     paid=[False, True],
        ... )
        >>> breaks.of_vehicle(0)
        (0, 1)
        """
        count = len(vehicle)
        return cls(
            vehicle=int32(vehicle),
            duration_s=filled(duration_s, count, 0),
            earliest_s=filled(earliest_s, count, 0),
            latest_s=filled(latest_s, count, UNLIMITED),
            after_s=filled(after_s, count, UNLIMITED),
            if_longer_s=filled(if_longer_s, count, 0),
            paid=np.array(np.broadcast_to(np.asarray(paid, dtype=np.bool_), (count,))),
        )

    def of_vehicle(self, row: int) -> tuple[int, ...]:
        """Rows of the breaks of a type of vehicle."""
        return tuple(np.flatnonzero(self.vehicle == row).tolist())

    def __len__(self) -> int:
        return len(self.vehicle)


def break_columns(breaks: Breaks, vehicles: int) -> Columns:
    """Shape, least and most of each column of numbers."""
    count = (len(breaks),)
    return {
        "vehicle": (count, 0, vehicles - 1),
        "duration_s": (count, 1, MOST_SECONDS),
        "earliest_s": (count, 0, UNLIMITED),
        "latest_s": (count, 0, UNLIMITED),
        "after_s": (count, 0, UNLIMITED),
        "if_longer_s": (count, 0, UNLIMITED),
    }


def check_breaks(faults: Faults, breaks: Breaks) -> None:
    """Windows whose first is no later than their last."""
    for row in np.flatnonzero(breaks.earliest_s > breaks.latest_s):
        window = f"{breaks.earliest_s[row]}–{breaks.latest_s[row]}"
        faults.add("routing_break_window", row=int(row), value=window)
