"""The cases of the roads benchmark."""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks.roads_peers import Igraph, Networkx, Osrm, Pandana, Scipy
from benchmarks.table import Row
from msap_mobility.model import Points
from msap_mobility.roads import RoadGraph, RoadTimes
from msap_mobility.roads.hierarchy import Hierarchy, Seeds
from msap_mobility.roads.hierarchy.sweeps import Sweep
from msap_mobility.roads.hierarchy.tables import Buckets
from msap_mobility.roads.nearest import nearest_places
from msap_mobility.roads.weights import packed, seconds_of

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["extract", "matrix", "nearest_5", "one_to_all", "quality", "scale"]

_SEED = 20_261_130
_FAR_S = 36_000.0


def extract(roads: Path, peers: tuple[str, ...]) -> list[Row]:
    """The file read into a graph; the hierarchy built."""
    read_s = _median(lambda: RoadGraph.from_osm(roads))
    graph = _graph(roads)
    build_s = _median(lambda: _built(graph))
    rows = [_row("extract", "read", read_s), _row("extract", "hierarchy", build_s)]
    with _osrm(roads, peers) as osrm:
        if osrm is not None:
            rows.append(_row("extract", "read", read_s, "osrm extract", osrm.extract_s))
            rows.append(_row("extract", "hierarchy", build_s, "osrm contract", osrm.contract_s))
    if "pandana" in peers and (pandana := _made(Pandana, graph)) is not None:
        rows.append(_row("extract", "hierarchy", build_s, "pandana", pandana.seconds))
    return rows


def matrix(roads: Path, peers: tuple[str, ...], count: int) -> list[Row]:
    """A table between random junctions, coordinates in."""
    graph, case = _graph(roads), f"matrix-{count}"
    nodes = _some_nodes(graph, 2 * count)
    points = [Points(graph.lon[part], graph.lat[part]) for part in np.split(nodes, 2)]
    origins, destinations = np.split(nodes, 2)
    rows = []
    ours: dict[str, tuple[float, Any]] = {}
    for name, times in _ours(graph):
        times.table(*points)  # the hierarchy is built, once
        seconds = _median(partial(times.table, *points))
        ours[name] = seconds, times.table(*points).seconds
        rows.append(_row(f"{case} {name}", "seconds", seconds))
    plain_s, plain = ours["plain"]
    for kind in (Scipy, Igraph, Pandana):
        if kind.__name__.lower() in peers and (peer := _made(kind, graph)) is not None:
            theirs_s, table = _timed(partial(peer.table, origins, destinations))
            same = bool(np.allclose(plain, table, atol=0.3, rtol=1e-3))
            name = kind.__name__.lower()
            rows.append(_row(f"{case} plain", "seconds", plain_s, name, theirs_s, same=same))
    if "networkx" in peers and (networkx := _made(Networkx, graph)) is not None:
        one_s, _ = _timed(lambda: networkx.row(int(origins[0])))
        label = "networkx, a row × rows"
        rows.append(_row(f"{case} plain", "seconds", plain_s, label, count * one_s))
    with _osrm(roads, peers) as osrm:
        if osrm is not None:
            osrm.table(*(_first(side, 10) for side in points))
            theirs_s = _median(lambda: osrm.table(*points))
            for name, (seconds, _) in ours.items():
                rows.append(_row(f"{case} {name}", "seconds", seconds, "osrm CH", theirs_s))
    return rows


def nearest_5(roads: Path, peers: tuple[str, ...]) -> list[Row]:
    """For every node the five nearest of 2,000 places."""
    graph = _graph(roads)
    places = _some_nodes(graph, 2000)
    weight = packed(graph.seconds, graph.metres)

    def ask() -> Any:
        return nearest_places(len(graph), graph.tails, graph.heads, weight, Seeds.at(places), 5)

    seconds = _median(ask)
    rows = [_row("nearest-5", "seconds", seconds)]
    if "pandana" in peers and (pandana := _made(Pandana, graph)) is not None:
        where = graph.lon[places], graph.lat[places]
        theirs_s, found = _timed(lambda: pandana.nearest(*where, 5, _FAR_S))
        ours = seconds_of(ask()[1])
        same = bool(np.nanmedian(np.abs(np.minimum(ours, _FAR_S) - found)) < 0.1)
        rows.append(_row("nearest-5", "seconds", seconds, "pandana", theirs_s, same=same))
    return rows


