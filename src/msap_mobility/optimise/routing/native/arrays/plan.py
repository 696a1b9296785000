"""A plan as kernels take it."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np
from numpy.typing import NDArray

from msap_mobility.compiled import Table
from msap_mobility.optimise.routing.native.arrays.problem import (
    ALL_PRIZES,
    MUST,
    NEEDED,
    STOPS,
    TIMED,
    TRIPS,
)

if TYPE_CHECKING:
    from msap_mobility.optimise.arrays import Int32, Int64
    from msap_mobility.optimise.routing.native.arrays.problem import Problem

__all__ = ["Plan", "empty_plan"]

UInt32 = NDArray[np.uint32]


class Plan(Table):
    """Routes, with what must be known to change them fast.

    Position 0 of a route is its start, 1 … length are its tasks and loadings, length + 1 its end.

    Parameters
    ----------
    sequence
        int32 (slots, positions): nodes.
    place
        uint32 (slots, positions): places, both ends too.
    edge
        int64 (slots, positions): cost of driving to the next position.
    leave
        int64 (slots, positions): earliest leaving.
    latest
        int64 (slots, positions): latest beginning for which the rest keeps its windows.
    aboard
        int64 (slots, positions, 3, D): load when leaving, the most up to here, the most from here,
        both within the trip.
    trip
        int64 (slots, positions, columns), see `TRIP_FROM` …; one row where nobody loads again or
        waits for a release.
    span
        int64 (slots, positions, 6): shortest duration of what is up to here and from here on, each
        with the first and last moment to begin it so; one row where no vehicle is `TIMED`.
    route
        int64 (slots, columns), see `LENGTH` …
    where
        int32 (N, 2): slot and position of each task, −1 = in none.
    served
        int32 (U,): the option chosen, or −1.
    covered
        int32 (H,): how many requests that are served reach a home.
    total
        int64, see `ARCS` …
    """

    columns: ClassVar = {
        "sequence": "int32[:,::1]",
        "place": "uint32[:,::1]",
        "edge": "int64[:,::1]",
        "leave": "int64[:,::1]",
        "latest": "int64[:,::1]",
        "aboard": "int64[:,:,:,::1]",
        "span": "int64[:,:,::1]",
        "trip": "int64[:,:,::1]",
        "route": "int64[:,::1]",
        "where": "int32[:,::1]",
        "served": "int32[::1]",
        "covered": "int32[::1]",
        "total": "int64[::1]",
    }

    sequence: Int32
    place: UInt32
    edge: Int64
    leave: Int64
    latest: Int64
    aboard: Int64
    span: Int64
    trip: Int64
    route: Int64
    where: Int32
    served: Int32
    covered: Int32
    total: Int64


LENGTH, DRIVEN, FAR, DURATION, RIDES, CHOICES, LOADINGS, STAMP = range(8)
"""Columns of `Plan.route`: tasks and loadings, cost of driving, distance, shortest duration (if
`TIMED`), rules that only the schedule tells (longest rides, times since loading, breaks), tasks
with several windows or a release, loadings, number of the last change."""

TRIP_FROM, OPEN, RELEASED, TO_RELEASE, PICKED = range(5)
"""Columns of `Plan.trip`, all within the trip that goes on here: position of its loading, pairs
aboard when leaving, last release up to here, last release after here; from `PICKED` on what single
visits loaded up to here, by dimension."""

ROUTES_COST, MISSED, MISSING, USED, SERVING = range(5)
"""Columns of `Plan.total`: cost of all routes, gains not made, units and homes that must be served
and are not, routes, requests served."""


def empty_plan(problem: Problem) -> Plan:
    """A plan without routes; `labels.refresh` fills in the labels of each slot."""
    slots, positions = problem.slots, int(problem.setting[STOPS]) + 2
    timed = bool(problem.vehicle[:, TIMED].any())
    trips, dimensions = bool(problem.setting[TRIPS]), problem.load.shape[1]
    units, homes = problem.unit, problem.home
    total = np.zeros(5, dtype=np.int64)
    total[MISSED] = problem.setting[ALL_PRIZES]
    total[MISSING] = units[:, MUST].sum() + homes[:, NEEDED].sum()
    return Plan(
        sequence=np.zeros((slots, positions), dtype=np.int32),
        place=np.zeros((slots, positions), dtype=np.uint32),
        edge=np.zeros((slots, positions), dtype=np.int64),
        leave=np.zeros((slots, positions), dtype=np.int64),
        latest=np.zeros((slots, positions), dtype=np.int64),
        aboard=np.zeros((slots, positions, 3, dimensions), dtype=np.int64),
        span=np.zeros((slots if timed else 1, positions if timed else 1, 6), dtype=np.int64),
        trip=np.zeros(
            (slots if trips else 1, positions if trips else 1, PICKED + dimensions), dtype=np.int64
        ),
        route=np.zeros((slots, 8), dtype=np.int64),
        where=np.full((problem.tasks, 2), -1, dtype=np.int32),
        served=np.full(len(units), -1, dtype=np.int32),
        covered=np.zeros(len(homes), dtype=np.int32),
        total=total,
    )
