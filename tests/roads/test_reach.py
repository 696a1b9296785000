"""Nearest, k nearest of all and reach: what a whole table, and networkx, say."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from msap_mobility.errors import InputError
from msap_mobility.model import Points, Reached
from msap_mobility.roads import RoadGraph, RoadTimes, door_to_door, room
from msap_mobility.roads.dijkstra import ways_to_all
from msap_mobility.roads.hierarchy import Seeds
from msap_mobility.roads.weights import packed, seconds_of
from tests.real_data import real_data
from tests.roads.random_graphs import on_a_road, road_graphs

share = st.floats(0, 1, width=32)


@st.composite
def points_about(draw: st.DrawFn, graph: RoadGraph, *, least: int = 1) -> Points:
    """On the nodes, or somewhere around them: near the road, beside it, out of the way."""
    known = on_a_road(graph)
    at_node = st.sampled_from(known).map(lambda row: (graph.lon[row], graph.lat[row]))
    west, south = graph.lon.min() - 0.01, graph.lat.min() - 0.01
    wide, high = np.ptp(graph.lon) + 0.02, np.ptp(graph.lat) + 0.02
    about = st.tuples(share, share).map(lambda at: (west + at[0] * wide, south + at[1] * high))
    chosen = draw(st.lists(at_node | about, min_size=least, max_size=6))
    lon, lat = np.array(chosen, np.float64).reshape(-1, 2).T
    return Points(lon, lat)


def exact(rows: np.ndarray) -> pytest.approx:  # type: ignore[valid-type]
    return pytest.approx(rows, abs=2e-3, nan_ok=False)


def apart(seconds: np.ndarray, limit_s: float) -> np.ndarray:
    if np.isinf(limit_s):
        return np.ones(seconds.shape, np.bool_)
    return np.abs(seconds - limit_s) > 2e-3


@given(
    road_graphs(), st.data(), st.booleans(), st.booleans(), st.sampled_from([np.inf, 6.5, 200.0])
)
@settings(max_examples=50, deadline=None)
def test_reach_is_a_row_or_a_column_of_the_table(
    graph: RoadGraph, data: st.DataObject, to: bool, as_one: bool, limit_s: float
) -> None:
    assume(on_a_road(graph))
    places, points = data.draw(points_about(graph)), data.draw(points_about(graph))
    times = RoadTimes(graph, main_only=data.draw(st.booleans()), turns=data.draw(st.booleans()))
    reach = times.reach(places, to=to, limit_s=limit_s, as_one=as_one)
    pair = (points, places) if to else (places, points)
    seconds = times.table(*pair).seconds
    seconds = seconds.T if to else seconds
    if as_one:
        seconds = seconds.min(axis=0, keepdims=True)
    found = reach.at(points)
    clear = apart(seconds, limit_s)  # rounding decides at the limit itself
    expected = np.where(seconds > limit_s, np.inf, seconds)
    assert found[clear] == exact(expected[clear])


@given(road_graphs(), st.data(), st.booleans())
@settings(max_examples=50, deadline=None)
def test_reach_of_nodes_is_networkxs(graph: RoadGraph, data: st.DataObject, to: bool) -> None:
    """By sweeps of a hierarchy where there are many places, by searches where few."""
    known = on_a_road(graph)
    assume(known)
    rows = data.draw(st.lists(st.sampled_from(known), min_size=1, max_size=20))
    reach = RoadTimes(graph, main_only=False).reach(Points(graph.lon[rows], graph.lat[rows]), to=to)
    network = graph.to_networkx()
    network = network.reverse() if to else network
    for found, row in zip(reach.node_s, rows, strict=True):
        theirs = nx.single_source_dijkstra_path_length(
            network, graph.node_id[row], weight="travel_time"
        )
        assert found == exact(np.array([theirs.get(one, np.inf) for one in graph.node_id]))


@given(road_graphs(), st.data(), st.integers(1, 4), st.sampled_from([np.inf, 6.5, 200.0]))
@settings(max_examples=50, deadline=None)
def test_nearest_is_the_least_of_the_table(
    graph: RoadGraph, data: st.DataObject, k: int, limit_s: float
) -> None:
    assume(on_a_road(graph))
    origins, facilities = data.draw(points_about(graph)), data.draw(points_about(graph, least=0))
    times = RoadTimes(graph, main_only=data.draw(st.booleans()), turns=data.draw(st.booleans()))
    table = times.table(origins, facilities)
    assume(apart(table.seconds, limit_s).all())
    seconds = np.where(table.seconds > limit_s, np.inf, table.seconds)
    rows = np.sort(np.column_stack((seconds, np.full((len(origins), k), np.inf))), axis=1)[:, :k]
    by_labels = times.nearest_of_all(facilities, k, limit_s=limit_s).at(origins)
    by_table = times.nearest(origins, facilities, k, limit_s=limit_s)
    for found in (by_labels, by_table):
        assert found.seconds == exact(rows)
        assert ((found.facility >= 0) == np.isfinite(rows)).all()
        for row in range(len(origins)):
            kept = found.facility[row][found.facility[row] >= 0]
            assert len(set(kept.tolist())) == len(kept)
            assert seconds[row, kept] == exact(found.seconds[row, : len(kept)])
        there = found.facility[:, 0] >= 0
        near = times.snap(origins).is_near
        missing = Reached.OVER_LIMIT if np.isfinite(limit_s) else Reached.UNREACHABLE
        expected = np.where(near, np.where(there, Reached.OK, missing), Reached.TOO_FAR_TO_SNAP)
        assert found.status.tolist() == expected.tolist()
    assert by_labels.seconds == exact(by_table.seconds)


@given(road_graphs(), st.data(), st.integers(1, 3))
@settings(max_examples=50, deadline=None)
def test_nearest_of_every_node(graph: RoadGraph, data: st.DataObject, k: int) -> None:
    known = on_a_road(graph)
    assume(known)
    rows = data.draw(st.lists(st.sampled_from(known), max_size=5))
    places = Points(graph.lon[rows], graph.lat[rows])
    found = RoadTimes(graph, main_only=False).nearest_of_all(places, k).of_nodes
    arcs = graph.indptr, graph.heads, packed(graph.seconds, graph.metres)
    ways = seconds_of(ways_to_all(*arcs, Seeds.at(range(len(graph)))))[:, rows]
    padded = np.column_stack((ways, np.full((len(graph), k), np.inf)))
    assert found.seconds == exact(np.sort(padded, axis=1)[:, :k])


@given(road_graphs(), st.data(), st.booleans())
@settings(max_examples=50, deadline=None)
def test_with_turns_nodes_are_what_the_table_says_of_them(
    graph: RoadGraph, data: st.DataObject, to: bool
) -> None:
    known = on_a_road(graph)
    assume(known)
    rows = data.draw(st.lists(st.sampled_from(known), min_size=1, max_size=4))
    places = Points(graph.lon[rows], graph.lat[rows])
    times = RoadTimes(graph, main_only=False, turns=True)
    nodes = Points(graph.lon[known], graph.lat[known])
    table = times.table(nodes, places).seconds.T if to else times.table(places, nodes).seconds
    assert times.reach(places, to=to).node_s[:, known] == exact(table)
    if to:
        found = times.nearest_of_all(places).of_nodes
        assert found.seconds[known, 0] == exact(table.min(axis=0))


def test_many_to_many_goes_by_labels_and_says_the_same() -> None:
    graph = RoadGraph.from_osm(real_data("roads/liechtenstein.osm.pbf"))
    rng = np.random.default_rng(5)
    rows = rng.choice(len(graph), 260)
    points = Points(graph.lon[rows] + 0.001, graph.lat[rows])
    origins, facilities = (
        Points(points.lon[some], points.lat[some]) for some in (slice(200), slice(200, 260))
    )
    times = RoadTimes(graph)
    found = times.nearest(origins, facilities, 5)
    table = times.table(origins, facilities)
    near = times.snap(origins).is_near
    assert near.mean() > 0.95
    assert found.seconds[near] == exact(np.sort(table.seconds[near], axis=1)[:, :5])
    told = np.take_along_axis(table.metres[near], found.facility[near], axis=1)
    assert np.median(np.abs(told - found.metres[near])) < 0.02
    reach = times.reach(facilities, to=True).at(origins)
    assert reach[:, near] == exact(table.seconds[near].T)


def test_an_answer_too_big_is_refused_before_it_is_begun(monkeypatch: pytest.MonkeyPatch) -> None:
    graph = RoadGraph.of_arcs(
        node_id=[1, 2], lon=[1.0, 1.01], lat=[45.0, 45.0], tails=[0, 1], heads=[1, 0],
        seconds=[60, 60], metres=[800, 800],
    )  # fmt: skip
    times = RoadTimes(graph)
    many, few = (Points(np.full(n, 1.0), np.full(n, 45.0)) for n in (3000, 2))
    monkeypatch.setattr(room, "free_bytes", lambda: 50_000_000.0)
    with pytest.raises(InputError) as caught:
        times.table(many, many)
    (fault,) = caught.value.faults
    assert fault.code == "too_big_for_memory"
    assert fault.details["fitting"] == 40_000_000 // (3000 * door_to_door.CELL_BYTES)
    assert "1,481 rows" in fault.text("en")
    assert "1\u202f481 lignes" in fault.text("fr")
    assert times.table(many, few).shape == (3000, 2)
    monkeypatch.setattr(room, "free_bytes", lambda: 100.0)
    for ask in (lambda: times.reach(many), lambda: times.nearest_of_all(few, 9)):
        with pytest.raises(InputError):
            ask()


def test_free_memory_is_told() -> None:
    assert room.free_bytes() > 1e6
