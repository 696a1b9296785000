"""A journal in SQLite: one file with a write-ahead log, every commit on disk before the answer."""

from __future__ import annotations

import os
import sqlite3
import threading
import time
from contextlib import contextmanager, nullcontext, suppress
from typing import TYPE_CHECKING, Any, Self

from msap_mobility.errors import Fault, InputError
from msap_mobility.ledger.engines.place import check_place
from msap_mobility.ledger.engines.queue_lock import QueueLock, queue_lock
from msap_mobility.ledger.engines.sqlite_posting import PREFIX, Doubt
from msap_mobility.ledger.engines.sqlite_scheme import begin_scheme, find_scheme, make_tables
from msap_mobility.ledger.engines.unusable import Unusable
from msap_mobility.ledger.reading import Reader

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from msap_mobility.ledger.engines.protocol import Answer
    from msap_mobility.ledger.engines.sqlite_posting import SqlitePosting
    from msap_mobility.ledger.engines.sqlite_scheme import Scheme
    from msap_mobility.ledger.entry import Entry

__all__ = ["SqliteEngine"]

OLDEST = (3, 37, 0)  # the first with STRICT tables

_PRAGMAS = (
    "PRAGMA page_size = 1024",  # a commit writes whole pages: small ones are sooner on disk
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA recursive_triggers = ON",  # else REPLACE would delete without asking the triggers
    "PRAGMA trusted_schema = OFF",
    "PRAGMA busy_timeout = 10000",
    "PRAGMA cache_size = -16000",
    "PRAGMA wal_autocheckpoint = 8000",
)


def clock_us() -> int:
    """Microseconds since 1970 UTC."""
    return time.time_ns() // 1000


