"""Turns on real extracts: forbidden ones are not made, answers are those of plain Dijkstra."""

from __future__ import annotations

from functools import cache
from itertools import pairwise

import numpy as np
import pytest
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from msap_mobility.roads import BICYCLE, CAR, VAN, WALK, RoadGraph
from msap_mobility.roads.network import Network
from msap_mobility.roads.snap import Snapped
from msap_mobility.roads.turn_network import TurnNetwork
from msap_mobility.roads.turn_ways import runs_between
from msap_mobility.roads.weights import NEVER, seconds_of
from tests.real_data import real_data

AREAS = ("meuse_montiers", "liechtenstein", "andorra", "porto")


@cache
def graph_of(name: str) -> RoadGraph:
    return RoadGraph.from_osm(real_data(f"roads/{name}.osm.pbf"))


def some_places(graph: RoadGraph, count: int, seed: int) -> Snapped:
    """Somewhere within sections of the main piece."""
    rng, roads = np.random.default_rng(seed), graph.sections
    main = (graph.component[roads.tail] == 0) & (graph.component[roads.head] == 0)
    nothing = np.zeros(count)
    return Snapped(
        section=rng.choice(np.flatnonzero(main), count).astype(np.int32),
        share=rng.uniform(0.01, 0.99, count),
        metres=nothing,
        x=nothing,
        y=nothing,
    )


@pytest.mark.parametrize("name", AREAS)
def test_tables_with_turns_are_scipys(name: str) -> None:
    graph = graph_of(name)
    network = TurnNetwork(graph)
    origins, destinations = some_places(graph, 8, 1), some_places(graph, 60, 2)
    assert len(network.hierarchy) == 2 * len(graph.sections)
    found = seconds_of(network.ways_to(destinations, origins=8)(origins))
    start, heads, weight = network.arcs
    states = csr_array((seconds_of(weight) + 1e-9, heads, start), shape=(len(start) - 1,) * 2)
    leaving, arriving = network.leaving(origins), network.arriving(destinations)
    to_all = dijkstra(states, indices=leaving.node)
    expected = np.full(found.shape, np.inf)
    for i in range(len(origins)):
        out = slice(leaving.start[i], leaving.start[i + 1])
        to_state = (to_all[out] + seconds_of(leaving.weight[out])[:, None]).min(axis=0)
        for j in range(len(destinations)):
            home = slice(arriving.start[j], arriving.start[j + 1])
            ways = to_state[arriving.node[home]] + seconds_of(arriving.weight[home])
            expected[i, j] = ways.min(initial=np.inf)
    row, column, along = network.along(origins, destinations)
    expected[row, column] = np.minimum(expected[row, column], seconds_of(along))
    np.testing.assert_allclose(found, expected, atol=1e-4)


@pytest.mark.parametrize("name", AREAS)
def test_ways_with_turns_make_no_forbidden_one_and_cost_no_less(name: str) -> None:
    graph = graph_of(name)
    network = TurnNetwork(graph)
    origins, destinations = some_places(graph, 20, 3), some_places(graph, 20, 4)
    plain = Network(graph).ways_to(destinations, origins=20)(origins).diagonal()
    found = network.ways_to(destinations, origins=20)(origins).diagonal()
    assert (found >= plain).all()
    banned = {tuple(turn) for turn in graph.banned.tolist()}
    for i in range(20):
        one = np.array([i])
        runs = runs_between(network, origins.part(one), destinations.part(one))
        made = list(pairwise(runs))
        turns = [network.turn_between(a.direction, b.direction) for a, b in made]
        assert banned.isdisjoint((a.direction, b.direction) for a, b in made)
        assert sum(map(network.weight_of, runs)) + sum(turns) == found[i]
        assert found[i] < NEVER


@pytest.mark.parametrize(("name", "count"), [("liechtenstein", 78), ("andorra", 40)])
def test_restrictions_are_read(name: str, count: int) -> None:
    assert len(graph_of(name).banned) >= count


def test_restrictions_through_whole_roads_are_counted() -> None:
    """Of the seven of Liechtenstein's file, as osmium counts them; a car is bound by all."""
    note = graph_of("liechtenstein").sources[0].note.en
    assert "7 that lead through whole roads" in note


def test_every_profile_finds_its_roads() -> None:
    path = real_data("roads/andorra.osm.pbf")
    km = {}
    for profile in (CAR, VAN, BICYCLE, WALK):
        graph = RoadGraph.from_osm(path, profile)
        main = graph.pieces()[0]
        km[profile.id] = main.km
        assert main.km > 0.8 * sum(piece.km for piece in graph.pieces())
    assert km["van"] < km["car"] < min(km["bicycle"], km["walk"])
