"""The road graph: arcs, components, networkx, and what an extract becomes."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from msap_mobility.errors import InputError
from msap_mobility.roads import CAR, WALK, RoadGraph
from tests.roads.random_graphs import road_graphs

ARRAYS = ("node_id", "lon", "lat", "indptr", "heads", "seconds", "metres", "component")


def arcs_of(graph: RoadGraph) -> set[tuple[int, int]]:
    ids = graph.node_id
    return {(int(ids[t]), int(ids[h])) for t, h in zip(graph.tails, graph.heads, strict=True)}


def steps_of(graph: RoadGraph) -> set[tuple[int, int]]:
    """Every step along a section from one point of `extract` to the next."""
    steps: set[tuple[int, int]] = set()
    for number in range(len(graph.sections)):
        for backward, seconds in enumerate((graph.sections.along_s, graph.sections.against_s)):
            line = graph.sections.line(number, backward=bool(backward))
            if np.isfinite(seconds[number]):
                steps.update(pairwise(round(100 * (lon - 1)) for lon, _ in line))
    return steps


def extract(tmp_path: Path, ways: str, nodes: int = 6) -> Path:
    """A small `.osm` with nodes 1, 2, … a hundredth of a degree apart, and `ways`."""
    points = "".join(f'<node id="{i}" lon="{1 + i / 100}" lat="45"/>' for i in range(1, nodes + 1))
    path = tmp_path / "small.osm"
    path.write_text(f"<osm>{points}{ways}</osm>", encoding="utf-8")
    return path


def way(refs: str, **tags: str) -> str:
    nodes = "".join(f'<nd ref="{ref}"/>' for ref in refs.split())
    marks = "".join(f'<tag k="{k}" v="{v}"/>' for k, v in {"highway": "tertiary", **tags}.items())
    return f'<way id="1">{nodes}{marks}</way>'


def test_one_way_backwards_roundabout_and_private(tmp_path: Path) -> None:
    path = extract(
        tmp_path,
        way("1 2")
        + way("2 3", oneway="-1")
        + way("3 4 5 3", junction="roundabout")
        + way("5 6", access="private"),
    )
    graph = RoadGraph.from_osm(path)
    assert arcs_of(graph) == {(1, 2), (2, 1), (3, 2)}
    assert steps_of(graph) == arcs_of(graph) | {(3, 4), (4, 5), (5, 3)}
    on_foot = RoadGraph.from_osm(path, WALK)
    assert steps_of(on_foot) == steps_of(graph) | {(2, 3), (4, 3), (5, 4), (3, 5)}


def test_points_between_junctions_are_the_shape_of_a_section(tmp_path: Path) -> None:
    graph = RoadGraph.from_osm(extract(tmp_path, way("1 2 3 4") + way("3 5") + way("6 6")))
    assert graph.node_id.tolist() == [1, 3, 4, 5]
    assert graph.sections.line(0) == ((1.01, 45.0), (1.02, 45.0), (1.03, 45.0))
    assert graph.sections.line(0, backward=True) == graph.sections.line(0)[::-1]
    assert graph.sections.along_m[0] == pytest.approx(2 * 788.47, abs=0.01)


def test_a_gap_at_the_border_is_not_bridged(tmp_path: Path) -> None:
    path = extract(tmp_path, way("") + way("1 2 99 3 4") + way("5 6") + way(""))
    graph = RoadGraph.from_osm(path)
    assert arcs_of(graph) == {(1, 2), (2, 1), (3, 4), (4, 3), (5, 6), (6, 5)}
    assert graph.component_sizes.tolist() == [2, 2, 2]


def test_parallel_roads_keep_the_fastest_and_loops_go(tmp_path: Path) -> None:
    path = extract(tmp_path, way("1 2") + way("1 2", highway="primary") + way("2 2 3 3"))
    graph = RoadGraph.from_osm(path)
    assert arcs_of(graph) == {(1, 2), (2, 1), (2, 3), (3, 2)}
    metres = graph.metres[0]
    assert metres == pytest.approx(788.47, abs=0.01)  # 0.01° of longitude at 45° north (WGS84)
    assert graph.seconds[0] == pytest.approx(metres / (65 / 3.6))


def test_an_extract_without_roads_is_a_fault(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        RoadGraph.from_osm(extract(tmp_path, way("1 2", highway="footway")))
    assert caught.value.faults[0].code == "osm_without_roads"
    assert caught.value.faults[0].file.endswith("small.osm")


@given(road_graphs())
def test_networkx_and_back_loses_nothing(graph: RoadGraph) -> None:
    back = RoadGraph.from_networkx(graph.to_networkx())
    for name in ARRAYS:
        np.testing.assert_array_equal(getattr(back, name), getattr(graph, name))


def test_what_networkx_loses_is_what_the_docstring_says(tmp_path: Path) -> None:
    turn = (
        '<relation id="1"><member type="way" ref="1" role="from"/>'
        '<member type="node" ref="2" role="via"/><member type="way" ref="2" role="to"/>'
        '<tag k="type" v="restriction"/><tag k="restriction" v="no_left_turn"/></relation>'
    )
    roads = (way("1 2"), way("2 3"), way("1 2", highway="primary"), way("3 4 5 3"), way("2 6"))
    ways = (road.replace('id="1"', f'id="{n}"') for n, road in enumerate(roads, start=1))
    graph = RoadGraph.from_osm(extract(tmp_path, "".join(ways) + turn))
    back = RoadGraph.from_networkx(graph.to_networkx())
    for name in ("indptr", "heads", "seconds", "metres"):
        np.testing.assert_array_equal(getattr(back, name), getattr(graph, name))
    assert len(graph.banned) > len(back.banned) == 0
    assert len(graph.sections) == len(back.sections) + 2  # the slower road, and the loop
    assert "forbidden turns" in (RoadGraph.to_networkx.__doc__ or "")
    assert (set(back.sections.way_id.tolist()), back.sources) == ({-1}, ())


@given(road_graphs())
def test_components_are_those_of_networkx(graph: RoadGraph) -> None:
    row = {int(one): i for i, one in enumerate(graph.node_id)}
    theirs = [
        {row[node] for node in part}
        for part in nx.strongly_connected_components(graph.to_networkx())
    ]
    ours = [set(np.flatnonzero(graph.component == label).tolist()) for label in range(len(theirs))]
    assert sorted(map(sorted, ours)) == sorted(map(sorted, theirs))
    assert graph.component_sizes.tolist() == sorted(map(len, theirs), reverse=True)


def test_an_osmnx_graph_with_parallel_edges_and_any_ids() -> None:
    given_graph = nx.MultiDiGraph(crs="epsg:4326")
    given_graph.add_node("mairie", x=1.0, y=45.0)
    given_graph.add_node("école", x=1.1, y=45.0)
    given_graph.add_edge("mairie", "école", length=900.0, travel_time=60.0)
    given_graph.add_edge("mairie", "école", length=1000.0, travel_time=50.0)
    given_graph.add_edge("école", "mairie", length=900.0, speed_kph=54.0)
    given_graph.add_edge("école", "école", length=5.0, travel_time=1.0)
    graph = RoadGraph.from_networkx(given_graph)
    assert graph.node_id.tolist() == ["mairie", "école"]
    assert graph.seconds.tolist() == [50.0, 60.0]
    assert graph.metres.tolist() == [1000.0, 900.0]
    assert set(graph.to_networkx().edges) == {("mairie", "école"), ("école", "mairie")}


def test_an_undirected_graph_runs_both_ways() -> None:
    plain = nx.Graph()
    plain.add_node(1, x=1.0, y=45.0)
    plain.add_node(2, x=1.1, y=45.0)
    plain.add_edge(1, 2, length=10.0, travel_time=1.0)
    assert arcs_of(RoadGraph.from_networkx(plain)) == {(1, 2), (2, 1)}


def test_every_fault_of_a_networkx_graph_is_told() -> None:
    bad = nx.DiGraph()
    bad.add_node(1, x=1.0, y=45.0)
    bad.add_node(2)
    bad.add_edge(1, 2, length=10.0)
    bad.add_edge(2, 1, length=-1.0, travel_time=1.0)
    with pytest.raises(InputError) as caught:
        RoadGraph.from_networkx(bad)
    codes = [fault.code for fault in caught.value.faults]
    assert codes == ["node_without_coordinates", "edge_without_cost", "edge_without_cost"]


def test_values_of_an_edge_that_are_no_numbers_are_told_and_lists_of_speeds_are_read() -> None:
    road = nx.MultiDiGraph()
    road.add_node("a", x=1.0, y=45.0)
    road.add_node("b", x="1.01", y=45.0)
    kept = [
        {"length": 100.0, "speed_kph": [50, 30.0]},  # two roads joined: the slowest counts
        {"length": "100", "speed_kph": "36"},  # as GraphML has them
        {"length": 100, "travel_time": None, "speed_kph": 18},
    ]
    for key, data in enumerate(kept):
        one = nx.MultiDiGraph(road)
        one.add_edge("a", "b", **data)
        assert RoadGraph.from_networkx(one).seconds.tolist() == [[12.0], [10.0], [20.0]][key]
    refused = [
        {"length": 100.0, "speed_kph": "50 mph"},
        {"length": 100.0, "speed_kph": []},
        {"length": 100.0, "speed_kph": [50, "walk"]},
        {"length": 100.0, "speed_kph": 0},
        {"length": 100.0, "speed_kph": -5},
        {"length": "x", "travel_time": 1.0},
        {"length": [60, 40], "travel_time": 1.0},
        {"length": None, "travel_time": 1.0},
        {"length": 100.0, "travel_time": "1 min", "speed_kph": 50},
        {"length": 100.0, "travel_time": float("nan")},
        {"length": 10**400, "travel_time": 1.0},
    ]
    for data in refused:
        road.add_edge("a", "b", **data)
    with pytest.raises(InputError) as caught:
        RoadGraph.from_networkx(road)
    found = [(fault.code, fault.value) for fault in caught.value.faults]
    assert found == [("edge_without_cost", "a → b")] * len(refused)


@pytest.mark.parametrize("x", [None, "east", float("nan"), 650_000.0, [1.0]])
def test_nodes_that_lie_nowhere_are_told(x: object) -> None:
    lost = nx.DiGraph()
    lost.add_node("here", x=1.0, y=45.0)
    lost.add_node("there", x=x, y=45.0)
    with pytest.raises(InputError) as caught:
        RoadGraph.from_networkx(lost)
    found = [(fault.code, fault.value) for fault in caught.value.faults]
    assert found == [("node_without_coordinates", "there")]


def test_a_graph_of_nothing() -> None:
    graph = RoadGraph.of_arcs(
        node_id=[], lon=[], lat=[], tails=[], heads=[], seconds=[], metres=[], profile=CAR
    )
    assert len(graph) == 0
    assert graph.component_sizes.tolist() == []


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=1, max_size=8))
def test_of_parallel_arcs_the_fastest_then_the_shortest_stays(
    costs: list[tuple[int, int]],
) -> None:
    graph = RoadGraph.of_arcs(
        node_id=[1, 2],
        lon=[1, 2],
        lat=[45, 45],
        tails=[0] * len(costs),
        heads=[1] * len(costs),
        seconds=[seconds for seconds, _ in costs],
        metres=[metres for _, metres in costs],
    )
    assert (graph.seconds[0], graph.metres[0]) == min(costs)
    assert len(graph.heads) == 1