class SqliteEngine:
    """One scheme in a SQLite file, or in memory; made by `create` or `open`.

    Any thread may call it. Writers of one process take turns; across processes they stand in line,
    first come first served. Readers are never held up.

    Parameters
    ----------
    path
        The file; None is memory.
    clock
        Gives microseconds since 1970 UTC; tests bring their own.
    """

    def __init__(self, path: Path | None, clock: Callable[[], int]) -> None:
        if sqlite3.sqlite_version_info < OLDEST:
            raise Unusable("sqlite_too_old", found=sqlite3.sqlite_version, least="3.37")
        if path is not None:
            check_place(path)
        self.path = path
        self.name = ""
        self.decimals: Mapping[str, int] = {}
        self._clock = clock
        self._process = os.getpid()
        self._turn = threading.RLock()
        self._line = nullcontext() if path is None else queue_lock(path)
        if path is not None and not path.exists() and path.with_name(f"{path.name}-wal").exists():
            raise Unusable("stray_wal", path=str(path))
        self._connection = self._connect()
        self._file = _identity(path)
        self._cursor = self._connection.cursor()
        self._scheme = 0
        self._posting: SqlitePosting
        self._idle: list[sqlite3.Connection] = []  # for reading: as many as threads read at once
        self._reader: Reader

    @classmethod
    def create(
        cls,
        path: Path | None,
        name: str,
        first: Entry,
        clock: Callable[[], int] = clock_us,
    ) -> Self:
        """Begin a scheme: in memory, in a new file, or beside what an existing file holds.

        Parameters
        ----------
        path, clock
            As for the class.
        name
            Of the scheme.
        first
            Its first entry, see `genesis`.

        Raises
        ------
        InputError
            If the file already holds a scheme of this name.
        Unusable
            If the place or the file cannot hold a ledger.
        """
        engine = cls(path, clock)
        try:
            with engine._turn, told(path), engine._line:
                engine._begin(name, first)
        except BaseException:
            engine.close()
            raise
        return engine

    @classmethod
    def open(
        cls,
        path: Path,
        name: str | None = None,
        clock: Callable[[], int] = clock_us,
    ) -> Self:
        """Open a scheme of an existing file; the only one, if `name` is None.

        Raises
        ------
        InputError
            If the file is missing, or holds no such scheme.
        Unusable
            If it is no ledger, damaged, or of a later version.
        """
        if not path.is_file():
            raise InputError([Fault(code="ledger_missing", value=str(path))])
        engine = cls(path, clock)
        try:
            with told(path):
                engine._find(name)
        except BaseException:
            engine.close()
            raise
        return engine

    @property
    def reader(self) -> Reader:
        """Reads through connections of its own, so that no writer holds it up."""
        self._check_process()
        return self._reader

    def append(self, groups: Sequence[Sequence[Entry]]) -> list[Answer]:
        """Write groups of entries in one transaction, on disk before the answer."""
        self._check_process()
        with self._turn, self._line:
            self._check_file()
            if isinstance(self._line, QueueLock) and self._line.new_turn:
                self._posting.look_again()
            try:
                return self._attempt(groups, trusting=True)
            except Doubt:
                return self._attempt(groups, trusting=False)

    def note_member(self, member: str, name: str, contact: str) -> None:
        """Note who a member is, or blank it: then no byte of the old name stays in the file."""
        self._check_process()
        execute = self._cursor.execute
        with self._turn, told(self.path), self._line:
            self._check_file()
            execute("PRAGMA secure_delete = ON").fetchall()
            with self._transaction():
                self._posting.note_member(member, name, contact)
            execute("PRAGMA secure_delete = OFF").fetchall()
            if not name and not contact:
                execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    def close(self) -> None:
        """Close the file."""
        if self._process == os.getpid():
            with suppress(sqlite3.ProgrammingError):  # closed before
                self._cursor.close()  # its last statement would keep the file open
            for connection in (*self._idle, self._connection):
                connection.close()
            if isinstance(self._line, QueueLock):
                self._line.close()

    def _attempt(self, groups: Sequence[Sequence[Entry]], *, trusting: bool) -> list[Answer]:
        execute = self._cursor.execute
        try:
            execute("BEGIN IMMEDIATE")
            answers = self._posting.post(groups, self._clock(), trusting=trusting)
            execute("COMMIT")
        except BaseException as error:
            self._take_back()
            if isinstance(error, sqlite3.Error):
                raise unusable(error, self.path) from error
            raise
        return answers

    def _take_back(self) -> None:
        if self._scheme:
            self._posting.forget()
        with suppress(sqlite3.Error):  # closed, or a disk that fails again: the first error counts
            if self._connection.in_transaction:
                self._cursor.execute("ROLLBACK")

    def _read(self, query: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
        with told(self.path), self._lent() as connection:
            try:
                return connection.execute(query, values).fetchall()
            except UnicodeEncodeError:  # nothing is stored under half a character
                return []

    @contextmanager
    def _lent(self) -> Iterator[sqlite3.Connection]:
        if self.path is None:
            with self._turn:
                yield self._connection
            return
        try:
            connection = self._idle.pop()
        except IndexError:
            connection = self._connect()
        try:
            yield connection
        finally:
            self._idle.append(connection)

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        execute = self._cursor.execute
        execute("BEGIN IMMEDIATE")
        try:
            yield
            execute("COMMIT")
        except BaseException:
            self._take_back()
            raise

    def _connect(self) -> sqlite3.Connection:
        with told(self.path):
            connection = sqlite3.connect(
                self.path or ":memory:",
                isolation_level=None,
                check_same_thread=False,
                cached_statements=256,
            )
            try:
                for pragma in _PRAGMAS:
                    connection.execute(pragma)
            except sqlite3.Error:
                connection.close()
                raise
        return connection

    def _begin(self, name: str, first: Entry) -> None:
        with self._transaction():
            make_tables(self._cursor)
            place = str(self.path or ":memory:")
            scheme, posting = begin_scheme(self._cursor, name, first, self._clock(), place)
            self._be(scheme, posting)

    def _find(self, name: str | None) -> None:
        scheme = find_scheme(self._cursor, name, str(self.path))
        self._be(scheme, scheme.posting(self._cursor))

    def _be(self, scheme: Scheme, posting: SqlitePosting) -> None:
        self._scheme, self.name, self.decimals = scheme
        self._posting = posting
        self._reader = Reader(self._read, scheme.number, PREFIX)

    def _check_file(self) -> None:
        """A file that was moved or replaced would take entries that nobody finds again."""
        if _identity(self.path) != self._file:
            raise Unusable("moved", path=str(self.path))

    def _check_process(self) -> None:
        if self._process != os.getpid():
            raise Unusable("forked")


def _identity(path: Path | None) -> tuple[int, int] | None:
    """Which file lies at a path now; None if there is none, and in memory."""
    try:
        found = None if path is None else path.stat()
    except FileNotFoundError:
        return None
    return None if found is None else (found.st_dev, found.st_ino)


_TOLD = {
    sqlite3.SQLITE_BUSY: "busy",
    sqlite3.SQLITE_FULL: "disk_full",
    sqlite3.SQLITE_IOERR: "disk_error",
    sqlite3.SQLITE_IOERR_SHMSIZE: "disk_full",  # no room for the index of the write-ahead log
    sqlite3.SQLITE_CORRUPT: "damaged",
    sqlite3.SQLITE_NOTADB: "not_a_ledger",
    sqlite3.SQLITE_READONLY: "read_only",
    sqlite3.SQLITE_CANTOPEN: "cannot_open",
}


@contextmanager
def told(path: Path | None) -> Iterator[None]:
    """Say in our words what SQLite says in its own.

    Raises
    ------
    Unusable
        Instead of SQLite's error, which is its cause.
    """
    try:
        yield
    except sqlite3.Error as error:
        raise unusable(error, path) from error
    except UnicodeDecodeError as error:  # SQLite quotes damaged text in what it says
        raise Unusable("damaged", path=str(path), said=str(error)) from error


def unusable(error: sqlite3.Error, path: Path | None) -> Unusable:
    """SQLite's error in our words."""
    number = getattr(error, "sqlite_errorcode", 0)
    code = _TOLD.get(number) or _TOLD.get(number & 0xFF, "database_error")  # the kind is its end
    return Unusable(code, path=str(path or ":memory:"), said=str(error))
