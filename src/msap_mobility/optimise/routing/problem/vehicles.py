"""Types of vehicle, and what is best besides what they cost."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

import numpy as np

from msap_mobility.optimise.arrays import Int32, Int64, as_int64
from msap_mobility.optimise.routing.problem.columns import MOST_SECONDS, Columns, filled, int32
from msap_mobility.optimise.routing.problem.marks import ANYWHERE, NONE, UNLIMITED

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Objective", "Vehicles", "vehicle_columns"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Vehicles:
    """V types of vehicle.

    Parameters
    ----------
    count
        int64 (V,): how many there are.
    start, end
        int32 (V,): places; `end` may be `ANYWHERE`.
    capacity
        int64 (V, D): most aboard at any time, or `UNLIMITED`.
    earliest_s, latest_s
        int64 (V,): it leaves no sooner, is back no later.
    shift_s, overtime_s
        int64 (V,): longest work, and how much longer it may last at `per_overtime_s`. Work is the
        time from departure to return without the breaks that are not paid.
    max_distance, max_stops
        int64 (V,): of one route; a stop is a task.
    skills
        int64 (V,): bits it has.
    profile
        int32 (V,): which of the K matrices it drives by.
    fixed
        int64 (V,): cost of using one at all.
    per_distance, per_s, per_overtime_s
        int64 (V,): cost of each unit of distance, of each second of work, and what a second
        beyond `shift_s` costs besides.
    day
        int32 (V,): the day it drives; its times are times of that day.
    reload, reload_s, max_trips
        int32 (V,), int64 (V,), int64 (V,): where it may load again, or `NONE`; how long that
        takes; how many trips it makes at most, the first one counted.
    """

    count: Int64
    start: Int32
    end: Int32
    capacity: Int64
    earliest_s: Int64
    latest_s: Int64
    shift_s: Int64
    overtime_s: Int64
    max_distance: Int64
    max_stops: Int64
    skills: Int64
    profile: Int32
    fixed: Int64
    per_distance: Int64
    per_s: Int64
    per_overtime_s: Int64
    day: Int32
    reload: Int32
    reload_s: Int64
    max_trips: Int64

    @classmethod
    def of(cls, *, count: Any, capacity: Any = None, **columns: Any) -> Vehicles:
        """From sequences or single numbers; what is left out is free and without limit.

        Parameters
        ----------
        count
            A number of each type.
        capacity
            (V, D), or flat for one dimension.
        **columns
            The other fields. Left out: both ends at place 0, cost 1 for each unit of distance,
            day 0, one trip.

        Examples
        --------
        >>> Vehicles.of(count=[2, 1], capacity=[10, 20], fixed=[0, 5]).per_distance.tolist()
        [1, 1]

        A van on each of two days, which may load again at place 0 twice a day:

        >>> Vehicles.of(count=[1, 1], day=[0, 1], reload=0, reload_s=600, max_trips=3).day.tolist()
        [0, 1]
        """
        counts = np.atleast_1d(as_int64(count))
        types = len(counts)
        limits = filled(capacity, types, UNLIMITED)
        rows: dict[str, Any] = {"count": counts}
        rows["capacity"] = limits[:, None] if limits.ndim == 1 else limits
        for column in fields(cls):
            if column.name not in rows:
                given = columns.pop(column.name, None)
                full = filled(given, types, _LEFT_OUT.get(column.name, UNLIMITED))
                rows[column.name] = int32(full) if column.name in _INT32 else full
        if columns:
            raise TypeError(f"Vehicles.of() has no {', '.join(columns)}")  # as Python says it
        return cls(**rows)

    def __len__(self) -> int:
        return len(self.count)


_INT32 = ("start", "end", "profile", "day", "reload")
_LEFT_OUT: Mapping[str, int] = {
    "start": 0,
    "end": 0,
    "earliest_s": 0,
    "overtime_s": 0,
    "skills": 0,
    "profile": 0,
    "fixed": 0,
    "per_distance": 1,
    "per_s": 0,
    "per_overtime_s": 0,
    "day": 0,
    "reload": NONE,
    "reload_s": 0,
    "max_trips": 1,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Objective:
    """What is best besides the costs of `Vehicles` and the prizes of what is left out.

    Parameters
    ----------
    vehicles_first
        Fewer routes beat any cost.
    balance
        Cost of each route's work squared, in square hours, rounded down: long days are shared
        among vehicles.
    """

    vehicles_first: bool = False
    balance: int = 0


def vehicle_columns(vehicles: Vehicles, *, places: int, profiles: int, dimensions: int) -> Columns:
    """Shape, least and most of each column."""
    types = (len(vehicles),)
    columns: Columns = {column.name: (types, 0, UNLIMITED) for column in fields(vehicles)}
    columns["count"] = (types, 0, MOST_SECONDS)
    columns["start"] = (types, 0, places - 1)
    columns["end"] = (types, ANYWHERE, places - 1)
    columns["profile"] = (types, 0, profiles - 1)
    columns["capacity"] = ((*types, dimensions), 0, UNLIMITED)
    columns["skills"] = (types, 0, 2**62)
    columns["day"] = (types, 0, MOST_SECONDS)
    columns["reload"] = (types, NONE, places - 1)
    columns["reload_s"] = (types, 0, MOST_SECONDS)
    columns["max_trips"] = (types, 1, UNLIMITED)
    return columns
