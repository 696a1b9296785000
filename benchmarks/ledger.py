"""What the ledger's safety costs, beside the least a hand-written double entry does.

``python -m benchmarks.ledger [--folder DISK] [--json FILE] [--against PEER ...] [--case CASE ...]``

Ours is everything: keys and their payloads, floors, holds, running balances, hash chain, durable
commits. The raw side (`benchmarks.raw_accounts`) is two updates and an insert. Both run in turn in
one run, on the same disk; a ratio is the median of the ratios of the pairs. The rows "bar" set a
measure beside what we promise: a ratio above 1 keeps the promise.

PostgreSQL is that of MSAP_TEST_PG_DSN, or a private one started for the run.
"""

from __future__ import annotations

import argparse
import importlib
import shutil
import statistics
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.ledger_crowd import processes_8
from benchmarks.ledger_peers import PEERS
from benchmarks.ledger_sides import (
    FIRST,
    ONE_BY_ONE,
    SCHEME,
    THREADS,
    Bench,
    Ours,
    account,
    against_bar,
    beside,
    rate,
    skipped,
    transfer,
)
from benchmarks.raw_accounts import ACCOUNTS, RawPostgres, fdatasync_rate
from benchmarks.table import Row, show
from msap_mobility.ledger.journal import Journal, instant_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime


def one_by_one_sqlite(bench: Bench) -> Iterator[Row]:
    """One transfer, one commit."""
    raw, ours = bench.raw("one"), bench.ours("one")
    count = bench.count(ONE_BY_ONE, 50)
    yield from beside(
        "one-by-one-sqlite",
        "raw sqlite3",
        lambda seed: rate(count, raw.one_by_one, seed),
        lambda seed: rate(count, ours.one_by_one, seed),
        bar=0.75,
        same=lambda: raw.moved() == ours.moved(),
    )


def batch_1000(bench: Bench) -> Iterator[Row]:
    """A thousand transfers, all or none."""
    raw, ours = bench.raw("batch"), bench.ours("batch")
    count = bench.count(20, 1) * 1000
    yield from beside(
        "batch-1000",
        "raw sqlite3",
        lambda seed: rate(count, raw.together, seed),
        lambda seed: rate(count, ours.together, seed),
        bar=0.30,
        same=lambda: raw.moved() == ours.moved(),
    )


def group_64(bench: Bench) -> Iterator[Row]:
    """Threads at once, each with its own durable answer, beside one raw writer."""
    raw, ours = bench.raw("group"), bench.ours("group")
    one, many = bench.count(ONE_BY_ONE, 50), bench.count(100, 5) * THREADS
    yield from beside(
        "group-64",
        "raw one by one",
        lambda seed: rate(one, raw.one_by_one, seed),
        lambda seed: rate(many, ours.by_threads, seed * THREADS),
        bar=2.5,
    )


def long_history(bench: Bench) -> Iterator[Row]:
    """Reading an account with a million legs, and proving them all."""
    legs = bench.count(1_000_000, 1000)
    ours = bench.ours("long")
    begun = time.perf_counter()
    for start in range(0, legs, 1000):
        batch = [
            transfer(f"long-{no}", *((0, other) if no % 2 else (other, 0)))
            for no in range(start, start + 1000)
            for other in (1 + no % (ACCOUNTS - 1),)
        ]
        ours.journal.post_together(batch)
    yield Row(
        case="past-balance",
        metric="building",
        unit="s",
        ours=time.perf_counter() - begun,
    )
    yield from _past_balance(ours.journal)
    yield from _verify(ours.journal)


