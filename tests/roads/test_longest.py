"""Ways that take 12 days do not exist, however they are searched; no time turns negative."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from msap_mobility.model import Points
from msap_mobility.roads import RoadGraph, RoadTimes
from msap_mobility.roads.weights import LONGEST_S, NEVER, packed


def slow_road(nodes: int, seconds: float) -> RoadGraph:
    """Junctions in a row, with a long way each to the next and back."""
    row = np.arange(nodes - 1)
    return RoadGraph.of_arcs(
        node_id=range(nodes),
        lon=1 + 0.01 * np.arange(nodes),
        lat=np.full(nodes, 45.0),
        tails=np.append(row, row + 1),
        heads=np.append(row + 1, row),
        seconds=np.full(2 * len(row), seconds),
        metres=np.full(2 * len(row), 800.0),
    )


@pytest.mark.parametrize("turns", [False, True])
@pytest.mark.parametrize("seconds", [1e4, 9e4, 6e5, 1e6])
def test_what_takes_too_long_is_out_of_reach(seconds: float, *, turns: bool) -> None:
    graph = slow_road(40, seconds)
    arcs = csr_array((graph.seconds, graph.heads, graph.indptr), shape=(40, 40))
    true = dijkstra(arcs)
    exact = np.where(true < LONGEST_S, true, np.inf)
    times, places = RoadTimes(graph, turns=turns), Points(graph.lon, graph.lat)
    few = Points(places.lon[:2], places.lat[:2])
    for found, expected in (
        (times.table(few, few).seconds, exact[:2, :2]),  # searched from each
        (times.table(places, places).seconds, exact),  # by a hierarchy
        (times.nearest_of_all(places, 40).of_nodes.seconds, np.sort(exact)),
    ):
        np.testing.assert_allclose(found, expected, rtol=1e-6)
    reach = times.reach(places).node_s  # with turns it may tell a section more: then truly
    np.testing.assert_allclose(reach, np.where(np.isinf(reach), np.inf, true), rtol=1e-6)
    assert (np.isfinite(reach) | (true >= LONGEST_S)).all()


@pytest.mark.parametrize("factor", [1e-3, 1e-9, 1e-30])
def test_no_factor_makes_times_negative(factor: float) -> None:
    times = RoadTimes(slow_road(40, 3600)).with_factors({"": factor})
    places = Points(times.graph.lon, times.graph.lat)
    seconds = times.table(places, places).seconds
    assert (seconds >= 0).all()
    assert np.isinf(seconds[0, -1])


def test_weights_are_never_negative() -> None:
    found = packed([0, LONGEST_S / 2, LONGEST_S, 1e12, np.inf], np.zeros(5))
    assert (found[:2] < NEVER).all()
    assert found[2:].tolist() == [NEVER] * 3


def test_places_very_far_from_any_road_are_just_unreachable() -> None:
    times = RoadTimes(slow_road(40, 60), max_snap_m=np.inf)
    far = Points(np.array([45.0]), np.array([1.0]))
    places = Points(times.graph.lon, times.graph.lat)
    assert np.isinf(times.nearest_of_all(far).at(places).seconds).all()
    assert np.isinf(times.reach(far).at(places)).all()
