"""Trips of a day as columns of a set packing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

import numpy as np

from msap_mobility.carpool.passages import BACK
from msap_mobility.optimise.assignment.packing import Columns, pack

if TYPE_CHECKING:
    from msap_mobility.carpool.solving import Task
    from msap_mobility.carpool.trips import Trips
    from msap_mobility.carpool.ways import Int64
    from msap_mobility.optimise.assignment.packing import Packing

__all__ = ["Packed"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Packed:
    """Trips as columns; drivers with several offers have one of each for each ride they give.

    Parameters
    ----------
    trip
        Number of the trip of each column.
    ride
        Whether it would be its driver's first ride, second …, counted from 0.
    columns
        What is packed.
    several
        Drivers of whom that counts.
    """

    trip: Int64
    ride: Int64
    columns: Columns
    several: tuple[str, ...]

    @classmethod
    def of(cls, task: Task, trips: Trips, rows: Int64) -> Self:
        """Those of some rows of `trips` in which somebody rides who was not promised."""
        held = np.zeros(len(task.problem.passages.leg_kind), dtype=np.bool_)
        base = np.zeros(len(task.problem.offers), dtype=np.int64)
        for offer, each in task.held.items():
            held[list(each.legs)] = True
            base[offer] = task.base[offer] - task.cost[offer]  # asked already
        free = (trips.leg[rows] >= 0) & ~held[trips.leg[rows]]
        rows = rows[free.any(axis=1)]
        offers = task.problem.offers
        many = {
            driver: sum(
                offer.driver == driver for n, offer in enumerate(offers) if n not in task.held
            )
            for driver in sorted(task.several)
        }
        drivers = [offer.driver for offer in offers]
        slots = np.array([many.get(driver, 1) for driver in drivers], dtype=np.int64)
        slots[list(task.held)] = 1
        count = slots[trips.offer[rows]]
        trip = np.repeat(rows, count)
        ride = np.arange(len(trip)) - np.repeat(np.cumsum(count) - count, count)
        legs = trips.leg[trip]
        free = (legs >= 0) & ~held[legs]
        return cls(
            trip=trip,
            ride=ride,
            several=tuple(many),
            columns=Columns(
                driver=trips.offer[trip],
                start=np.concatenate([[0], np.cumsum(free.sum(axis=1))]).astype(np.int64),
                rider=legs[free],
                gain=trips.gain[trip] - base[trips.offer[trip]] - task.terms.each_s * ride,
            ),
        )

    def pack(self, task: Task, sets: list[Int64]) -> Packing:
        """The best choice of trips, no two of them in one of the sets."""
        passages = task.problem.passages
        out = np.flatnonzero(passages.leg_kind == BACK) - BACK
        taken = {leg for each in task.frozen.values() for leg in each.legs}
        both = [(leg, leg + BACK) for leg in out.tolist() if not {leg, leg + BACK} & taken]
        at_most_one = [np.flatnonzero(np.isin(self.trip, one)) for one in sets]
        drivers = np.array([offer.driver for offer in task.problem.offers])
        for driver in self.several:
            mine = drivers[self.columns.driver] == driver
            rides = range(int(self.ride[mine].max(initial=-1)) + 1)
            at_most_one += [np.flatnonzero(mine & (self.ride == ride)) for ride in rides]
        return pack(
            self.columns,
            drivers=len(task.problem.offers),
            riders=len(passages.leg_kind),
            budget=task.budget,
            should_stop=task.should_stop,
            both=both,
            at_most_one=[one.tolist() for one in at_most_one if len(one) > 1],
        )
