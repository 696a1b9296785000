"""What the ledger is measured against: the least a hand-written double entry can do.

Two updates of balances that may not fall below zero, one insert of the transfer, one commit on
disk. No keys, no holds, no history of balances, no chain, no second asset. Drawing the pair of
accounts and building the request counts here as it does for the ledger.
"""

from __future__ import annotations

import os
import random
import sqlite3
import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["ACCOUNTS", "OPENING", "RawPostgres", "RawSqlite", "fdatasync_rate", "pairs"]

ACCOUNTS = 1000
OPENING = 10**9
"""Accounts, and what each of them holds at first."""


def pairs(seed: int) -> Iterator[tuple[int, int]]:
    """Pairs of different accounts, drawn at random, without end."""
    draw = random.Random(seed)
    while True:
        yield tuple(draw.sample(range(ACCOUNTS), 2))  # type: ignore[misc]


class RawSqlite:
    """Minimal double entry in the standard library's sqlite3: WAL, synchronous FULL."""

    def __init__(self, path: Path) -> None:
        self.path = path
        new = not path.exists()
        self._connection = sqlite3.connect(path, isolation_level=None, timeout=60)
        self._execute = self._connection.execute
        self._execute("PRAGMA journal_mode = WAL")
        self._execute("PRAGMA synchronous = FULL")
        if new:
            self._execute(
                "CREATE TABLE account (id INTEGER PRIMARY KEY, "
                "balance INTEGER NOT NULL CHECK (balance >= 0))"
            )
            self._execute(
                "CREATE TABLE transfer (id INTEGER PRIMARY KEY, "
                "source INTEGER NOT NULL, target INTEGER NOT NULL, amount INTEGER NOT NULL)"
            )
            self._execute("BEGIN")
            self._connection.executemany(
                "INSERT INTO account VALUES (?, ?)", [(no, OPENING) for no in range(ACCOUNTS)]
            )
            self._execute("COMMIT")

    def one_by_one(self, count: int, seed: int) -> None:
        """So many transfers, a durable commit each."""
        drawn = pairs(seed)
        for _ in range(count):
            self.transfer(*next(drawn))

    def transfer(self, source: int, target: int) -> None:
        """One transfer and its commit."""
        self._execute("BEGIN IMMEDIATE")
        self._move(source, target)
        self._execute("COMMIT")

    def together(self, count: int, seed: int, size: int = 1000) -> None:
        """So many transfers, `size` of them in a commit."""
        drawn = pairs(seed)
        for _ in range(count // size):
            self._execute("BEGIN IMMEDIATE")
            for _ in range(size):
                self._move(*next(drawn))
            self._execute("COMMIT")

    def _move(self, source: int, target: int) -> None:
        self._execute("UPDATE account SET balance = balance - ? WHERE id = ?", (5, source))
        self._execute("UPDATE account SET balance = balance + ? WHERE id = ?", (5, target))
        self._execute(
            "INSERT INTO transfer (source, target, amount) VALUES (?, ?, ?)", (source, target, 5)
        )

    def moved(self) -> dict[int, int]:
        """What each account gained."""
        return {no: held - OPENING for no, held in self._execute("SELECT * FROM account")}

    def close(self) -> None:
        """Close the file."""
        self._connection.close()


_FUNCTION = """
CREATE FUNCTION raw_transfer(source int, target int, units bigint) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM raw_account WHERE id IN (source, target) ORDER BY id FOR UPDATE;
    UPDATE raw_account SET balance = balance - units WHERE id = source;
    UPDATE raw_account SET balance = balance + units WHERE id = target;
    INSERT INTO raw_transfer (source, target, amount) VALUES (source, target, units);
END $$
"""


class RawPostgres:
    """Minimal double entry as one server function, called through psycopg."""

    def __init__(self, dsn: str, schema: str) -> None:
        import psycopg  # noqa: PLC0415 - a peer that may be missing

        self._connection: Any = psycopg.connect(dsn, autocommit=True)
        self._schema = schema
        execute = self._connection.execute
        execute(f"CREATE SCHEMA {schema}")
        execute(f"SET search_path TO {schema}")
        execute(
            "CREATE TABLE raw_account (id int PRIMARY KEY, balance bigint CHECK (balance >= 0))"
        )
        execute(
            "CREATE TABLE raw_transfer (id bigserial PRIMARY KEY, "
            "source int NOT NULL, target int NOT NULL, amount bigint NOT NULL)"
        )
        execute(
            "INSERT INTO raw_account SELECT no, %s FROM generate_series(0, %s) no",
            (OPENING, ACCOUNTS - 1),
        )
        execute(_FUNCTION)

    def one_by_one(self, count: int, seed: int) -> None:
        """So many transfers, a durable commit each."""
        drawn = pairs(seed)
        execute = self._connection.cursor().execute
        for _ in range(count):
            source, target = next(drawn)
            execute("SELECT raw_transfer(%s, %s, %s)", (source, target, 5))

    def moved(self) -> dict[int, int]:
        """What each account gained."""
        rows = self._connection.execute("SELECT id, balance FROM raw_account").fetchall()
        return {no: held - OPENING for no, held in rows}

    def close(self) -> None:
        """Remove the tables and let go of the server."""
        self._connection.execute(f"DROP SCHEMA {self._schema} CASCADE")
        self._connection.close()


def fdatasync_rate(folder: Path, writes: int = 2000) -> float:
    """How many times a second this disk makes 4 KiB last, written over what was there before."""
    path = folder / "fdatasync"
    sync = getattr(os, "fdatasync", os.fsync)
    page = os.urandom(4096)
    file = os.open(path, os.O_RDWR | os.O_CREAT)
    try:
        os.write(file, page * 256)
        os.fsync(file)
        begun = time.perf_counter()
        for turn in range(writes):
            os.lseek(file, 4096 * (turn % 256), os.SEEK_SET)
            os.write(file, page)
            sync(file)
        return writes / (time.perf_counter() - begun)
    finally:
        os.close(file)
        path.unlink()
