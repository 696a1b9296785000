"""A desk in PostgreSQL: writers take turns by a lock that every program of the desk asks for."""

from __future__ import annotations

import os
import re
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Self

from msap_mobility.desk.schema import check, make, postgres_statements
from msap_mobility.desk.unusable import DeskUnusable
from msap_mobility.errors import Fault, InputError, MissingExtra

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from psycopg import Connection

    from msap_mobility.desk.store import Run

__all__ = ["PostgresStore"]

_NAME = re.compile(r"[a-z_][a-z0-9_]{0,49}")

# On disk before the answer; after waiting for its turn a statement sees what others wrote; nobody
# waits for ever.
_SETTINGS = """
    SELECT set_config('default_transaction_isolation', 'read committed', false),
           set_config('lock_timeout', '10s', false),
           CASE current_setting('synchronous_commit') WHEN 'off'
           THEN set_config('synchronous_commit', 'on', false) END
"""


class PostgresStore:
    """One desk in a schema of a PostgreSQL database; made by `create` or `open`.

    Parameters
    ----------
    url
        Where the database is: ``"postgresql://…"``.
    schema
        Name of the schema: small letters, digits and ``_``.

    Raises
    ------
    InputError
        If the schema's name cannot be used.
    """

    def __init__(self, url: str, schema: str) -> None:
        if not _NAME.fullmatch(schema):
            raise InputError([Fault(code="schema_name", value=schema)])
        self._url = url
        self._schema = schema
        self._place = f'"{schema}"'
        self._process = os.getpid()
        self._turn = threading.RLock()
        self._connection: Connection[tuple[Any, ...]] | None = None

    @classmethod
    def create(cls, url: str, schema: str, begin: Callable[[Run], None]) -> Self:
        """Make the schema, if it is missing, and its tables.

        Raises
        ------
        InputError
            If the schema holds a desk.
        DeskUnusable
            If the server cannot be reached, or the user may not make tables.
        MissingExtra
            If psycopg is not installed.
        """
        store = cls(url, schema)
        try:
            with store.writing() as run:
                there = store._is_there(run)
                make(run, postgres_statements(store._place), schema, there=there)
                begin(run)
        except BaseException:
            store.close()
            raise
        return store

    @classmethod
    def open(cls, url: str, schema: str) -> Self:
        """Open the desk of a schema.

        Raises
        ------
        InputError
            If the schema holds no desk.
        DeskUnusable
            If the server cannot be reached, or the desk is of a later version.
        MissingExtra
            If psycopg is not installed.
        """
        store = cls(url, schema)
        try:
            with store.reading() as run:
                check(run, schema, there=store._is_there(run))
        except BaseException:
            store.close()
            raise
        return store

    @contextmanager
    def writing(self) -> Iterator[Run]:
        """A transaction that waits until no other program of this desk writes."""
        with self._transaction("BEGIN ISOLATION LEVEL READ COMMITTED") as run:
            lock = "SELECT pg_advisory_xact_lock(hashtextextended(?, 0))::text"
            run(lock, (f"msap-desk {self._schema}",))
            yield run

    @contextmanager
    def reading(self) -> Iterator[Run]:
        """A transaction that only reads, of one instant."""
        with self._transaction("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY") as run:
            yield run

    def forget(self) -> None:
        """Nothing: the server's own vacuum takes old rows away."""

    def close(self) -> None:
        """Let go of the server."""
        if self._process == os.getpid():
            with self._turn:
                if self._connection is not None:
                    self._connection.close()

    def _is_there(self, run: Run) -> bool:
        return run("SELECT to_regclass(?)::text", (f"{self._place}.setting",)) != [(None,)]

    @contextmanager
    def _transaction(self, begin: str) -> Iterator[Run]:
        if self._process != os.getpid():
            raise DeskUnusable("forked")
        with self._turn, _told(self._schema):
            connection = self._connected()
            connection.execute(begin.encode())
            try:
                yield self._run
                connection.execute("COMMIT")
            except BaseException:
                if not connection.closed:
                    connection.rollback()
                raise

    def _run(self, sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        text = sql.replace("{p}", f"{self._place}.").replace("?", "%s")
        cursor = self._connected().execute(text.encode(), values or None)
        return cursor.fetchall() if cursor.description else []

    def _connected(self) -> Connection[tuple[Any, ...]]:
        if self._connection is None or self._connection.closed:
            self._connection = _connect(self._url, self._schema)
        return self._connection


def _connect(url: str, schema: str) -> Connection[tuple[Any, ...]]:
    try:
        import psycopg  # noqa: PLC0415 - only this store needs it
    except ImportError as error:
        raise MissingExtra("psycopg", "postgres") from error
    try:
        connection = psycopg.connect(
            url, autocommit=True, connect_timeout=10, application_name="msap-desk"
        )
    except psycopg.OperationalError as error:
        raise DeskUnusable("cannot_connect", place=schema, said=str(error).strip()) from error
    connection.execute(_SETTINGS)
    return connection


# Appendix A of PostgreSQL's manual, "PostgreSQL Error Codes"
_TOLD = {
    "40001": "busy",
    "40P01": "busy",
    "55P03": "busy",
    "57014": "busy",
    "53100": "disk_full",
    "42501": "not_permitted",
    "25006": "read_only",
    "57P01": "server_gone",
    "57P02": "server_gone",
    "57P03": "server_gone",
}


@contextmanager
def _told(schema: str) -> Iterator[None]:
    """Say in our words what PostgreSQL says in its own."""
    try:
        yield
    except Exception as error:
        if not hasattr(error, "sqlstate"):
            raise
        lost = type(error).__name__ in ("OperationalError", "InterfaceError")
        state = error.sqlstate or ("08" if lost else "")
        code = "server_gone" if state.startswith("08") else _TOLD.get(state, "database_error")
        raise DeskUnusable(code, place=schema, said=str(error).strip()) from error
