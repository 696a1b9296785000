"""The two sides of the ledger's benchmark: ours, and how it is set beside another in one run."""

from __future__ import annotations

import statistics
import sys
import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from benchmarks.raw_accounts import ACCOUNTS, OPENING, RawSqlite, pairs
from benchmarks.table import Row
from msap_mobility.ledger.engines.sqlite import SqliteEngine
from msap_mobility.ledger.entry import AccountTerms, Entry
from msap_mobility.ledger.genesis import genesis
from msap_mobility.ledger.journal import Journal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from msap_mobility.ledger.engines.protocol import Engine

__all__ = [
    "FIRST",
    "ONE_BY_ONE",
    "RUNS",
    "SCHEME",
    "THREADS",
    "Bench",
    "Ours",
    "account",
    "against_bar",
    "beside",
    "rate",
    "skipped",
    "transfer",
]

SCHEME = "ayen"
RUNS = 7
"""Pairs of runs of a case; the medians are told."""

ONE_BY_ONE = 2000
"""Transfers of a run."""

THREADS = 64
"""Callers at once."""

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


def skipped(name: str, why: str) -> None:
    """Name what is not in the table."""
    print(f"# skipped: {name} ({why})", file=sys.stderr)
