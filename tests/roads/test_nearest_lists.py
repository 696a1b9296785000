"""The search of the k nearest where its buckets are put to the test: weights of every size."""

from __future__ import annotations

import numpy as np
import pytest

from msap_mobility.roads.hierarchy import Seeds
from msap_mobility.roads.nearest import nearest_places
from msap_mobility.roads.weights import NEVER
from tests.roads.hierarchy.graphs import Graph, seeds_of

DAYS_12 = (1 << 30) - 1
"""Milliseconds: the longest that a weight can tell."""


def checked(graph: Graph, ends: list[list[tuple[int, int]]], k: int, most: int = NEVER - 1) -> None:
    """Raise if any list is not what Dijkstra's algorithm from every place gives, ties and all."""
    place, weight = nearest_places(
        graph.nodes, **graph.columns(), places=seeds_of(ends), k=k, most=most
    )
    ways = [graph.ways(end, backward=True) for end in ends]
    for node in range(graph.nodes):
        reached = sorted((way[node], number) for number, way in enumerate(ways))
        reached = [each for each in reached if each[0] <= most][:k]
        rest = k - len(reached)
        assert weight[node].tolist() == [way for way, _ in reached] + [NEVER] * rest
        assert place[node].tolist() == [number for _, number in reached] + [-1] * rest


@pytest.mark.parametrize("bits", [1, 8, 20, 28])
@pytest.mark.parametrize("k", [1, 3, 9])
def test_weights_of_every_size(bits: int, k: int) -> None:
    """From nothing to days side by side: most arcs fit in one bucket, some span all of them."""
    rng = np.random.default_rng(bits)
    nodes, arcs = 60, 200
    ends = rng.integers(0, nodes, (arcs, 2)).tolist()
    weights = [int(2 ** rng.uniform(0, bits)) - 1 << 32 for _ in range(arcs)]
    graph = Graph(nodes, tuple((a, b, way) for (a, b), way in zip(ends, weights, strict=True)))
    places = [
        [(int(rng.integers(nodes)), int(2 ** rng.uniform(0, bits)) << 32) for _ in range(2)]
        for _ in range(12)
    ]
    checked(graph, places, k)
    checked(graph, places, k, most=1 << (31 + bits))


def test_one_arc_of_twelve_days_among_milliseconds() -> None:
    """Buckets as narrow as the mean arc would be more than there may be."""
    chain = [(node, node + 1, 1 << 32) for node in range(400)]
    back = [(head, tail, weight) for tail, head, weight in chain]
    graph = Graph(402, (*chain, *back, (401, 0, (DAYS_12 - 500) << 32)))
    checked(graph, [[(0, 0)], [(200, 0)], [(400, 0)]], 2)


def test_places_known_from_far_away_only() -> None:
    """Nothing to be done for a long time, then everything at once."""
    graph = Graph(3, ((1, 0, 1 << 32), (2, 1, 1 << 32)))
    checked(graph, [[(0, (DAYS_12 - 9) << 32)], [(1, (DAYS_12 - 9) << 32)]], 2)


def test_nothing_costs_anything() -> None:
    """All ways are equal: the places given first are the nearest."""
    graph = Graph(30, tuple((a, b, 0) for a in range(30) for b in (a * 7 % 30, (a + 1) % 30)))
    checked(graph, [[(node, 0)] for node in range(0, 30, 3)], 4)


def test_closed_arcs_are_not_taken() -> None:
    place, weight = nearest_places(
        3, tails=[0, 1], heads=[1, 2], weight=[NEVER, 5], places=Seeds.at([2]), k=1
    )
    assert place.tolist() == [[-1], [0], [0]]
    assert weight.tolist() == [[NEVER], [5], [0]]
