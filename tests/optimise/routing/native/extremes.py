"""Problems that fill every array to its end. Run as a script it solves and checks them all.

With ``NUMBA_BOUNDSCHECK=1`` numba then raises where a kernel reads or writes beside an array.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from msap_mobility.budget import Budget
from msap_mobility.compiled import Table, kernel
from msap_mobility.optimise.routing.check import check
from msap_mobility.optimise.routing.problem import (
    ANYWHERE,
    MANDATORY,
    UNLIMITED,
    Breaks,
    Groups,
    Objective,
    Requests,
    RoutingProblem,
    Tasks,
    Vehicles,
)
from msap_mobility.optimise.routing.solve import solve
from tests.optimise.routing.native.drawing import drawn
from tests.optimise.routing.native.loading_again import trips
from tests.optimise.routing.planting import mix

Columns = dict[str, Any]


def square(count: int, seed: int = 0) -> np.ndarray:
    rng = np.random.default_rng(seed)
    spots = rng.integers(0, 100, size=(count, 2))
    return abs(spots[:, None] - spots[None]).sum(axis=2)


def visits(count: int, *, tasks: Columns, requests: Columns, vehicles: Columns) -> RoutingProblem:
    """A visit to each of `count` places, by one vehicle unless said otherwise."""
    way = square(count + 1)
    return RoutingProblem(
        distance=way,
        duration_s=way,
        tasks=Tasks.of(place=range(1, count + 1), **tasks),
        requests=Requests.of(task=range(count), **{"prize": MANDATORY, **requests}),
        vehicles=Vehicles.of(**{"count": 1, **vehicles}),
    )


def all_in_one(size: int = 60, /, **vehicles: Any) -> RoutingProblem:
    """One route of all tasks, as long as the arrays are."""
    return visits(size, tasks={}, requests={}, vehicles=vehicles)


def all_in_one_by_one(size: int = 20, /, **vehicles: Any) -> RoutingProblem:
    """One vehicle that holds what one visit asks for, and loads again as often as it may."""
    return visits(
        size,
        tasks={"load": [-1] * size},
        requests={},
        vehicles={"capacity": 1, "reload": 0, "max_trips": UNLIMITED, **vehicles},
    )


def resting(size: int = 8) -> RoutingProblem:
    """One route of all tasks, which holds both breaks of its vehicle."""
    breaks = Breaks.of(vehicle=[0, 0], duration_s=[5, 9], paid=[True, False])
    return replace(all_in_one(size, per_s=1), breaks=breaks)


def pairs(size: int = 25, /, **vehicles: Any) -> RoutingProblem:
    """Pairs in one vehicle, all aboard at once if it likes."""
    way = square(2 * size + 1)
    load = np.repeat([[1, 2, 0], [-1, -2, 0]], size, axis=0)
    return RoutingProblem(
        distance=way,
        duration_s=way,
        tasks=Tasks.of(place=range(1, 2 * size + 1), load=load),
        requests=Requests.of(
            task=range(size),
            delivery=range(size, 2 * size),
            max_ride_s=vehicles.pop("ride", None),
        ),
        vehicles=Vehicles.of(
            **{"count": 1, "capacity": [[size, 2 * size, 0]], "end": ANYWHERE, **vehicles}
        ),
    )


def group_of(count: int = 50, *, must: bool = True) -> RoutingProblem:
    """Alternatives of one group, and a visit that must be."""
    way = square(count + 2)
    return RoutingProblem(
        distance=way,
        duration_s=way,
        tasks=Tasks.of(place=range(1, count + 2)),
        requests=Requests.of(
            task=range(count + 1),
            group=[0] * count + [-1],
            prize=[*range(count), MANDATORY],
        ),
        groups=Groups(must=np.array([must])),
        vehicles=Vehicles.of(count=2),
    )


def many_windows(size: int = 15, /, *, each: int = 20, **vehicles: Any) -> RoutingProblem:
    rng = np.random.default_rng(1)
    listed = [
        [(100 * row, 100 * row + int(rng.integers(0, 60))) for row in range(each)]
        for _ in range(size)
    ]
    return visits(size, tasks={"windows": listed}, requests={}, vehicles={"count": 3, **vehicles})


def no_window_in_reach(count: int = 8) -> RoutingProblem:
    return visits(count, tasks={"windows": [[(0, 0)]] * count}, requests={}, vehicles={"count": 3})


def unloading(count: int = 30) -> RoutingProblem:
    """Deliveries and collections that fill the vehicle to the last piece, in three dimensions."""
    load = np.ones((count, 3), dtype=np.int64)
    load[::2] = -1
    capacity = [[count // 2, count // 2, count // 2]]
    return visits(
        count, tasks={"load": load}, requests={}, vehicles={"capacity": capacity, "count": 2}
    )


def vehicles_first() -> RoutingProblem:
    problem = visits(
        40,
        tasks={"load": [1] * 40},
        requests={},
        vehicles={"count": [30, 30], "capacity": [4, 7]},
    )
    return RoutingProblem(
        distance=problem.distance,
        duration_s=problem.duration_s,
        tasks=problem.tasks,
        requests=problem.requests,
        vehicles=problem.vehicles,
        objective=Objective(vehicles_first=True, balance=1000),
    )


def skills(bits: int = 61) -> RoutingProblem:
    return visits(
        bits + 1,
        tasks={},
        requests={"skills": [1 << row for row in range(bits + 1)]},
        vehicles={"count": [1, 1], "skills": [2**62 - 1 - (1 << 60), 1 << 60]},
    )


FREE = {"per_distance": 0}

EXTREMES: dict[str, Callable[[], RoutingProblem]] = {
    "one route of all tasks": all_in_one,
    "one timed route of all tasks": lambda: all_in_one(per_s=1, shift_s=100_000),
    "one route as long as stops allow": lambda: all_in_one(20, max_stops=20, count=[2]),
    "one stop more than allowed": lambda: all_in_one(20, max_stops=19),
    "one stop each": lambda: all_in_one(12, max_stops=1, count=[12]),
    "no stop": lambda: all_in_one(5, max_stops=0),
    "pairs in one vehicle": pairs,
    "pairs with rides": lambda: pairs(15, ride=300, count=3),
    "pairs with rides and a shift": lambda: pairs(15, ride=300, count=4, shift_s=900, per_s=1),
    "pairs one by one": lambda: pairs(12, capacity=[[1, 2, 0]]),
    "pairs of as many stops as allowed": lambda: pairs(8, max_stops=16),
    "one visit": lambda: all_in_one(1),
    "one pair": lambda: pairs(1),
    "one optional visit": lambda: visits(1, tasks={}, requests={"prize": 500}, vehicles={}),
    "all optional": lambda: visits(
        50, tasks={}, requests={"prize": 60}, vehicles={"count": 4, "max_stops": 6}
    ),
    "all optional for nothing": lambda: visits(9, tasks={}, requests={"prize": 0}, vehicles={}),
    "nothing but prizes": lambda: visits(
        50, tasks={}, requests={"prize": 5}, vehicles={"count": 2, "shift_s": 200, **FREE}
    ),
    "nothing but prizes within a distance": lambda: visits(
        30, tasks={}, requests={"prize": 5}, vehicles={"count": 2, "max_distance": 200, **FREE}
    ),
    "a group of 50": group_of,
    "a group of 50 that may be left": lambda: group_of(must=False),
    "three dimensions": unloading,
    "62 skills": skills,
    "20 windows each": many_windows,
    "20 windows each in a shift": lambda: many_windows(shift_s=500, per_s=1, overtime_s=200),
    "no window in reach": no_window_in_reach,
    "fewer vehicles first": vehicles_first,
    "no vehicle": lambda: all_in_one(5, count=[0]),
    "no type of vehicle": lambda: all_in_one(5, count=np.zeros(0, dtype=np.int64), capacity=None),
    "no request": lambda: visits(0, tasks={}, requests={}, vehicles={}),
    "more vehicles than requests": lambda: all_in_one(6, count=[2**31 - 1]),
    "a loading between any two visits": all_in_one_by_one,
    "as many loadings as allowed": lambda: all_in_one_by_one(max_trips=9),
    "trips that wait": lambda: trips(1, trips_each=2**40),
    "two breaks": resting,
    "a mix": lambda: mix(21, 40).problem,
    "a mix of pairs": lambda: mix(22, 30).problem,
    **{f"a small mix, {seed}": lambda seed=seed: drawn(seed, 8) for seed in range(8)},
}


class Row(Table):
    """To see that bounds are checked."""

    columns = {"left": "int64[::1]"}  # noqa: RUF012 - as every table
    left: np.ndarray


@kernel("int64(Row, int64)")
def read(row: Row, at: int) -> int:
    return row.left[at]


def main() -> None:
    """Solve every one of them, and say how many."""
    try:
        read(Row(left=np.zeros(3, dtype=np.int64)), 3)
    except IndexError:
        print("bounds are checked")
    for name, make in EXTREMES.items():
        problem = make()
        for seed in range(2):
            broken = check(problem, solve(problem, budget=Budget(iterations=100), seed=seed))
            if broken:
                raise AssertionError(name, broken)
    print(len(EXTREMES), "problems")


if __name__ == "__main__":
    main()
