"""A desk in SQLite: one file with a write-ahead log, every commit on disk before the answer."""

from __future__ import annotations

import os
import sqlite3
import threading
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, Self

from msap_mobility.desk.schema import check, make, sqlite_statements
from msap_mobility.desk.unusable import DeskUnusable
from msap_mobility.errors import Fault, InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from msap_mobility.desk.store import Run

__all__ = ["SqliteStore"]

_PREFIX = "desk_"

_PRAGMAS = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA recursive_triggers = ON",  # else REPLACE would delete without asking the triggers
    "PRAGMA trusted_schema = OFF",
    "PRAGMA secure_delete = ON",  # what is forgotten leaves no byte behind
    "PRAGMA busy_timeout = 10000",
)


class SqliteStore:
    """One desk in a SQLite file, or in memory; made by `create` or `open`.

    Parameters
    ----------
    path
        The file; None is memory.
    """

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._process = os.getpid()
        self._turn = threading.RLock()
        with self._told():
            self._connection = sqlite3.connect(
                path or ":memory:", isolation_level=None, check_same_thread=False
            )
            try:
                for pragma in _PRAGMAS:
                    self._connection.execute(pragma).fetchall()
            except sqlite3.Error:
                self._connection.close()
                raise

    @classmethod
    def create(cls, path: Path | None, begin: Callable[[Run], None]) -> Self:
        """Make the tables, beside what an existing file holds.

        Raises
        ------
        InputError
            If the file holds a desk.
        DeskUnusable
            If the place or the file cannot hold one.
        """
        store = cls(path)
        try:
            with store.writing() as run:
                make(run, sqlite_statements(_PREFIX), str(path), there=_is_there(run))
                begin(run)
        except BaseException:
            store.close()
            raise
        return store

    @classmethod
    def open(cls, path: Path) -> Self:
        """Open the desk of an existing file.

        Raises
        ------
        InputError
            If the file is missing, or holds no desk.
        DeskUnusable
            If it is no database, damaged, or of a later version.
        """
        if not path.is_file():
            raise InputError([Fault(code="desk_missing", value=str(path))])
        store = cls(path)
        try:
            with store.reading() as run:
                check(run, str(path), there=_is_there(run))
        except BaseException:
            store.close()
            raise
        return store

    @contextmanager
    def writing(self) -> Iterator[Run]:
        """A transaction that keeps other writers waiting; on disk when left."""
        with self._transaction("BEGIN IMMEDIATE") as run:
            yield run

    @contextmanager
    def reading(self) -> Iterator[Run]:
        """A transaction that only reads."""
        with self._transaction("BEGIN") as run:
            yield run

    def forget(self) -> None:
        """Bring what was blanked from the log into the file, and empty the log."""
        with self._turn, self._told():
            self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    def close(self) -> None:
        """Close the file."""
        if self._process == os.getpid():
            with self._turn:
                self._connection.close()

    @contextmanager
    def _transaction(self, begin: str) -> Iterator[Run]:
        if self._process != os.getpid():
            raise DeskUnusable("forked")
        with self._turn, self._told():
            self._connection.execute(begin)
            try:
                yield self._run
                self._connection.execute("COMMIT")
            except BaseException:
                with suppress(sqlite3.Error):  # the first error counts
                    if self._connection.in_transaction:
                        self._connection.execute("ROLLBACK")
                raise

    def _run(self, sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        return self._connection.execute(sql.replace("{p}", _PREFIX), values).fetchall()

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Say in our words what SQLite says in its own."""
        try:
            yield
        except sqlite3.Error as error:
            number = getattr(error, "sqlite_errorcode", 0) & 0xFF
            code = _TOLD.get(number, "database_error")
            place = str(self._path or ":memory:")
            raise DeskUnusable(code, place=place, said=str(error)) from error


def _is_there(run: Run) -> bool:
    return bool(run("SELECT 1 FROM sqlite_master WHERE name = '{p}setting'"))


_TOLD = {
    sqlite3.SQLITE_BUSY: "busy",
    sqlite3.SQLITE_FULL: "disk_full",
    sqlite3.SQLITE_CORRUPT: "damaged",
    sqlite3.SQLITE_NOTADB: "damaged",
    sqlite3.SQLITE_READONLY: "read_only",
    sqlite3.SQLITE_CANTOPEN: "cannot_open",
}
