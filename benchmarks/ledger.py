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
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.ledger_peers import PEERS
from benchmarks.raw_accounts import (
    ACCOUNTS,
    OPENING,
    RawPostgres,
    RawSqlite,
    fdatasync_rate,
    pairs,
)
from benchmarks.table import Row, show
from msap_mobility.ledger.engines.sqlite import SqliteEngine
from msap_mobility.ledger.entry import AccountTerms, Entry
from msap_mobility.ledger.genesis import genesis
from msap_mobility.ledger.journal import Journal, instant_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from msap_mobility.ledger.engines.protocol import Engine

SCHEME = "ayen"
RUNS = 7
"""Pairs of runs of a case; the medians are told."""

ONE_BY_ONE = 2000
PROCESSES, THREADS = 8, 64
"""Transfers of a run, writers at once."""

FIRST = genesis({"KM": 0}, [AccountTerms(id="issue/KM", asset="KM")])


def account(no: int) -> str:
    """Name of account number `no`."""
    return f"member{no:04d}/KM"


def transfer(key: str, source: int, target: int) -> Entry:
    """Five coupons from one member to another."""
    return Entry(key=key, kind="ride", legs={account(source): -5, account(target): 5})


def opening(no: int) -> Entry:
    """An account opened with what it holds at first."""
    terms = AccountTerms(id=account(no), asset="KM", holder="person", floor=0)
    legs = {"issue/KM": -OPENING, terms.id: OPENING}
    return Entry(key=f"opening-{no}", kind="opening", legs=legs, accounts=(terms,))


class Ours:
    """The journal, doing the same transfers as the raw side."""

    def __init__(self, engine: Engine, *, new: bool = True) -> None:
        self.journal = Journal(engine)
        self._written = 0
        if new:
            self.journal.post_together([opening(no) for no in range(ACCOUNTS)])

    def one_by_one(self, count: int, seed: int, name: str = "ride") -> None:
        """So many transfers, a durable answer each."""
        drawn = pairs(seed)
        for _ in range(count):
            self.journal.post(transfer(self._key(name), *next(drawn)))

    def together(self, count: int, seed: int, size: int = 1000) -> None:
        """So many transfers, `size` of them all or none."""
        drawn = pairs(seed)
        for _ in range(count // size):
            entries = [transfer(self._key("batch"), *next(drawn)) for _ in range(size)]
            self.journal.post_together(entries)

    def by_threads(self, count: int, seed: int) -> None:
        """So many transfers by threads at once, each waiting for its own durable answer."""

        def work(thread: int) -> None:
            drawn = pairs(seed + thread)
            for turn in range(count // THREADS):
                key = f"thread-{seed}-{thread}-{turn}"
                self.journal.post(transfer(key, *next(drawn)))

        threads = [threading.Thread(target=work, args=(no,)) for no in range(THREADS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def moved(self) -> dict[int, int]:
        """What each account gained."""
        standings = {each.terms.id: each.posted for each in self.journal.accounts()}
        return {no: standings[account(no)] - OPENING for no in range(ACCOUNTS)}

    def _key(self, name: str) -> str:
        self._written += 1
        return f"{name}-{self._written:08d}/settled"


@dataclass(frozen=True, slots=True)
class Bench:
    """Where a run takes place, and how much of it is done.

    `share` of the full number of transfers.
    """

    folder: Path
    share: float

    def count(self, full: int, least: int = 1) -> int:
        """That share of `full`."""
        return max(int(full * self.share), least)

    def raw(self, name: str) -> RawSqlite:
        """A raw file of the case."""
        return RawSqlite(self.folder / f"{name}-raw.sqlite")

    def ours(self, name: str) -> Ours:
        """A ledger of the case."""
        return Ours(SqliteEngine.create(self.path(name), SCHEME, FIRST))

    def path(self, name: str) -> Path:
        """Where the ledger of the case lies."""
        return self.folder / f"{name}.sqlite"


def rate(count: int, action: Callable[[int, int], None], seed: int) -> float:
    """How many a second `action` does."""
    begun = time.perf_counter()
    action(count, seed)
    return count / (time.perf_counter() - begun)


def beside(
    case: str,
    peer: str,
    raw: Callable[[int], float],
    ours: Callable[[int], float],
    bar: float,
    same: Callable[[], bool | None] = lambda: None,
) -> Iterator[Row]:
    """Run both in turn, once not counted; rows of their rates, and of the bar."""
    raw(0), ours(0)
    found = [(raw(seed), ours(seed)) for seed in range(1, RUNS + 1)]
    ratio = statistics.median(our / its for its, our in found)
    yield Row(
        case=case,
        metric="durable",
        unit="/s",
        ours=statistics.median(our for _, our in found),
        peer=peer,
        peer_value=statistics.median(its for its, _ in found),
        ratio=ratio,
        same_value=same(),
    )
    yield against_bar(case, "x raw", "1", ratio, bar, more_is_better=True)


def against_bar(
    case: str, metric: str, unit: str, ours: float, bar: float, *, more_is_better: bool
) -> Row:
    """A measure beside what we promise."""
    ratio = ours / bar if more_is_better else bar / ours
    return Row(
        case=case, metric=metric, unit=unit, ours=ours, peer="bar", peer_value=bar, ratio=ratio
    )


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
    command = [sys.executable, "-m", "benchmarks.ledger", "--writer", side, str(path), str(each)]
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


def long_history(bench: Bench) -> Iterator[Row]:
    """Reading an account with a million legs, and proving them all."""
    legs = bench.count(1_000_000, 1000)
    ours = bench.ours("long")
    begun = time.perf_counter()
    for start in range(0, legs, 1000):
        batch = [
            transfer(f"long-{start + no}", *((0, 1 + no) if no % 2 else (1 + no, 0)))
            for no in range(min(1000, ACCOUNTS - 1))
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
    head = journal.engine.reader.head()
    first = journal.entry("long-0")
    since = first.recorded if first else 0
    instants = [
        instant_of(since + (head.recorded - since) * part // 1000) for part in range(0, 1000, 1)
    ]
    seconds = []
    for instant in instants:
        before = time.perf_counter()
        journal.balance(account(0), at=instant)
        seconds.append(time.perf_counter() - before)
    ours = statistics.median(seconds) * 1e3
    yield against_bar("past-balance", "median", "ms", ours, 0.5, more_is_better=False)
    before = time.perf_counter()
    journal.balance(account(0), at=datetime.now(UTC))
    yield Row(
        case="past-balance", metric="now", unit="ms", ours=(time.perf_counter() - before) * 1e3
    )


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


def skipped(name: str, why: str) -> None:
    """Name what is not in the table."""
    print(f"# skipped: {name} ({why})", file=sys.stderr)


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
    parser.add_argument("--writer", nargs=4, help=argparse.SUPPRESS)
    return parser.parse_args()


def main() -> None:
    """Measure and print."""
    asked = arguments()
    if asked.writer:
        side, path, count, seed = asked.writer
        write_when_told(side, Path(path), int(count), int(seed))
        return
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
