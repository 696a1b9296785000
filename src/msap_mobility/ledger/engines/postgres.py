"""A journal in PostgreSQL: a commit is one call to the server, which applies the rules itself."""

from __future__ import annotations

import os
import threading
from typing import TYPE_CHECKING, Any, Self

from msap_mobility.errors import MissingExtra
from msap_mobility.ledger.engines.postgres_calls import PostgresCalls
from msap_mobility.ledger.engines.postgres_schema import SCHEMA, quoted, schema_sql
from msap_mobility.ledger.engines.postgres_told import told
from msap_mobility.ledger.engines.sqlite import clock_us
from msap_mobility.ledger.engines.unusable import Unusable
from msap_mobility.ledger.interrupts import Waiting

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from psycopg import Connection

    from msap_mobility.ledger.engines.protocol import Answer
    from msap_mobility.ledger.entry import Entry
    from msap_mobility.ledger.reading import Reader

__all__ = ["PostgresEngine"]

# On disk before the answer; of an entry posted meanwhile, the next statement knows; nobody waits
# for ever.
_SETTINGS = """
    SELECT set_config('default_transaction_isolation', 'read committed', false),
           set_config('lock_timeout', '10s', false),
           CASE current_setting('synchronous_commit') WHEN 'off'
           THEN set_config('synchronous_commit', 'on', false) END
"""


class PostgresEngine:
    """One scheme in a schema of a PostgreSQL database; made by `create` or `open`.

    Any thread may call it: one connection writes, another reads, and each call has its turn. A
    connection that was lost is made anew by the next call.

    Parameters
    ----------
    dsn
        Where the database is, as libpq takes it: ``"host=… dbname=…"`` or ``"postgresql://…"``.
    clock
        Gives microseconds since 1970 UTC; tests bring their own.
    schema
        Name of the schema the tables are in.
    """

    def __init__(self, dsn: str, clock: Callable[[], int], schema: str = SCHEMA) -> None:
        self.place = quoted(schema)
        self._clock = clock
        self._process = os.getpid()
        self._writing = _Session(dsn, self.place)
        self._reading = _Session(dsn, self.place)
        self._calls = PostgresCalls(self._writing.run, self.place)
        self._reader: Reader

    @classmethod
    def create(
        cls,
        dsn: str,
        name: str,
        first: Entry,
        clock: Callable[[], int] = clock_us,
        *,
        schema: str = SCHEMA,
        owner: bool = False,
    ) -> Self:
        """Begin a scheme.

        Parameters
        ----------
        dsn, clock, schema
            As for the class.
        name
            Of the scheme.
        first
            Its first entry, see `genesis`.
        owner
            Make the schema and its tables if they are missing, as the user of `dsn`, who will own
            them. Else they are expected: `schema_sql` has been applied by whoever owns the
            database.

        Raises
        ------
        InputError
            If there is a scheme of this name, or the schema's name cannot be used.
        Unusable
            If the server cannot be reached, or its tables cannot be used.
        MissingExtra
            If psycopg is not installed.
        """
        engine = cls(dsn, clock, schema)
        try:
            if owner:
                engine._make_tables(schema)
            engine._calls.check()
            engine._calls.begin(name, first, clock())
            engine._reader = engine._calls.reader(engine._reading.run)
        except BaseException:
            engine.close()
            raise
        return engine

    @classmethod
    def open(
        cls,
        dsn: str,
        name: str | None = None,
        clock: Callable[[], int] = clock_us,
        *,
        schema: str = SCHEMA,
    ) -> Self:
        """Open a scheme; the only one, if `name` is None. Nothing is made or migrated.

        Raises
        ------
        InputError
            If there is no such scheme, or the schema's name cannot be used.
        Unusable
            If the server cannot be reached, or its tables are missing or of a later version.
        MissingExtra
            If psycopg is not installed.
        """
        engine = cls(dsn, clock, schema)
        try:
            engine._calls.check()
            engine._calls.find(name)
            engine._reader = engine._calls.reader(engine._reading.run)
        except BaseException:
            engine.close()
            raise
        return engine

    @property
    def name(self) -> str:
        """The scheme's name."""
        return self._calls.name

    @property
    def decimals(self) -> Mapping[str, int]:
        """Decimals of each asset of the scheme."""
        return self._calls.decimals

    @property
    def reader(self) -> Reader:
        """Reads through a connection that writers do not hold up."""
        self._check_process()
        return self._reader

    def append(self, groups: Sequence[Sequence[Entry]]) -> list[Answer]:
        """Write groups of entries in one transaction, on disk before the answer."""
        self._check_process()
        return self._calls.append(groups, self._clock())

    def note_member(self, member: str, name: str, contact: str) -> None:
        """Note who a member is, or blank it."""
        self._check_process()
        self._calls.note_member(member, name, contact)

    def close(self) -> None:
        """Let go of the server."""
        if self._process == os.getpid():
            self._writing.close()
            self._reading.close()

    def _make_tables(self, schema: str) -> None:
        if self._writing.run("SELECT to_regclass(%s)::text", (f"{self.place}.version",)) == [
            (None,)
        ]:
            self._writing.script(schema_sql(schema))

    def _check_process(self) -> None:
        if self._process != os.getpid():
            raise Unusable("forked")


class _Session:
    """One connection, made when first needed and made anew when it was lost."""

    def __init__(self, dsn: str, place: str) -> None:
        self._dsn = dsn
        self._place = place
        self._turn = threading.RLock()
        self._connection: Connection[tuple[Any, ...]] | None = None

    def run(self, query: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
        """Run a query, which is a transaction of its own, and give all rows."""
        with self._turn, told(self._place), Waiting():
            return self._connected().execute(query, values).fetchall()

    def script(self, sql: str) -> None:
        """Run statements in one transaction."""
        with self._turn, told(self._place):
            self._connected().execute(sql)

    def close(self) -> None:
        """Close the connection."""
        with self._turn:
            if self._connection is not None:
                self._connection.close()

    def _connected(self) -> Connection[tuple[Any, ...]]:
        if self._connection is None or self._connection.closed:
            self._connection = _connect(self._dsn)
        return self._connection


def _connect(dsn: str) -> Connection[tuple[Any, ...]]:
    try:
        import psycopg  # noqa: PLC0415 - only this engine needs it
    except ImportError as error:
        raise MissingExtra("psycopg", "postgres") from error
    try:
        connection = psycopg.connect(
            dsn, autocommit=True, connect_timeout=10, application_name="msap-ledger"
        )
    except psycopg.OperationalError as error:
        raise Unusable("cannot_connect", said=str(error).strip()) from error
    connection.execute(_SETTINGS)
    return connection
