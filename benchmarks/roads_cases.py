"""The cases of the roads benchmark."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks.roads_engines import osrm_on, valhalla_on
from benchmarks.roads_measuring import (
    built,
    first_of,
    graph_of,
    median,
    peak_of,
    plain_and_turns,
    row_of,
    some_nodes,
    tiled,
    timed,
)
from benchmarks.roads_peers import Igraph, Networkx, Pandana, Scipy
from benchmarks.table import Row
from msap_mobility.model import Points
from msap_mobility.roads import RoadGraph
from msap_mobility.roads.hierarchy import Seeds
from msap_mobility.roads.hierarchy.sweeps import Sweep
from msap_mobility.roads.hierarchy.tables import Buckets
from msap_mobility.roads.nearest import nearest_places
from msap_mobility.roads.weights import packed, seconds_of

if TYPE_CHECKING:
    from pathlib import Path

    from msap_mobility.roads.hierarchy import Hierarchy

__all__ = ["extract", "matrix", "nearest_5", "one_to_all", "scale"]

_FAR_S = 36_000.0

_FEW = 100
"""Rows and columns of a table that Valhalla is asked for: more take it minutes."""


def extract(roads: Path, peers: tuple[str, ...]) -> list[Row]:
    """The file read into a graph; the hierarchy built."""
    read_s = median(lambda: RoadGraph.from_osm(roads))
    graph = graph_of(roads)
    build_s = median(lambda: built(graph))
    rows = [row_of("extract", "read", read_s), row_of("extract", "hierarchy", build_s)]
    with osrm_on(roads, peers) as osrm:
        if osrm is not None:
            rows.append(row_of("extract", "read", read_s, "osrm extract", osrm.extract_s))
            rows.append(row_of("extract", "hierarchy", build_s, "osrm contract", osrm.contract_s))
    with valhalla_on(roads, peers) as valhalla:
        if valhalla is not None:
            rows.append(row_of("extract", "read", read_s, "valhalla tiles", valhalla.tiles_s))
    if "pandana" in peers:
        pandana = Pandana(graph)
        rows.append(row_of("extract", "hierarchy", build_s, "pandana", pandana.seconds))
    return rows


def matrix(roads: Path, peers: tuple[str, ...], count: int) -> list[Row]:
    """A table between random junctions, coordinates in."""
    graph, case = graph_of(roads), f"matrix-{count}"
    nodes = some_nodes(graph, 2 * count)
    points = [Points(graph.lon[part], graph.lat[part]) for part in np.split(nodes, 2)]
    origins, destinations = np.split(nodes, 2)
    rows = []
    ours: dict[str, tuple[float, Any]] = {}
    for name, times in plain_and_turns(graph):
        times.table(*points)  # the hierarchy is built, once
        seconds = median(partial(times.table, *points))
        ours[name] = seconds, times.table(*points).seconds
        rows.append(row_of(f"{case} {name}", "seconds", seconds))
    plain_s, plain = ours["plain"]
    for kind in (Scipy, Igraph, Pandana):
        if (name := kind.__name__.lower()) in peers:
            theirs_s, table = timed(partial(kind(graph).table, origins, destinations))
            same = bool(np.allclose(plain, table, atol=0.3, rtol=1e-3))
            rows.append(row_of(f"{case} plain", "seconds", plain_s, name, theirs_s, same=same))
    if "networkx" in peers:
        networkx = Networkx(graph)
        one_s, _ = timed(lambda: networkx.row(int(origins[0])))
        label = "networkx, a row × rows"
        rows.append(row_of(f"{case} plain", "seconds", plain_s, label, count * one_s))
    with osrm_on(roads, peers) as osrm:
        if osrm is not None:
            osrm.table(*(first_of(side, 10) for side in points))
            theirs_s = median(lambda: osrm.table(*points))
            for name, (seconds, _) in ours.items():
                rows.append(row_of(f"{case} {name}", "seconds", seconds, "osrm CH", theirs_s))
    with valhalla_on(roads, peers) as valhalla:
        if valhalla is not None:
            few = [first_of(side, _FEW) for side in points]
            theirs_s = median(lambda: valhalla.table(*few))
            for name, times in plain_and_turns(graph):
                times.table(*few)
                seconds = median(partial(times.table, *few))
                rows.append(row_of(f"{case} {name}", "100 × 100", seconds, "valhalla", theirs_s))
    return rows


def nearest_5(roads: Path, peers: tuple[str, ...]) -> list[Row]:
    """For every node the five nearest of 2,000 places."""
    graph = graph_of(roads)
    places = some_nodes(graph, 2000)
    weight = packed(graph.seconds, graph.metres)

    def ask() -> Any:
        return nearest_places(len(graph), graph.tails, graph.heads, weight, Seeds.at(places), 5)

    seconds = median(ask)
    rows = [row_of("nearest-5", "seconds", seconds)]
    if "pandana" in peers:
        pandana = Pandana(graph)
        where = graph.lon[places], graph.lat[places]
        found = pandana.nearest(*where, 5, _FAR_S)
        theirs_s = median(lambda: pandana.nearest(*where, 5, _FAR_S))
        ours = seconds_of(ask()[1])
        same = bool(np.nanmedian(np.abs(np.minimum(ours, _FAR_S) - found)) < 0.1)
        rows.append(row_of("nearest-5", "seconds", seconds, "pandana", theirs_s, same=same))
    return rows


def one_to_all(roads: Path, peers: tuple[str, ...]) -> list[Row]:
    """Full rows from 64 nodes, a row each."""
    return _rows_to_all("one-to-all", graph_of(roads), peers)


def scale(roads: Path, peers: tuple[str, ...]) -> list[Row]:
    """About a million nodes: the extract four by four."""
    graph = tiled(graph_of(roads), 4)
    build_s, hierarchy = timed(lambda: built(graph))
    origins, destinations = np.split(some_nodes(graph, 2000), 2)

    def table() -> Any:
        return Buckets.below(hierarchy, Seeds.at(destinations)).table(Seeds.at(origins))

    rows = [
        Row(case="scale", metric="nodes", unit="1", ours=float(len(graph))),
        row_of("scale", "hierarchy", build_s),
        peak_of("scale"),
        row_of("scale", "matrix-1000", median(table)),
    ]
    floor = _bandwidth_floor_s(hierarchy)
    return [*rows, *_rows_to_all("scale", graph, peers, hierarchy=hierarchy, floor_s=floor)]


def _rows_to_all(
    case: str,
    graph: RoadGraph,
    peers: tuple[str, ...],
    *,
    hierarchy: Hierarchy | None = None,
    floor_s: float | None = None,
) -> list[Row]:
    nodes = some_nodes(graph, 64)
    sweep = Sweep(hierarchy or built(graph))
    seconds = median(lambda: sweep.seconds(Seeds.at(nodes))) / len(nodes)
    rows = [row_of(case, "a row to all", seconds)]
    if floor_s is not None:
        rows.append(row_of(case, "a row to all", seconds, "memory floor", floor_s))
    if "scipy" in peers:
        scipy = Scipy(graph)
        theirs_s, found = timed(lambda: scipy.to_all(nodes[:4]))
        same = bool(np.allclose(sweep.seconds(Seeds.at(nodes[:4])), found, atol=0.01, rtol=1e-5))
        rows.append(row_of(case, "a row to all", seconds, "scipy", theirs_s / 4, same=same))
    return rows


def _bandwidth_floor_s(hierarchy: Hierarchy) -> float:
    """Seconds that moving what a sweep must read and write takes, for one of its sixteen rows.

    Arcs once (8 bytes), the line of labels above each (64), labels written and read again, rows.
    """
    block = np.zeros(25_000_000)
    seconds = median(block.sum)
    arcs, nodes = len(hierarchy.down.above), len(hierarchy)
    moved = arcs * (8 + 64) + 2 * 64 * nodes + 16 * 4 * nodes
    return seconds / block.nbytes * moved / 16
