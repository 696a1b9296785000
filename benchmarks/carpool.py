"""Carpooling: the best rides of a day, the agent's question, and insertion online.

``python -m benchmarks.carpool [--json FILE] [--against PEER ...] [--case CASE ...] [--roads FILE]``

Each case runs in a fresh process, its kernels loaded before the clock; ``peak_mb`` is the most that
process ever held, Python and libraries included. Days are drawn from fixed seeds, see
`benchmarks.carpool_day`. The rows "bar" set a measure beside what we promise: a ratio above 1 keeps
the promise. Every match is looked at by `check_rides`, which shares no code with it.

The cases on roads draw distinct points on the network of `--roads`, an OpenStreetMap extract; by
default one of MSAP_DATA or of ../shared/data. Where there is none they are named as skipped.
"""

from __future__ import annotations

import argparse
import os
import resource
import sys
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.carpool_insertion import PEERS, insert_online
from benchmarks.carpool_matching import exact_small, groups_1k, match_10k, match_10k_road
from benchmarks.carpool_who import who_10k, who_10k_road
from benchmarks.table import Row, show
from msap_mobility.compiled import warmup

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

CASES: Mapping[str, Callable[[Path, tuple[str, ...]], list[Row]]] = {
    "match-10k": lambda _roads, _peers: match_10k(),
    "match-10k-road": lambda roads, _peers: match_10k_road(roads),
    "groups-1k": lambda _roads, _peers: groups_1k(),
    "who-10k": lambda _roads, _peers: who_10k(),
    "who-10k-road": lambda roads, _peers: who_10k_road(roads),
    "insert-online": lambda _roads, peers: insert_online(peers),
    "exact-small": lambda _roads, peers: exact_small("networkx" in peers),
}

_DATA = Path(os.environ.get("MSAP_DATA", Path(__file__).parents[2] / "shared" / "data"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Skipped:
    """A case that could not be run here."""

    why: str


def run(case: str, roads: Path, peers: tuple[str, ...]) -> list[Row] | Skipped:
    """The rows of one case; in a process of its own."""
    warmup()
    try:
        rows = CASES[case](roads, peers)
    except (FileNotFoundError, ImportError) as missing:
        return Skipped(why=str(missing))
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return [replace(row, peak_mb=row.peak_mb or peak_mb) for row in rows]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--json", type=Path, default=None)
    parser.add_argument("--against", nargs="*", choices=PEERS, default=PEERS)
    parser.add_argument("--case", nargs="*", choices=list(CASES), default=list(CASES))
    parser.add_argument("--roads", type=Path, default=_DATA / "roads" / "andorra_lite.osm.gz")
    asked = parser.parse_args()
    rows: list[Row] = []
    for case in asked.case:
        with ProcessPoolExecutor(max_workers=1, mp_context=get_context("spawn")) as alone:
            found = alone.submit(run, case, asked.roads, tuple(asked.against)).result()
        if isinstance(found, Skipped):
            print(f"# skipped: {case} ({found.why})", file=sys.stderr)
        else:
            rows += found
    show(rows, json_file=asked.json)


if __name__ == "__main__":
    main()
