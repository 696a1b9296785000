"""Turns on real extracts: forbidden ones are not made, answers are those of plain Dijkstra."""

from __future__ import annotations

import heapq
from dataclasses import replace
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
    assert len(network.hierarchy) == len(network.turns.direction)
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


@pytest.mark.parametrize(("name", "count"), [("liechtenstein", 6), ("porto", 1)])
def test_restrictions_through_whole_roads_are_counted(name: str, count: int) -> None:
    """A seventh of Liechtenstein's leads over a road for buses only."""
    note = graph_of(name).sources[0].note.en
    assert f"{count} of them through whole roads" in note
    assert len(long_ways(graph_of(name))) >= count


def long_ways(graph: RoadGraph) -> list[tuple[int, ...]]:
    ways = [tuple(one for one in way if one >= 0) for way in graph.banned.tolist()]
    return [way for way in ways if len(way) > 2]


def without_long_ways(graph: RoadGraph) -> RoadGraph:
    return replace(graph, banned=graph.banned[(graph.banned[:, 2:] < 0).all(axis=1)])


def remembering(graph: RoadGraph, start: Snapped, end: Snapped) -> int:
    """Dijkstra over the last directions run, which knows of turns only those of two directions."""
    forbidden = set(long_ways(graph))
    memory = max(map(len, forbidden)) - 1
    network = TurnNetwork(
        replace(graph, banned=graph.banned[(graph.banned[:, 2:] < 0).all(axis=1)])
    )
    first, into, weight = (column.tolist() for column in network.arcs)
    leaving, arriving = network.leaving(start), network.arriving(end)
    homes = dict(zip(arriving.node.tolist(), arriving.weight.tolist(), strict=True))
    before = [2 * int(start.section[0]), 2 * int(start.section[0]) + 1]
    queue = [
        (out, (come, state))
        for state, out in zip(leaving.node.tolist(), leaving.weight.tolist(), strict=True)
        for come in before
        if network.turn_between(come, state) < NEVER
    ]
    heapq.heapify(queue)
    done: set[tuple[int, ...]] = set()
    best = NEVER
    while queue and queue[0][0] < best:
        reached, way = heapq.heappop(queue)
        if way in done:
            continue
        done.add(way)
        best = min(best, reached + homes.get(way[-1], NEVER))
        for arc in range(first[way[-1]], first[way[-1] + 1]):
            gone = (*way, into[arc])
            if not any(gone[nth:] in forbidden for nth in range(len(gone))):
                heapq.heappush(queue, (reached + weight[arc], gone[-memory:]))
    return best


@pytest.mark.parametrize("name", ["liechtenstein", "porto"])
def test_ways_through_whole_roads_are_those_of_one_who_remembers(name: str) -> None:
    graph = graph_of(name)
    network, short, dearer = TurnNetwork(graph), TurnNetwork(without_long_ways(graph)), 0
    for way in long_ways(graph):
        start, end = (one_place(direction) for direction in (way[0], way[-1]))
        found = int(network.ways_to(end, origins=1)(start)[0, 0])
        assert found == remembering(graph, start, end)
        dearer += found > int(short.ways_to(end, origins=1)(start)[0, 0])
        gone = tuple(run.direction for run in runs_between(network, start, end))
        assert all(gone[nth : nth + len(way)] != way for nth in range(len(gone)))
    assert dearer > 0


def one_place(direction: int) -> Snapped:
    """In the middle of a section."""
    nothing = np.zeros(1)
    section = np.array([direction >> 1], np.int32)
    return Snapped(section=section, share=nothing + 0.5, metres=nothing, x=nothing, y=nothing)


def test_every_profile_finds_its_roads() -> None:
    path = real_data("roads/andorra.osm.pbf")
    km = {}
    for profile in (CAR, VAN, BICYCLE, WALK):
        graph = RoadGraph.from_osm(path, profile)
        main = graph.pieces()[0]
        km[profile.id] = main.km
        assert main.km > 0.8 * sum(piece.km for piece in graph.pieces())
    assert km["van"] < km["car"] < min(km["bicycle"], km["walk"])
