"""What the cases of the roads benchmark share: the network, the places asked for, the clock."""

from __future__ import annotations

import resource
import statistics
import time
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks.table import Row
from msap_mobility.model import Points
from msap_mobility.roads import RoadGraph, RoadTimes
from msap_mobility.roads.hierarchy import Hierarchy
from msap_mobility.roads.weights import packed

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

__all__ = [
    "SEED",
    "built",
    "first_of",
    "graph_of",
    "median",
    "peak_of",
    "plain_and_turns",
    "row_of",
    "some_nodes",
    "tiled",
    "timed",
]

SEED = 20_261_130


def plain_and_turns(graph: RoadGraph) -> list[tuple[str, RoadTimes]]:
    """Ours, without turns and with."""
    return [("plain", RoadTimes(graph)), ("turns", RoadTimes(graph, turns=True))]


@cache
def graph_of(roads: Path) -> RoadGraph:
    """The extract, read once a process."""
    if not roads.exists():
        raise FileNotFoundError(roads.name)
    return RoadGraph.from_osm(roads)


def built(graph: RoadGraph) -> Hierarchy:
    """A hierarchy of the nodes."""
    return Hierarchy.build(
        len(graph),
        tails=graph.tails,
        heads=graph.heads,
        weight=packed(graph.seconds, graph.metres),
        lon=graph.lon,
        lat=graph.lat,
    )


def some_nodes(graph: RoadGraph, count: int) -> Any:
    """Junctions of the main part, the same in every run."""
    main = np.flatnonzero(graph.component == 0)
    return np.random.default_rng(SEED).choice(main, count)


def first_of(points: Points, count: int) -> Points:
    """The first so many."""
    return Points(points.lon[:count], points.lat[:count])


def tiled(graph: RoadGraph, side: int) -> RoadGraph:
    """The graph laid out side by side, tiles joined."""
    rng = np.random.default_rng(SEED)
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


def timed(action: Callable[[], Any]) -> tuple[float, Any]:
    """Seconds, and what came of it."""
    begun = time.perf_counter()
    found = action()
    return time.perf_counter() - begun, found


def median(action: Callable[[], Any], runs: int = 3) -> float:
    """Seconds, the median of some runs."""
    return statistics.median(timed(action)[0] for _ in range(runs))


def row_of(
    case: str,
    metric: str,
    seconds: float,
    peer: str = "",
    peer_s: float | None = None,
    *,
    same: bool | None = None,
) -> Row:
    """A row of seconds, and how many times ours a peer takes."""
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


def peak_of(case: str, metric: str = "peak") -> Row:
    """Of the process until now, Python and its libraries included."""
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return Row(case=case, metric=metric, unit="MB", ours=peak_mb)
