"""Graphs of networkx with OSMnx's shapes: bends are kept, and both ways are of one road."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely import LineString

from msap_mobility.model import Place
from msap_mobility.roads import RoadGraph, RoadTimes
from tests.real_data import real_data

BEND = ((1.0, 45.0), (1.03, 45.02), (1.08, 45.01), (1.1, 45.0))


def two_nodes(kind: type[nx.Graph] = nx.MultiDiGraph) -> nx.Graph:
    graph = kind(crs="epsg:4326")
    graph.add_node(7, x=1.0, y=45.0)
    graph.add_node(3, x=1.1, y=45.0)
    return graph


def test_the_two_ways_of_a_bent_road_are_one_section() -> None:
    given_graph = two_nodes()
    cost = {"length": 9000.0, "travel_time": 600.0}
    given_graph.add_edge(7, 3, geometry=LineString(BEND), **cost)
    given_graph.add_edge(3, 7, geometry=LineString(BEND[::-1]), length=9000.0, travel_time=700.0)
    given_graph.add_edge(3, 7, length=8000.0, travel_time=900.0)
    graph = RoadGraph.from_networkx(given_graph)
    sections = graph.sections
    assert [sections.line(0), sections.line(1)] == [BEND, (BEND[0], BEND[-1])]
    assert [sections.along_s.tolist(), sections.against_s.tolist()] == [[600, np.inf], [700, 900]]
    assert sections.along_m.tolist() == [9000, 8000]
    assert graph.seconds.tolist() == [600, 700]
    back = graph.to_networkx()
    assert tuple(back.edges[3, 7]["geometry"].coords) == BEND[::-1]
    a, b = (Place(id=i, name="", lon=lon, lat=45.0) for i, lon in (("a", 1.0), ("b", 1.1)))
    assert BEND[1] in RoadTimes(graph).route(a, b).line


def test_an_undirected_line_is_turned_for_the_way_back() -> None:
    plain = two_nodes(nx.Graph)
    plain.add_edge(7, 3, length=9000.0, travel_time=600.0, geometry=LineString(BEND))
    graph = RoadGraph.from_networkx(plain)
    assert len(graph.sections) == 1
    assert graph.sections.line(0) == BEND
    assert graph.seconds.tolist() == [600, 600]


@pytest.mark.parametrize("geometry", [None, "LINESTRING (1 45, 1.1 45)", LineString()])
def test_what_is_no_line_is_straight(geometry: object) -> None:
    given_graph = two_nodes()
    given_graph.add_edge(7, 3, length=1.0, travel_time=1.0, geometry=geometry)
    graph = RoadGraph.from_networkx(given_graph)
    assert graph.sections.line(0) == (BEND[0], BEND[-1])
    assert "geometry" not in graph.to_networkx().edges[7, 3]


EDGES = st.lists(
    st.tuples(st.integers(0, 3), st.integers(0, 3), st.integers(0, 2), st.integers(0, 9)),
    max_size=12,
)


@given(EDGES)
def test_every_edge_is_one_way_of_one_section(edges: list[tuple[int, int, int, int]]) -> None:
    given_graph = nx.MultiDiGraph()
    for node in range(4):
        given_graph.add_node(node, x=1 + node / 10, y=45.0)
    for tail, head, bend, seconds in edges:
        points = [(1 + tail / 10, 45.0), *[(1.0, 46.0 + bend)][: bend and 1], (1 + head / 10, 45.0)]
        given_graph.add_edge(
            tail, head, length=10.0 * seconds, travel_time=seconds, geometry=LineString(points)
        )
    sections = RoadGraph.from_networkx(given_graph).sections
    found = [
        (int(ends[0]), int(ends[1]), bend_of(sections.line(number)), int(seconds))
        for number in range(len(sections))
        for ends, seconds in (
            ((sections.tail[number], sections.head[number]), sections.along_s[number]),
            ((sections.head[number], sections.tail[number]), sections.against_s[number]),
        )
        if np.isfinite(seconds)
    ]
    assert sorted(found) == sorted(edges)
    pairs = {(min(a, b), max(a, b), bend) for a, b, bend, _ in edges}
    fewest = sum(
        max(
            sum(edge[:3] == (a, b, bend) for edge in edges),
            sum(edge[:3] == (b, a, bend) for edge in edges),
        )
        for a, b, bend in pairs
    )
    assert len(sections) == fewest


def bend_of(line: tuple[tuple[float, float], ...]) -> int:
    return round(line[1][1] - 46) if len(line) > 2 else 0


def test_a_real_network_keeps_its_arcs_and_shapes() -> None:
    graph = RoadGraph.from_osm(real_data("roads/meuse_montiers_lite.osm.gz"))
    back = RoadGraph.from_networkx(graph.to_networkx())
    for name in ("node_id", "indptr", "heads", "seconds", "metres", "component"):
        np.testing.assert_array_equal(getattr(back, name), getattr(graph, name))
    for way, theirs in zip(graph.arc_way.tolist(), back.arc_way.tolist(), strict=True):
        assert graph.sections.line(way // 2, backward=way % 2 == 1) == back.sections.line(
            theirs // 2, backward=theirs % 2 == 1
        )
