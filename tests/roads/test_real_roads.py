"""Real extracts: the reader against graphs made by another hand, and answers that make sense."""

from __future__ import annotations

import csv
import gzip
from dataclasses import replace
from functools import cache
from itertools import pairwise

import numpy as np
import pytest
from pyproj import Geod
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from msap_mobility.formats import osm
from msap_mobility.model import Place, Points, Reached
from msap_mobility.roads import CAR, WALK, RoadGraph, RoadTimes
from tests.real_data import real_data

AREAS = ("meuse_montiers", "liechtenstein", "andorra")
AS_THE_READY_MADE = replace(
    CAR, access_tags=(), track_km_per_h={}, barrier_s={}, size={}, oneway_tags=("oneway",)
)
"""The ready-made graphs hold private, low and barred roads, and no tracks."""


@cache
def graph_of(name: str) -> RoadGraph:
    return RoadGraph.from_osm(real_data(f"roads/{name}"))


def ready_made(name: str) -> list[dict[str, str]]:
    with gzip.open(real_data(f"roads/{name}_edges.csv.gz"), "rt", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def directed_segments(rows: list[dict[str, str]]) -> set[tuple[str, str]]:
    """Every step from one written coordinate to the next that the rows allow."""
    steps: set[tuple[str, str]] = set()
    for row in rows:
        points = row["coords"].split(";")
        if row["oneway"] != "-1":
            steps.update(pairwise(points))
        if row["oneway"] not in ("yes", "1", "true"):
            steps.update(pairwise(points[::-1]))
    return steps


@pytest.mark.parametrize("name", AREAS)
def test_the_ready_made_graphs_arc_by_arc(name: str) -> None:
    """The same steps from point to point of the drawn roads."""
    graph = RoadGraph.from_osm(real_data(f"roads/{name}.osm.pbf"), AS_THE_READY_MADE)
    rows = ready_made(name)
    roads = graph.sections
    ours = {
        step
        for number in range(len(roads))
        for backward, seconds in enumerate((roads.along_s, roads.against_s))
        if np.isfinite(seconds[number])
        for step in pairwise(
            f"{lon:.6f} {lat:.6f}" for lon, lat in roads.line(number, backward=bool(backward))
        )
    }
    assert ours == directed_segments(rows)


@pytest.mark.parametrize(("name", "pieces"), [*zip(AREAS, (4, 20, 6), strict=True)])
def test_the_ready_made_pieces_and_kilometres(name: str, pieces: int) -> None:
    """Pieces are those its README tells; lengths are those of the rows."""
    graph = RoadGraph.from_osm(real_data(f"roads/{name}.osm.pbf"), AS_THE_READY_MADE)
    assert len(graph.pieces()) == pieces
    assert sum(piece.km for piece in graph.pieces()) == pytest.approx(
        graph.sections.along_m.sum() / 1000
    )
    theirs = sum(float(row["length_m"]) for row in ready_made(name))
    assert graph.sections.along_m.sum() == pytest.approx(theirs, rel=1e-4)


@pytest.mark.parametrize("name", AREAS)
def test_the_binary_and_the_lite_text_extract_give_one_graph(name: str) -> None:
    free = replace(CAR, bound_by=())  # the lite extracts have no relations
    binary, text = (
        RoadGraph.from_osm(real_data(f"roads/{name}{ending}"), free)
        for ending in (".osm.pbf", "_lite.osm.gz")
    )
    np.testing.assert_array_equal(binary.node_id, text.node_id)
    np.testing.assert_array_equal(binary.heads, text.heads)
    np.testing.assert_allclose(binary.seconds, text.seconds, rtol=1e-9)


@pytest.mark.parametrize("name", AREAS)
def test_buildings_reach_one_another(name: str) -> None:
    graph = graph_of(f"{name}.osm.pbf")
    houses = osm.buildings(real_data(f"roads/{name}.osm.pbf"))
    some = np.random.default_rng(0).choice(len(houses), 60, replace=False)
    homes = Points(houses.lon[some], houses.lat[some])
    places = Points(homes.lon[:8], homes.lat[:8])
    times = RoadTimes(graph)
    table = times.table(homes, places)
    near = times.snap(homes).is_near
    assert near.mean() > 0.9
    ok = near[:, None] & near[None, :8]
    np.testing.assert_array_equal(table.status, np.where(ok, Reached.OK, Reached.TOO_FAR_TO_SNAP))
    km_per_h = 3.6 * table.metres[ok] / np.maximum(table.seconds[ok], 1)
    assert 10 < np.median(km_per_h) < 80
    to_itself = table.seconds[:8].diagonal()[near[:8]]
    np.testing.assert_array_equal(to_itself, 0)


@pytest.mark.parametrize("profile", [CAR, WALK])
def test_a_route_drawn_is_as_long_as_told(profile: object) -> None:
    graph = RoadGraph.from_osm(real_data("roads/andorra_lite.osm.gz"), profile)
    main = np.flatnonzero(graph.component == 0)
    pairs = np.random.default_rng(1).choice(main, (12, 2))
    times = RoadTimes(graph)
    for a, b in pairs:
        ends = [
            Place(id=str(row), name="", lon=float(graph.lon[row]), lat=float(graph.lat[row]))
            for row in (a, b)
        ]
        route = times.route(*ends)
        assert route.status is Reached.OK
        lon, lat = np.array(route.line).T
        assert Geod(ellps="WGS84").line_length(lon, lat) == pytest.approx(route.metres, rel=1e-5)


def test_the_table_is_scipys_dijkstra_and_metres_are_of_the_same_path() -> None:
    graph = graph_of("liechtenstein.osm.pbf")
    main = np.flatnonzero(graph.component == 0)
    rng = np.random.default_rng(2)
    tails, heads = rng.choice(main, 5), rng.choice(main, 200)
    shape = (len(graph), len(graph))
    whole = np.rint(graph.seconds * 1000) / 1000  # as they are added up
    arcs = csr_array((whole, graph.heads, graph.indptr), shape=shape)
    length = csr_array((graph.metres, graph.heads, graph.indptr), shape=shape)
    seconds, before = dijkstra(arcs, indices=tails, return_predecessors=True)
    table = RoadTimes(graph).table(
        Points(graph.lon[tails], graph.lat[tails]), Points(graph.lon[heads], graph.lat[heads])
    )
    np.testing.assert_allclose(table.seconds, seconds[:, heads], rtol=1e-6, atol=1e-3)
    for i, tail in enumerate(tails):
        for j, head in enumerate(heads[:40]):
            node, metres = head, 0.0
            while node != tail:
                metres += length[before[i, node], node]
                node = before[i, node]
            assert table.metres[i, j] == pytest.approx(metres, rel=1e-5, abs=0.2)  # whole cm
