"""Processes at once on one ledger: how much together, and how long the unluckiest waits."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.ledger_sides import (
    ONE_BY_ONE,
    RUNS,
    SCHEME,
    Bench,
    against_bar,
    beside,
    rate,
    transfer,
)
from benchmarks.raw_accounts import RawSqlite, pairs
from benchmarks.table import Row
from msap_mobility.ledger.engines.sqlite import SqliteEngine
from msap_mobility.ledger.journal import Journal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["processes_8"]

PROCESSES = 8


def processes_8(bench: Bench) -> Iterator[Row]:
    """Processes at once on one file: how much together, and how long the unluckiest waits."""
    raw, ours = bench.raw("processes"), bench.ours("processes")
    ours.journal.close()
    one, each = bench.count(ONE_BY_ONE, 50), bench.count(400, 20)
    waits: dict[str, list[float]] = {"ours": [], "raw": []}

    def at_once(side: str, path: Path) -> Callable[[int], float]:
        def run(seed: int) -> float:
            found, seconds = _writers(side, path, each, seed)
            if seed:
                waits[side] += found
            return len(found) / seconds

        return run

    run_raw = at_once("raw", raw.path)
    pair = beside(
        "processes-8",
        "raw one by one",
        lambda seed: rate(one, raw.one_by_one, seed),
        at_once("ours", bench.path("processes")),
        bar=0.6,
    )
    yield from pair
    crowd = [run_raw(seed) for seed in range(1, RUNS + 1)]
    yield Row(case="processes-8", metric="raw crowd", unit="/s", ours=statistics.median(crowd))
    for metric, share, bar in (("p50", 0.5, None), ("p99", 0.99, 50.0), ("longest", 1.0, 500.0)):
        mine, its = (_quantile(waits[side], share) * 1e3 for side in ("ours", "raw"))
        yield Row(
            case="processes-8",
            metric=metric,
            unit="ms",
            ours=mine,
            peer="raw, busy handler",
            peer_value=its,
            ratio=its / mine,
        )
        if bar is not None:
            yield against_bar("processes-8", metric, "ms", mine, bar, more_is_better=False)


def _quantile(values: list[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(int(share * len(ordered)), len(ordered) - 1)]


def _writers(side: str, path: Path, each: int, seed: int) -> tuple[list[float], float]:
    """Waits of all transfers of processes that begin together, and the seconds they took."""
    command = [sys.executable, "-m", "benchmarks.ledger_crowd", side, str(path), str(each)]
    children = [
        subprocess.Popen(
            [*command, f"{seed}{no}"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        for no in range(PROCESSES)
    ]
    for child in children:
        child.stdout.readline()  # type: ignore[union-attr]  # it is ready
    for child in children:
        child.stdin.write("go\n")  # type: ignore[union-attr]
        child.stdin.flush()  # type: ignore[union-attr]
    told = [child.communicate()[0].split() for child in children]
    if any(child.returncode for child in children):
        raise SystemExit(1)
    begun = min(float(each[0]) for each in told)
    ended = max(float(each[1]) for each in told)
    return [float(wait) for each in told for wait in each[2:]], ended - begun


def write_when_told(side: str, path: Path, count: int, seed: int) -> None:
    """A process of `processes_8`: tells when it began and ended, and each wait."""
    if side == "raw":
        raw = RawSqlite(path)
        post = raw.transfer
    else:
        journal = Journal(SqliteEngine.open(path, SCHEME))

        def post(source: int, target: int) -> None:
            journal.post(transfer(f"process-{seed}-{len(waits)}", source, target))

    drawn = pairs(seed)
    waits: list[float] = []
    print("ready", flush=True)
    sys.stdin.readline()
    begun = time.time()
    for _ in range(count):
        source, target = next(drawn)
        before = time.perf_counter()
        post(source, target)
        waits.append(time.perf_counter() - before)
    print(begun, time.time(), *waits)


if __name__ == "__main__":
    write_when_told(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]))
