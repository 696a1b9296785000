"""Whatever is asked of a hierarchy, the answer is Dijkstra's."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from msap_mobility.roads.hierarchy import Hierarchy, Seeds
from msap_mobility.roads.hierarchy.paths import path
from msap_mobility.roads.hierarchy.sweeps import Sweep
from msap_mobility.roads.hierarchy.tables import Buckets
from msap_mobility.roads.nearest import nearest_places
from msap_mobility.roads.weights import NEVER, metres_of, packed, seconds_of
from tests.roads.hierarchy.graphs import Graph, graphs, places, seeds_of


def through(ways: list[int], ends: list[tuple[int, int]]) -> int:
    return min((ways[node] + more for node, more in ends if ways[node] < NEVER), default=NEVER)


@settings(max_examples=300, deadline=None)
@given(st.data(), graphs())
def test_tables(data: st.DataObject, graph: Graph) -> None:
    origins, ends = data.draw(places(graph.nodes)), data.draw(places(graph.nodes))
    most = data.draw(st.none() | st.integers(0, 12 << 32))
    hierarchy = graph.hierarchy()
    limit = {} if most is None else {"most": most}
    found = Buckets.below(hierarchy, seeds_of(ends), **limit).table(seeds_of(origins))
    whole = [[through(graph.ways(origin), end) for end in ends] for origin in origins]
    expected = np.array(whole, np.int64).reshape(len(origins), len(ends))
    if most is not None:
        expected[expected > most] = NEVER
    assert (found == expected).all()


@settings(max_examples=200, deadline=None)
@given(st.data(), graphs(), st.booleans())
def test_sweeps(data: st.DataObject, graph: Graph, backward: bool) -> None:
    origins = data.draw(places(graph.nodes))
    found = Sweep(graph.hierarchy(), backward=backward).seconds(seeds_of(origins))
    expected = [graph.ways(origin, backward=backward) for origin in origins]
    assert found.shape == (len(origins), graph.nodes)
    assert (found == seconds_of(np.array(expected).reshape(found.shape)).astype(np.float32)).all()


@settings(max_examples=200, deadline=None)
@given(st.data(), graphs())
def test_paths(data: st.DataObject, graph: Graph) -> None:
    least: dict[tuple[int, int], int] = {}
    for tail, head, weight in graph.arcs:
        least[tail, head] = min(weight, least.get((tail, head), NEVER))
    hierarchy = graph.hierarchy()
    both = zip(data.draw(places(graph.nodes)), data.draw(places(graph.nodes)), strict=False)
    for origin, end in both:
        weight, nodes = path(hierarchy, seeds_of([origin]), seeds_of([end]))
        assert weight == through(graph.ways(origin), end)
        assert bool(nodes) == (weight < NEVER)
        if nodes:
            first = min(more for node, more in origin if node == nodes[0])
            last = min(more for node, more in end if node == nodes[-1])
            assert first + sum(least[arc] for arc in pairwise(nodes)) + last == weight


@settings(max_examples=200, deadline=None)
@given(st.data(), graphs(), st.integers(1, 4))
def test_nearest_places(data: st.DataObject, graph: Graph, k: int) -> None:
    ends = data.draw(places(graph.nodes))
    place, weight = nearest_places(graph.nodes, **graph.columns(), places=seeds_of(ends), k=k)
    ways = [graph.ways(end, backward=True) for end in ends]
    for node in range(graph.nodes):
        reached = sorted((way[node], number) for number, way in enumerate(ways))
        reached = [each for each in reached if each[0] < NEVER][:k]
        rest = k - len(reached)
        assert weight[node].tolist() == [way for way, _ in reached] + [NEVER] * rest
        assert place[node].tolist() == [number for _, number in reached] + [-1] * rest


@pytest.mark.parametrize("arcs", [(), ((0, 0, 5),)])
def test_a_graph_without_ways(arcs: tuple[tuple[int, int, int], ...]) -> None:
    hierarchy = Graph(2, arcs).hierarchy()
    table = Buckets.below(hierarchy, Seeds.at([0, 1])).table(Seeds.at([0, 1]))
    assert table.tolist() == [[0, NEVER], [NEVER, 0]]
    assert path(hierarchy, Seeds.at([0]), Seeds.at([1])) == (NEVER, [])


def test_nothing_asked() -> None:
    hierarchy = Hierarchy.build(0, tails=[], heads=[], weight=[], lon=[], lat=[])
    assert Buckets.below(hierarchy, Seeds.at([])).table(Seeds.at([])).shape == (0, 0)
    assert Sweep(hierarchy).seconds(Seeds.at([])).shape == (0, 0)


def test_a_dense_graph_outgrows_the_pool_and_every_buffer() -> None:
    rng = np.random.default_rng(3)
    arcs = tuple(
        (tail, head, int(rng.integers(1, 1000)) << 32)
        for tail in range(90)
        for head in range(90)
        if tail != head and rng.random() < 0.9
    )
    graph = Graph(90, arcs)
    everywhere = Seeds.at(range(90))
    told: list[float] = []
    hierarchy = Hierarchy.build(90, **graph.columns(), watch=told.append)
    table = Buckets.below(hierarchy, everywhere).table(everywhere)
    assert table.tolist() == [graph.ways([(node, 0)]) for node in range(90)]
    assert told == [1.0]


def test_where_nodes_lie_changes_nothing_but_their_order() -> None:
    rng = np.random.default_rng(4)
    tails, heads = rng.integers(0, 300, (2, 1200))
    graph = Graph(300, tuple(zip(tails.tolist(), heads.tolist(), [1 << 32] * 1200, strict=True)))
    plain = graph.hierarchy()
    laid = Hierarchy.build(300, **graph.columns(), lon=rng.random(300), lat=rng.random(300))
    everywhere = Seeds.at(range(300))
    tables = [Buckets.below(each, everywhere).table(everywhere) for each in (plain, laid)]
    assert (tables[0] == tables[1]).all()
    assert plain.shortcuts == laid.shortcuts


def test_weights_carry_time_and_length() -> None:
    weight = packed([0.0014, np.inf, 60], [0.004, 5, 1234.567])
    assert seconds_of(weight).tolist() == [0.001, np.inf, 60.0]
    assert metres_of(weight).tolist() == [0.0, np.inf, 1234.57]
