"""Random routing problems: tiny ones that mix every rule, larger ones with a planted solution."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from msap_mobility.optimise.routing.problem import (
    ANYWHERE,
    MANDATORY,
    NONE,
    UNLIMITED,
    Groups,
    Objective,
    Requests,
    RoutingProblem,
    Tasks,
    Vehicles,
)

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

Draw = Any
HORIZON_S = 120


@st.composite
def problems(draw: Draw, *, most_requests: int = 4, most_vehicles: int = 2) -> RoutingProblem:
    """Few requests and vehicles, small numbers, any mix of the rules.

    In a third of them something that must be served cannot be.
    """
    paired = draw(column(st.booleans(), draw(st.sampled_from(range(most_requests, 0, -1)))))
    dimensions, profiles, places = (draw(st.sampled_from(range(1, most))) for most in (3, 3, 6))
    matrix = (profiles, places, places)
    requests, loads = _requests(draw, paired, dimensions)
    kinds = draw(st.sampled_from(range(1, most_vehicles + 1)))
    groups = draw(st.lists(st.booleans(), max_size=2))
    return RoutingProblem(
        distance=draw(arrays(np.int64, matrix, elements=st.integers(0, 20))),
        duration_s=draw(arrays(np.int32, matrix, elements=st.integers(0, 15))),
        tasks=Tasks.of(
            place=draw(column(st.integers(0, places - 1), len(loads))),
            service_s=draw(column(st.integers(0, 5), len(loads))),
            load=loads,
            windows=draw(column(_windows(), len(loads))),
        ),
        requests=_grouped(draw, requests, len(groups)),
        groups=Groups(must=np.array(groups, dtype=np.bool_)),
        vehicles=_vehicles(draw, kinds, most_vehicles, dimensions, places, profiles),
        objective=Objective(
            vehicles_first=draw(st.booleans()), balance=draw(st.sampled_from([0, 0, 400_000]))
        ),
    )


@lru_cache  # a strategy is slow to make, and asked for at every draw
def column(values: SearchStrategy[Any], count: int) -> SearchStrategy[list[Any]]:
    return st.lists(values, min_size=count, max_size=count)


@lru_cache
def limit(least: int, most: int) -> SearchStrategy[int]:
    """A limit, or more often none."""
    return st.one_of(st.just(UNLIMITED), st.just(UNLIMITED), st.integers(least, most))


@lru_cache
@st.composite
def _windows(draw: Draw) -> list[tuple[int, int]]:
    """None, one or two, apart from each other."""
    rows: list[tuple[int, int]] = []
    clock = 0
    for _ in range(draw(st.sampled_from([0, 1, 1, 2]))):
        opens = clock + draw(st.integers(1, 60))
        clock = opens + draw(st.integers(0, 40))
        rows.append((opens, clock))
    return rows


def _requests(
    draw: Draw, paired: list[bool], dimensions: int
) -> tuple[dict[str, list[int]], np.ndarray]:
    """Columns of the requests, and the loads of their tasks, whose rows are shuffled."""
    count = len(paired) + sum(paired)
    rows = iter(draw(st.permutations(range(count))))
    loads = np.zeros((count, dimensions), dtype=np.int64)
    columns: dict[str, list[int]] = {"task": [], "delivery": []}
    for pair in paired:
        row, other = next(rows), next(rows) if pair else NONE
        load = draw(arrays(np.int64, dimensions, elements=st.integers(0 if pair else -3, 3)))
        loads[row] = load
        if pair:
            loads[other] = -load
        columns["task"].append(row)
        columns["delivery"].append(other)
    number = len(paired)
    columns["prize"] = draw(column(st.one_of(st.just(MANDATORY), st.integers(0, 400)), number))
    columns["max_ride_s"] = draw(column(limit(0, 30), number))
    columns["skills"] = draw(column(st.sampled_from([0, 0, 1, 2, 3]), number))
    return columns, loads


def _grouped(draw: Draw, columns: dict[str, list[int]], groups: int) -> Requests:
    """Some of them alternatives; those have a prize."""
    count = len(columns["task"])
    group = draw(column(st.integers(NONE, groups - 1), count))
    prize = [
        max(own, 0) if row >= 0 else own for own, row in zip(columns["prize"], group, strict=True)
    ]
    return Requests.of(**{**columns, "prize": prize, "group": group})


def _vehicles(
    draw: Draw, kinds: int, most_vehicles: int, dimensions: int, places: int, profiles: int
) -> Vehicles:
    counts = st.integers(1 if kinds == 1 else 0, max(1, most_vehicles // kinds))
    columns: dict[str, SearchStrategy[Any]] = {
        "count": counts,
        "capacity": column(limit(2, 8), dimensions),
        "start": st.integers(0, places - 1),
        "end": st.integers(ANYWHERE, places - 1),
        "earliest_s": st.sampled_from([0, 0, 20]),
        "latest_s": limit(HORIZON_S // 2, 2 * HORIZON_S),
        "shift_s": limit(20, HORIZON_S),
        "overtime_s": st.sampled_from([0, 0, 15, UNLIMITED]),
        "max_distance": limit(20, 120),
        "max_stops": st.sampled_from([UNLIMITED, UNLIMITED, 1, 2, 2, 3, 6]),
        "skills": st.sampled_from([3, 3, 3, 3, 1, 2, 0]),
        "profile": st.integers(0, profiles - 1),
        "fixed": st.sampled_from([0, 0, 0, 10, 50]),
        "per_distance": st.integers(0, 3),
        "per_s": st.sampled_from([0, 0, 1, 2]),
        "per_overtime_s": st.sampled_from([0, 1, 5]),
    }
    return Vehicles.of(**{name: draw(column(values, kinds)) for name, values in columns.items()})
