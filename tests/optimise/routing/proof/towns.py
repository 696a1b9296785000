"""Covering tours: tiny ones with much that does not fit together, and villages."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from msap_mobility.optimise.routing.problem import (
    ANYWHERE,
    MANDATORY,
    Covering,
    Requests,
    RoutingProblem,
    Tasks,
    Vehicles,
)
from tests.optimise.routing.strategies import column, limit

Draw = Any


@st.composite
def hamlets(draw: Draw) -> RoutingProblem:
    """Up to four stops and four homes, detours shorter than direct ways, two types of vehicle."""
    stops = draw(st.sampled_from([4, 3, 2, 1]))
    prize = np.array(draw(column(st.sampled_from([0, 0, 0, 9, MANDATORY]), stops)))
    kinds, places = draw(st.sampled_from([1, 2])), draw(st.sampled_from([5, 3]))
    matrix = (draw(st.sampled_from([1, 2])), places, places)
    return RoutingProblem(
        distance=draw(arrays(np.int64, matrix, elements=st.integers(0, 20))),
        duration_s=draw(arrays(np.int32, matrix, elements=st.integers(0, 15))),
        tasks=Tasks.of(
            place=draw(column(st.integers(0, places - 1), stops)),
            service_s=draw(column(st.integers(0, 5), stops)),
            load=draw(st.sampled_from([-1, 1])) * np.array(draw(column(st.integers(0, 4), stops))),
        ),
        requests=Requests.of(
            task=np.arange(stops),
            prize=prize,
            skills=draw(column(st.sampled_from([0, 0, 1]), stops)),
            day=draw(column(st.sampled_from([-1, -1, 0, 1]), stops)),
        ),
        covering=_homes(draw, np.flatnonzero(prize >= 0).tolist()),
        vehicles=_vehicles(draw, kinds, places, matrix[0]),
    )


def _homes(draw: Draw, optional: list[int]) -> Covering:
    """Most are within reach of some stop."""
    count = draw(st.sampled_from([2, 3, 4, 1, 0]))
    reach = st.lists(st.sampled_from(optional), unique=True) if optional else st.just([])
    return Covering.of(
        reach=draw(column(reach, count)),
        prize=draw(column(st.sampled_from([MANDATORY, MANDATORY, 5, 40]), count)),
    )


def _vehicles(draw: Draw, kinds: int, places: int, profiles: int) -> Vehicles:
    def each(values: Any) -> list[int]:
        return draw(column(values, kinds))  # type: ignore[no-any-return]

    return Vehicles.of(
        count=each(st.sampled_from([1, 2])),
        start=each(st.integers(0, places - 1)),
        end=each(st.sampled_from([0, 1, ANYWHERE])),
        capacity=each(limit(3, 9)),
        earliest_s=each(st.sampled_from([0, 7])),
        latest_s=each(limit(20, 60)),
        shift_s=each(limit(5, 40)),
        overtime_s=each(st.sampled_from([0, 10])),
        per_overtime_s=each(st.sampled_from([0, 3])),
        max_distance=each(limit(10, 50)),
        max_stops=each(limit(1, 3)),
        skills=each(st.sampled_from([0, 1])),
        profile=each(st.integers(0, profiles - 1)),
        fixed=each(st.sampled_from([0, 6])),
        per_distance=each(st.sampled_from([1, 2])),
        per_s=each(st.sampled_from([0, 1])),
        day=each(st.sampled_from([0, 1])),
    )


def village(seed: int, *, homes: int, most_stops: int, stops: int = 25) -> RoutingProblem:
    """Homes about a square, each within reach of the stops near it, at least of the nearest two."""
    rng = np.random.default_rng(seed)
    spots = rng.integers(0, 1000, size=(stops + 1, 2))
    home = rng.integers(0, 1000, size=(homes, 2))
    apart = np.hypot(*(spots[:, None] - spots[None]).transpose(2, 0, 1))
    far = np.hypot(*(home[:, None] - spots[None, 1:]).transpose(2, 0, 1))
    within = np.maximum(250, np.partition(far, 1, axis=1)[:, [1]])
    distance = np.rint(apart).astype(np.int64)
    return RoutingProblem(
        distance=distance,
        duration_s=np.zeros_like(distance),
        tasks=Tasks.of(place=np.arange(1, stops + 1)),
        requests=Requests.of(task=np.arange(stops), prize=0),
        covering=Covering.of(reach=[np.flatnonzero(row).tolist() for row in far <= within]),
        vehicles=Vehicles.of(count=stops, max_stops=most_stops),
    )
