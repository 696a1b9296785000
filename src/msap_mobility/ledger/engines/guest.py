"""A ledger inside a host's own transaction: what is posted stands or falls with the host's rows.

The host opened the connection, began the transaction and will commit it. The guest posts through
it and never commits. Nothing is remembered from one transaction to the next: make a guest in each.
"""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, Any

from msap_mobility.errors import Fault, InputError
from msap_mobility.ledger.engines.guest_postgres import PostgresGuest
from msap_mobility.ledger.engines.guest_sqlite import SqliteGuest
from msap_mobility.ledger.engines.postgres_schema import SCHEMA
from msap_mobility.ledger.engines.sqlite import clock_us

if TYPE_CHECKING:
    from collections.abc import Callable

    from msap_mobility.ledger.engines.protocol import Engine
    from msap_mobility.ledger.entry import Entry

__all__ = ["begin_as_guest", "guest"]


def guest(
    cursor: Any,
    scheme: str | None = None,
    *,
    clock: Callable[[], int] = clock_us,
    schema: str = SCHEMA,
) -> Engine:
    """An engine that posts in the transaction a cursor is in.

    Parameters
    ----------
    cursor
        Of sqlite3, psycopg or psycopg2, or Django's around one of them.
    scheme
        Name of the scheme; None if there is only one.
    clock
        Gives microseconds since 1970 UTC; tests bring their own.
    schema
        On PostgreSQL, name of the schema the tables are in.

    Raises
    ------
    InputError
        If it is no such cursor, or there is no such scheme.
    Unusable
        If the cursor is in no transaction (``no_transaction``), or the tables cannot be used.

    Examples
    --------
    >>> connection = sqlite3.connect(":memory:", isolation_level=None)
    >>> guest(connection.cursor())
    Traceback (most recent call last):
    ...
    msap_mobility.ledger.engines.unusable.Unusable: The cursor is in no transaction: ...
    """
    engine = _engine(cursor, clock, schema)
    engine.find(scheme)
    return engine


def begin_as_guest(
    cursor: Any,
    name: str,
    first: Entry,
    *,
    clock: Callable[[], int] = clock_us,
    schema: str = SCHEMA,
) -> Engine:
    """Begin a scheme in the transaction a cursor is in; the tables must be there.

    Parameters
    ----------
    cursor, clock, schema
        As for `guest`.
    name
        Of the scheme.
    first
        Its first entry, see `genesis`.

    Raises
    ------
    InputError
        If it is no such cursor, or there is a scheme of this name.
    Unusable
        As for `guest`.
    """
    engine = _engine(cursor, clock, schema)
    engine.begin(name, first)
    return engine


def _engine(cursor: Any, clock: Callable[[], int], schema: str) -> SqliteGuest | PostgresGuest:
    while hasattr(cursor, "cursor"):  # Django's are wrapped, sometimes twice
        cursor = cursor.cursor
    connection = getattr(cursor, "connection", None)
    if isinstance(connection, sqlite3.Connection):
        return SqliteGuest(connection, clock)
    if hasattr(connection, "info"):
        return PostgresGuest(connection, clock, schema)
    raise InputError([Fault(code="no_cursor", value=cursor)])