def _past_balance(journal: Journal) -> Iterator[Row]:
    first, head = journal.entry("long-0"), journal.engine.reader.head()
    since = first.recorded if first else 0
    span = head.recorded - since
    instants = [instant_of(since + span * part // 1000) for part in range(1000)]
    past = median_of_each(instants, lambda at: journal.balance(account(0), at=at))
    yield against_bar("past-balance", "median", "ms", past * 1e3, 0.5, more_is_better=False)
    now = median_of_each(instants, lambda _: journal.balance(account(0)))
    yield Row(case="past-balance", metric="of today", unit="ms", ours=now * 1e3)


def median_of_each(values: list[datetime], action: Callable[[datetime], object]) -> float:
    """Median of the seconds `action` takes, once for each value."""
    seconds = []
    for value in values:
        before = time.perf_counter()
        action(value)
        seconds.append(time.perf_counter() - before)
    return statistics.median(seconds)


def _verify(journal: Journal) -> Iterator[Row]:
    try:
        verify = importlib.import_module("msap_mobility.ledger.proof.verify").verify
    except ImportError:
        skipped("verify", "not built")
        return
    legs = sum(len(written.entry.legs) for written in journal.entries())
    begun = time.perf_counter()
    sound = not verify(journal).findings
    seconds = time.perf_counter() - begun
    row = against_bar("verify", "legs", "/s", legs / seconds, 200_000, more_is_better=True)
    yield row
    yield Row(case="verify", metric="sound", unit="1", ours=float(sound), seconds=seconds)


def one_by_one_postgres(bench: Bench) -> Iterator[Row]:
    """One transfer, one commit, on a server; beside one call of a raw server function."""
    try:
        engine: Any = importlib.import_module(
            "msap_mobility.ledger.engines.postgres"
        ).PostgresEngine
        from tests.ledger import postgres_server  # noqa: PLC0415 - starts one, as for the tests
    except ImportError as missing:
        skipped("one-by-one-postgres", str(missing))
        return
    dsn, schema = postgres_server.dsn(), postgres_server.new_schema_name()
    raw = RawPostgres(dsn, f"{schema}_raw")
    ours = Ours(engine.create(dsn, SCHEME, FIRST, schema=schema, owner=True))
    count = bench.count(1000, 50)
    try:
        yield from beside(
            "one-by-one-postgres",
            "raw function, psycopg",
            lambda seed: rate(count, raw.one_by_one, seed),
            lambda seed: rate(count, ours.one_by_one, seed),
            bar=0.7,
            same=lambda: raw.moved() == ours.moved(),
        )
    finally:
        raw.close()
        ours.journal.close()
        postgres_server.drop(schema)


def disk(bench: Bench) -> Iterator[Row]:
    """What the disk itself can do."""
    found = [fdatasync_rate(bench.folder, bench.count(2000, 50)) for _ in range(5)]
    yield Row(case="disk", metric="fdatasync", unit="/s", ours=statistics.median(found))


CASES = {
    "disk": disk,
    "one-by-one-sqlite": one_by_one_sqlite,
    "batch-1000": batch_1000,
    "group-64": group_64,
    "processes-8": processes_8,
    "one-by-one-postgres": one_by_one_postgres,
    "past-balance": long_history,
}


def peer_rows(bench: Bench, wanted: list[str]) -> Iterator[Row]:
    """The same transfers by others, beside ours in the same run."""
    for name in wanted:
        try:
            peer = PEERS[name](bench.folder)
        except ImportError as missing:
            skipped(name, str(missing))
            continue
        ours = bench.ours(f"beside-{name}")
        count = bench.count(peer.count, 1000 if peer.batches else 50)
        count -= count % 1000 if peer.batches else 0
        action = ours.together if peer.batches else ours.one_by_one
        found = [(rate(count, peer.run, seed), rate(count, action, seed)) for seed in range(1, 6)]
        yield Row(
            case=f"peer, {'batch' if peer.batches else 'one by one'}",
            metric="transfers",
            unit="/s",
            ours=statistics.median(our for _, our in found),
            peer=peer.name,
            peer_value=statistics.median(its for its, _ in found),
            ratio=statistics.median(our / its for its, our in found),
        )


def arguments() -> argparse.Namespace:
    """What the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=Path, default=None)
    parser.add_argument("--folder", type=Path, default=Path(), help="on the disk to measure")
    parser.add_argument("--against", nargs="*", choices=sorted(PEERS), default=sorted(PEERS))
    parser.add_argument("--case", nargs="*", choices=list(CASES), default=list(CASES))
    parser.add_argument("--share", type=float, default=1.0, help="of the full work")
    return parser.parse_args()


def main() -> None:
    """Measure and print."""
    asked = arguments()
    folder = Path(tempfile.mkdtemp(prefix="msap-ledger-bench-", dir=asked.folder))
    try:
        bench = Bench(folder, asked.share)
        rows = [row for name in asked.case for row in CASES[name](bench)]
        rows += peer_rows(bench, asked.against)
        show(rows, json_file=asked.json)
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
