"""What each question takes, as docs/roads.md tells it, and how soon a later process is ready."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.roads_measuring import graph_of, median, plain_and_turns, row_of, some_nodes
from benchmarks.table import Row
from msap_mobility.model import Place, Points
from msap_mobility.roads import RoadTimes

if TYPE_CHECKING:
    from msap_mobility.roads import RoadGraph

__all__ = ["kept", "questions", "ready"]

_STARTS = 5

_START = """
import sys
from msap_mobility.model import Points
from msap_mobility.roads import RoadTimes
times = RoadTimes.from_osm(sys.argv[1], turns=sys.argv[2] == "turns")
print("ready", flush=True)
places = Points(times.graph.lon[:100], times.graph.lat[:100])
times.table(places, places)
print("table", flush=True)
"""


def ready(roads: Path, peers: tuple[str, ...]) -> list[Row]:  # noqa: ARG001 - nobody else
    """From the start of Python until a network kept on disk may be asked, and the first answer."""
    graph_of(roads)
    rows = []
    for turns in ("plain", "turns"):
        _started(roads, turns)  # read, built, compiled and kept
        each = [_started(roads, turns) for _ in range(_STARTS)]
        for metric, seconds in zip(("ready", "first table"), zip(*each, strict=True), strict=True):
            rows.append(row_of(f"ready {turns}", metric, statistics.median(seconds)))
    return rows


def _started(roads: Path, turns: str) -> tuple[float, float]:
    """Seconds until a fresh process is ready, and until it has filled a table of 100 by 100."""
    begun = time.perf_counter()
    command = [sys.executable, "-c", _START, str(roads), turns]
    told = []
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=os.environ) as process:
        for word in ("ready", "table"):
            if process.stdout is None or process.stdout.readline().strip() != word:
                raise RuntimeError(word)
            told.append(time.perf_counter() - begun)
    return told[0], told[1]


def kept(roads: Path, peers: tuple[str, ...]) -> list[Row]:  # noqa: ARG001 - nobody else
    """How large the network is, and the files kept of it."""
    graph = graph_of(roads)
    rows = [
        Row(case="kept", metric="junctions", unit="1", ours=float(len(graph))),
        Row(case="kept", metric="sections", unit="1", ours=float(len(graph.sections))),
    ]
    with tempfile.TemporaryDirectory() as folder:
        for turns in (False, True):
            RoadTimes.from_osm(roads, turns=turns, folder=Path(folder))
        for file in sorted(Path(folder).iterdir()):
            kind, size_mb = file.suffix.removeprefix("."), file.stat().st_size / 1e6
            rows.append(Row(case="kept", metric=kind, unit="MB", ours=size_mb))
    return rows


def questions(roads: Path, peers: tuple[str, ...]) -> list[Row]:  # noqa: ARG001 - nobody else
    """Every question of docs/roads.md, without turns and with, hierarchies at hand."""
    graph = graph_of(roads)
    return [
        row
        for name, times in plain_and_turns(graph)
        for row in _asked(f"questions {name}", graph, times)
    ]


def _asked(case: str, graph: RoadGraph, times: RoadTimes) -> list[Row]:
    nodes = some_nodes(graph, 4000)
    places = [Points(graph.lon[part], graph.lat[part]) for part in (nodes[:1000], nodes[1000:2000])]
    few = [Points(side.lon[:100], side.lat[:100]) for side in places]
    many = Points(graph.lon[nodes[2000:]], graph.lat[nodes[2000:]])
    one = Points(graph.lon[nodes[:1]], graph.lat[nodes[:1]])
    a, b = (
        Place(id=str(node), name="", lon=float(graph.lon[node]), lat=float(graph.lat[node]))
        for node in nodes[:2]
    )
    times.table(*places)  # hierarchy and snapping are made ready
    asked = {
        "table 100": lambda: times.table(*few),
        "table 1000": lambda: times.table(*places),
        "table 1000 lim": lambda: times.table(*places, limit_s=600),
        "nearest 1": lambda: times.nearest_of_all(many, 1).of_nodes,
        "nearest 5": lambda: times.nearest_of_all(many, 5).of_nodes,
        "reach of 1": lambda: times.reach(one).node_s,
        "reach of 100": lambda: times.reach(few[0]).node_s,
        "isochrone": lambda: times.isochrones(one, [600]),
        "route": lambda: times.route(a, b),
    }
    return [row_of(case, metric, median(question)) for metric, question in asked.items()]
