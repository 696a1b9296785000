"""Drivers, riders and the way between places as one table of arrays: what `groups` works on.

A driver goes from a start to an end; a rider is picked up and set down on the way. Waiting is
allowed before every stop and counts as part of the trip, and of the ride of whoever is aboard.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, NamedTuple

import numpy as np

from msap_mobility.compiled import Table
from msap_mobility.errors import Faults
from msap_mobility.optimise.arrays import Int32, Int64, whole

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["LONG_AGO", "NEVER", "Trips", "TripsProblem", "checked"]

NEVER = 1 << 30
"""Seconds or metres that no trip has: safe to add up in int64."""

LONG_AGO = 1 << 60
"""Seconds before everything."""

MOST_RIDERS = 4


class TripsProblem(NamedTuple):
    """Who drives, who wants to ride, and the way between all places. All times are of one clock.

    Parameters
    ----------
    seconds, metres
        int32 (places, places); `NEVER` where there is no way.
    driver
        int64 (drivers, 8): the columns `START` … `DETOUR_M`: place of start and end, earliest and
        latest departure, latest arrival, seats, seconds and metres the trip may exceed the solo
        trip by, waiting and service included. A ninth, `ARRIVE_FROM`, is the earliest arrival, for
        which the driver may have to wait; without it there is none.
    rider
        int64 (riders, 10): the columns `PICK_UP` … `RIDE_S`: place of pick-up and set-down, from
        and to when each may begin, seconds each takes, seats needed, longest ride from the end of
        the pick-up to the beginning of the set-down.
    candidate_start, candidate
        int64 CSR: the riders each driver may take, rising.
    worth
        int64 per candidate: what it is worth that this driver takes this rider.
    price
        int64 (2,): what one metre and one second of detour cost, in the unit of `worth`.
    kept
        bool per rider: never left out of a group for the sake of a better gain (promised, or needed
        for a return).
    """

    seconds: Int32
    metres: Int32
    driver: Int64
    rider: Int64
    candidate_start: Int64
    candidate: Int64
    worth: Int64
    price: Int64
    kept: NDArray[np.bool_]


class Trips(Table):
    """A `TripsProblem` as kernels take it: the same arrays, checked."""

    columns: ClassVar = {
        "seconds": "int32[:,::1]",
        "metres": "int32[:,::1]",
        "driver": "int64[:,::1]",
        "rider": "int64[:,::1]",
        "candidate_start": "int64[::1]",
        "candidate": "int64[::1]",
        "worth": "int64[::1]",
        "price": "int64[::1]",
        "kept": "boolean[::1]",
    }
    seconds: Int32
    metres: Int32
    driver: Int64
    rider: Int64
    candidate_start: Int64
    candidate: Int64
    worth: Int64
    price: Int64
    kept: NDArray[np.bool_]


START, END, DEPART_FROM, DEPART_TO, ARRIVE_BY, SEATS, DETOUR_S, DETOUR_M, ARRIVE_FROM = range(9)
PICK_UP, SET_DOWN, PICK_UP_FROM, SET_DOWN_FROM, PICK_UP_TO, SET_DOWN_TO = range(6)
PICK_UP_S, SET_DOWN_S, PARTY, RIDE_S = range(6, 10)
"""Columns come in pairs: the one of a set-down follows that of the pick-up."""

_DRIVER_WINDOWS = ((DEPART_FROM, DEPART_TO), (ARRIVE_FROM, ARRIVE_BY))


def checked(problem: TripsProblem) -> Trips:
    """The same problem as kernels take it.

    Raises
    ------
    InputError
        ``array_shape``, ``array_not_whole``, ``array_outside``, ``array_not_rising``.
    """
    places = len(problem.seconds)
    if problem.driver.ndim == 2 and problem.driver.shape[1] == ARRIVE_FROM:
        whenever = np.full((len(problem.driver), 1), -LONG_AGO, dtype=problem.driver.dtype)
        problem = problem._replace(driver=np.hstack([problem.driver, whenever]))
    with Faults() as faults:
        for name in ("seconds", "metres"):
            whole(faults, name, getattr(problem, name), (places, places), least=0, most=NEVER)
        if whole(faults, "driver", problem.driver, (-1, 9), least=-LONG_AGO):
            _check_columns(faults, "driver", problem.driver, _driver_ranges(places))
            _check_windows(faults, "driver", problem.driver, _DRIVER_WINDOWS)
        if whole(faults, "rider", problem.rider, (-1, 10)):
            _check_columns(faults, "rider", problem.rider, _rider_ranges(places))
            windows = ((PICK_UP_FROM, PICK_UP_TO), (SET_DOWN_FROM, SET_DOWN_TO))
            _check_windows(faults, "rider", problem.rider, windows)
        _check_candidates(faults, problem)
    types = {"seconds": np.int32, "metres": np.int32, "kept": np.bool_}
    return Trips(
        **{
            name: np.ascontiguousarray(array, types.get(name, np.int64))
            for name, array in problem._asdict().items()
        }
    )


def _driver_ranges(places: int) -> dict[int, int]:
    """Greatest value of each column of drivers that may not be below 0."""
    return {START: places - 1, END: places - 1, SEATS: 1000, DETOUR_S: NEVER // 4}


def _rider_ranges(places: int) -> dict[int, int]:
    """Greatest value of each column of riders that may not be below 0."""
    dwells = {PICK_UP_S: NEVER // 64, SET_DOWN_S: NEVER // 64, PARTY: 1000}
    return {PICK_UP: places - 1, SET_DOWN: places - 1, **dwells}


def _check_columns(faults: Faults, name: str, table: Int64, ranges: dict[int, int]) -> None:
    for column, most in ranges.items():
        own = f"{name}[:, {column}]"
        whole(faults, own, table[:, column], (len(table),), least=0, most=most)


def _check_windows(
    faults: Faults, name: str, table: Int64, windows: tuple[tuple[int, int], ...]
) -> None:
    for opens, closes in windows:
        wrong = np.flatnonzero(table[:, opens] > table[:, closes])
        if len(wrong):
            value = int(table[wrong[0], closes])
            faults.add("array_not_rising", column=f"{name}[:, {closes}]", value=value)


def _check_candidates(faults: Faults, problem: TripsProblem) -> None:
    drivers, riders, ends = len(problem.driver), len(problem.rider), len(problem.candidate)
    whole(faults, "candidate", problem.candidate, (-1,), least=0, most=riders - 1)
    whole(faults, "worth", problem.worth, (ends,))
    whole(faults, "price", problem.price, (2,), least=0, most=1_000_000)
    whole(faults, "kept", np.asarray(problem.kept).astype(np.int8), (riders,))
    if whole(faults, "candidate_start", problem.candidate_start, (drivers + 1,)):
        row = np.concatenate([[0], problem.candidate_start, [ends]])
        whole(faults, "candidate_start", np.diff(row)[[0, -1]], (2,), least=0, most=0)
        whole(faults, "candidate_start", np.diff(row), (-1,), least=0)
