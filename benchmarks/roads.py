"""Roads: from an extract to minutes between everything, beside the engines one would use instead.

``python -m benchmarks.roads [--json FILE] [--against PEER ...] [--case CASE ...] [--roads FILE]``

Both sides run on one core, in one process, one after the other, the same points: coordinates in,
numpy arrays out, snapping and conversion counted; scipy and igraph get the nodes of our own graph,
which spares them the snapping. Each case runs in a fresh process, kernels loaded before the clock.
Seconds are medians of three. A ratio above 1 says that ours is faster; ``same_value`` compares the
answers where both run on one graph. Peers and cases that are skipped are told above the table.

OSRM counts turns, and its graph is twice as large for it: the row "turns" is the like of it, the
row "plain" is not. Valhalla counts them too, and is asked for a hundred rows of a hundred only.

The network of about a million nodes is the extract laid out four by four, its speeds up to five per
cent apart, tiles joined by twenty roads a side: the right size for memory, and easier for a
hierarchy than a real country.

"quality" tells how far times are from OSRM's, and Valhalla's from these, see `roads_quality`.
"ready" starts fresh processes, "kept" weighs their files, "questions" asks all that docs/roads.md
tells the figures of, "communes" asks for the houses nearest to every commune of France without
roads, and "communes-roads" for as many places on that network of about a million nodes.
"""

from __future__ import annotations

import argparse
import resource
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.roads_cases import extract, matrix, nearest_5, one_to_all, scale
from benchmarks.roads_engines import PEERS, absent
from benchmarks.roads_nation import DATA, communes_by_crow, communes_by_road
from benchmarks.roads_quality import quality
from benchmarks.roads_questions import kept, questions, ready
from benchmarks.table import Row, show
from msap_mobility.compiled import warmup

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

CASES: Mapping[str, Callable[[Path, tuple[str, ...]], list[Row]]] = {
    "extract": extract,
    "matrix-1000": lambda roads, peers: matrix(roads, peers, 1000),
    "matrix-2000": lambda roads, peers: matrix(roads, peers, 2000),
    "nearest-5": nearest_5,
    "one-to-all": one_to_all,
    "scale": scale,
    "quality": quality,
    "ready": ready,
    "kept": kept,
    "questions": questions,
    "communes": communes_by_crow,
    "communes-roads": communes_by_road,
}


def run(case: str, roads: Path, peers: tuple[str, ...]) -> list[Row] | str:
    """The rows of one case, or why it could not be run; in a process of its own."""
    warmup()
    try:
        rows = CASES[case](roads, peers)
    except (FileNotFoundError, ImportError) as missing:
        return str(missing)
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return [replace(row, peak_mb=peak_mb) for row in rows]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--json", type=Path, default=None)
    parser.add_argument("--against", nargs="*", choices=PEERS, default=PEERS)
    parser.add_argument("--case", nargs="*", choices=list(CASES), default=list(CASES))
    parser.add_argument("--roads", type=Path, default=DATA / "roads" / "porto.osm.pbf")
    asked = parser.parse_args()
    skipped = absent(asked.against)
    peers = tuple(peer for peer in asked.against if peer not in skipped)
    rows: list[Row] = []
    for case in asked.case:
        with ProcessPoolExecutor(max_workers=1, mp_context=get_context("spawn")) as alone:
            found = alone.submit(run, case, asked.roads, peers).result()
        if isinstance(found, str):
            skipped[case] = found
        else:
            rows += found
    show(rows, json_file=asked.json, skipped=skipped)


if __name__ == "__main__":
    main()