def one_to_all(roads: Path, peers: tuple[str, ...]) -> list[Row]:
    """Full rows from 64 nodes, a row each."""
    return _rows_to_all("one-to-all", _graph(roads), peers)


def scale(roads: Path, peers: tuple[str, ...]) -> list[Row]:
    """About a million nodes: the extract four by four."""
    graph = _tiled(_graph(roads), 4)
    build_s, hierarchy = _timed(lambda: _built(graph))
    origins, destinations = np.split(_some_nodes(graph, 2000), 2)

    def table() -> Any:
        return Buckets.below(hierarchy, Seeds.at(destinations)).table(Seeds.at(origins))

    rows = [
        Row(case="scale", metric="nodes", unit="1", ours=float(len(graph))),
        _row("scale", "hierarchy", build_s),
        _row("scale", "matrix-1000", _median(table)),
    ]
    floor = _bandwidth_floor_s(hierarchy)
    return [*rows, *_rows_to_all("scale", graph, peers, hierarchy=hierarchy, floor_s=floor)]


def quality(roads: Path, peers: tuple[str, ...]) -> list[Row]:
    """How far our times are from OSRM's on the same file: agreement, not accuracy."""
    graph = _graph(roads)
    nodes = _some_nodes(graph, 300)
    points = [Points(graph.lon[part], graph.lat[part]) for part in np.split(nodes, 2)]
    rows: list[Row] = []
    with _osrm(roads, peers) as osrm:
        if osrm is None:
            return rows
        theirs = osrm.table(*points)
        for name, times in _ours(graph):
            ours = times.table(*points).seconds
            both = np.isfinite(ours) & np.isfinite(theirs) & (theirs > 120)
            apart = 100 * np.abs(ours[both] / theirs[both] - 1)
            nearest = np.argmin(ours[:, :20], axis=1) == np.nanargmin(theirs[:, :20], axis=1)
            for metric, value in (
                ("median apart", float(np.median(apart))),
                ("95th apart", float(np.quantile(apart, 0.95))),
                ("same nearest", 100 * float(nearest.mean())),
            ):
                rows.append(Row(case=f"quality {name}", metric=metric, unit="%", ours=value))
    return rows


def _rows_to_all(
    case: str,
    graph: RoadGraph,
    peers: tuple[str, ...],
    *,
    hierarchy: Hierarchy | None = None,
    floor_s: float | None = None,
) -> list[Row]:
    nodes = _some_nodes(graph, 64)
    sweep = Sweep(hierarchy or _built(graph))
    seconds = _median(lambda: sweep.seconds(Seeds.at(nodes))) / len(nodes)
    rows = [_row(case, "a row to all", seconds)]
    if floor_s is not None:
        rows.append(_row(case, "a row to all", seconds, "memory floor", floor_s))
    if "scipy" in peers:
        scipy = Scipy(graph)
        theirs_s, found = _timed(lambda: scipy.to_all(nodes[:4]))
        same = bool(np.allclose(sweep.seconds(Seeds.at(nodes[:4])), found, atol=0.01, rtol=1e-5))
        rows.append(_row(case, "a row to all", seconds, "scipy", theirs_s / 4, same=same))
    return rows


def _ours(graph: RoadGraph) -> list[tuple[str, RoadTimes]]:
    return [("plain", RoadTimes(graph)), ("turns", RoadTimes(graph, turns=True))]


@cache
def _graph(roads: Path) -> RoadGraph:
    if not roads.exists():
        raise FileNotFoundError(roads.name)
    return RoadGraph.from_osm(roads)


def _built(graph: RoadGraph) -> Hierarchy:
    return Hierarchy.build(
        len(graph),
        tails=graph.tails,
        heads=graph.heads,
        weight=packed(graph.seconds, graph.metres),
        lon=graph.lon,
        lat=graph.lat,
    )


def _some_nodes(graph: RoadGraph, count: int) -> Any:
    main = np.flatnonzero(graph.component == 0)
    return np.random.default_rng(_SEED).choice(main, count)


