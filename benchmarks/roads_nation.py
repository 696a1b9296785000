"""All of France: every commune to its nearest houses, without roads and on a network of its size.

The communes and the houses (France Services) are the real ones, and so are their places for the
model without roads. The network is not France's: it is the extract laid out four by four, see
`tiled`, and the communes are as many junctions of it drawn at random, the houses likewise.
"""

from __future__ import annotations

import csv
import gzip
import os
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.roads_measuring import (
    SEED,
    graph_of,
    median,
    peak_of,
    row_of,
    some_nodes,
    tiled,
    timed,
)
from benchmarks.table import Row
from msap_mobility.model import Points
from msap_mobility.roads import CalibratedTimes, RoadTimes

if TYPE_CHECKING:
    from collections.abc import Callable

    from msap_mobility.roads.closest import Nearest

__all__ = ["DATA", "communes_by_crow", "communes_by_road"]

DATA = Path(os.environ.get("MSAP_DATA", Path(__file__).parents[2] / "shared" / "data"))

_COMMUNES = DATA / "communes" / "communes_fr.csv.gz"
_HOUSES = DATA / "france_services" / "france_services_2024.csv.gz"
_COMMUNE, _HOUSE = ("lon", "lat"), ("longitude", "latitude")
"""Columns."""

_COMPARED = 500


def communes_by_crow(roads: Path, peers: tuple[str, ...]) -> list[Row]:  # noqa: ARG001
    """Where they are, by the model without roads; some rows compared with a table, sorted."""
    homes, houses = _points(_COMMUNES, *_COMMUNE), _points(_HOUSES, *_HOUSE)
    times = CalibratedTimes()
    rows = _nearest_rows("communes crow", partial(times.nearest, homes, houses))
    peak = peak_of("communes crow")
    picked = np.random.default_rng(SEED).choice(len(homes), _COMPARED, replace=False)
    some = Points(homes.lon[picked], homes.lat[picked])
    table = np.sort(times.table(some, houses).seconds, axis=1)[:, :5]
    same = bool((times.nearest(some, houses, 5).seconds == table).all())
    whole_s, _ = timed(lambda: np.sort(times.table(some, houses).seconds, axis=1))
    whole_s *= len(homes) / _COMPARED
    ours_s = rows[-1].ours
    return [
        *rows,
        row_of("communes crow", "k = 5", ours_s, "a table, some × all", whole_s, same=same),
        peak,
    ]


def communes_by_road(roads: Path, peers: tuple[str, ...]) -> list[Row]:  # noqa: ARG001
    """As many junctions of a network of about a million, coordinates in."""
    homes, houses = len(_points(_COMMUNES, *_COMMUNE)), len(_points(_HOUSES, *_HOUSE))
    graph = tiled(graph_of(roads), 4)
    before = peak_of("communes roads", "peak before")
    nodes = some_nodes(graph, homes + houses)
    here, there = (Points(graph.lon[part], graph.lat[part]) for part in np.split(nodes, [homes]))
    times = RoadTimes(graph)
    snap_s, _ = timed(lambda: times.snap(here))
    return [
        Row(case="communes roads", metric="nodes", unit="1", ours=float(len(graph))),
        row_of("communes roads", "index + snap", snap_s),
        *_nearest_rows("communes roads", partial(times.nearest, here, there)),
        before,
        peak_of("communes roads"),
    ]


def _nearest_rows(case: str, nearest: Callable[..., Nearest]) -> list[Row]:
    return [row_of(case, f"k = {k}", median(partial(nearest, k=k))) for k in (1, 5)]


def _points(file: Path, lon: str, lat: str) -> Points:
    with gzip.open(file, "rt", encoding="utf-8") as text:
        rows = list(csv.DictReader(text))
    return Points(*(np.array([float(row[name]) for row in rows]) for name in (lon, lat)))