def _first(points: Points, count: int) -> Points:
    return Points(points.lon[:count], points.lat[:count])


def _tiled(graph: RoadGraph, side: int) -> RoadGraph:
    """The graph laid out side by side, tiles joined."""
    rng = np.random.default_rng(_SEED)
    wide, high, nodes = np.ptp(graph.lon), np.ptp(graph.lat), len(graph)
    edges = {
        name: np.argsort(key)[:400]
        for name, key in (
            ("west", graph.lon),
            ("east", -graph.lon),
            ("south", graph.lat),
            ("north", -graph.lat),
        )
    }
    parts: list[tuple[Any, Any, Any, Any]] = []
    for row in range(side):
        for column in range(side):
            base = (row * side + column) * nodes
            pace = rng.uniform(0.95, 1.05, len(graph.heads))
            tails, heads = graph.tails + base, graph.heads + base
            parts.append((tails, heads, graph.seconds * pace, graph.metres))
            for down, right, here, there in ((0, 1, "east", "west"), (1, 0, "north", "south")):
                if row + down < side and column + right < side:
                    other = ((row + down) * side + column + right) * nodes
                    one, two = rng.choice(edges[here], 20) + base, rng.choice(edges[there], 20)
                    two = two + other
                    road = np.full(20, 60.0), np.full(20, 1000.0)
                    parts += [(one, two, *road), (two, one, *road)]
    tails, heads, seconds, metres = (np.concatenate(column) for column in zip(*parts, strict=True))
    lon = np.concatenate([graph.lon + column * wide for _ in range(side) for column in range(side)])
    lat = np.concatenate([graph.lat + row * high for row in range(side) for _ in range(side)])
    return RoadGraph.of_arcs(
        node_id=np.arange(side * side * nodes),
        lon=lon,
        lat=lat,
        tails=tails,
        heads=heads,
        seconds=seconds,
        metres=metres,
    )


def _bandwidth_floor_s(hierarchy: Hierarchy) -> float:
    """Seconds that moving what a sweep must read and write takes, for one of its sixteen rows.

    Arcs once (8 bytes), the line of labels above each (64), labels written and read again, rows.
    """
    block = np.zeros(25_000_000)
    seconds = _median(block.sum)
    arcs, nodes = len(hierarchy.down.above), len(hierarchy)
    moved = arcs * (8 + 64) + 2 * 64 * nodes + 16 * 4 * nodes
    return seconds / block.nbytes * moved / 16


class _osrm:  # noqa: N801 - reads as a word where it is used
    """OSRM on an extract, in a folder that goes away; None if it is not asked for, or not here."""

    def __init__(self, roads: Path, peers: tuple[str, ...]) -> None:
        self._roads, self._asked = roads, "osrm" in peers

    def __enter__(self) -> Osrm | None:
        if not self._asked:
            return None
        self._folder = tempfile.TemporaryDirectory()
        made: Osrm | None = _made(Osrm, self._roads, Path(self._folder.name))
        return made

    def __exit__(self, *_: object) -> None:
        if self._asked:
            self._folder.cleanup()


def _made(kind: Callable[..., Any], *given: Any) -> Any:
    """The peer, or None with a word if it is not installed."""
    try:
        return kind(*given)
    except ImportError as missing:
        print(f"# skipped: {kind.__name__} ({missing})", file=sys.stderr)
        return None


def _timed(action: Callable[[], Any]) -> tuple[float, Any]:
    begun = time.perf_counter()
    found = action()
    return time.perf_counter() - begun, found


def _median(action: Callable[[], Any], runs: int = 3) -> float:
    return statistics.median(_timed(action)[0] for _ in range(runs))


def _row(
    case: str,
    metric: str,
    seconds: float,
    peer: str = "",
    peer_s: float | None = None,
    *,
    same: bool | None = None,
) -> Row:
    ratio = None if peer_s is None else peer_s / seconds
    return Row(
        case=case,
        metric=metric,
        unit="s",
        ours=seconds,
        peer=peer,
        peer_value=peer_s,
        ratio=ratio,
        same_value=same,
        seconds=seconds,
    )
