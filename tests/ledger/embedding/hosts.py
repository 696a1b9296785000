"""Programs that keep rows of their own beside the ledger's, each with its driver."""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest

from msap_mobility.ledger.engines.guest import guest
from msap_mobility.ledger.journal import Journal
from tests.ledger.stores import Clock, Store, fresh

if TYPE_CHECKING:
    from collections.abc import Iterator

DRIVERS = ("sqlite3", "sqlite3 by hand", "psycopg", "psycopg2")


@dataclass
class Host:
    """A host with a table ``ride`` in the database where the scheme "ayen" is."""

    driver: str
    store: Store
    clock: Clock = field(default_factory=Clock)
    connections: list[Any] = field(default_factory=list)

    def connect(self, *, autocommit: bool = False) -> Any:
        """A connection of its own, closed with the host."""
        if self.driver == "psycopg":
            import psycopg

            connection: Any = psycopg.connect(self.store.dsn, autocommit=autocommit)
        elif self.driver == "psycopg2":
            import psycopg2

            connection = psycopg2.connect(self.store.dsn)
            connection.autocommit = autocommit
        else:
            implicit = self.driver == "sqlite3" and not autocommit
            connection = sqlite3.connect(
                self.store.path,
                isolation_level="DEFERRED" if implicit else None,
                check_same_thread=False,
            )
        self.connections.append(connection)
        return connection

    def cursor(self, connection: Any = None) -> Any:
        """A cursor in a transaction."""
        cursor = (connection or self.connect()).cursor()
        if self.driver == "sqlite3 by hand":
            cursor.execute("BEGIN IMMEDIATE")
        return cursor

    def journal(self, cursor: Any, scheme: str = "ayen") -> Journal:
        """A scheme's journal in the transaction of `cursor`."""
        schema = self.store.schema or "none"
        return Journal(guest(cursor, scheme, clock=self.clock, schema=schema))

    def add(self, cursor: Any, ride: str) -> None:
        """A row of the host's own."""
        mark = "?" if self.driver.startswith("sqlite3") else "%s"
        cursor.execute(f"INSERT INTO {self.table} VALUES ({mark})", (ride,))

    def rides(self) -> list[str]:
        """The host's rows, as another connection sees them."""
        cursor = self.connect(autocommit=True).cursor()
        cursor.execute(f"SELECT id FROM {self.table} ORDER BY id")
        return [row[0] for row in cursor.fetchall()]

    @property
    def table(self) -> str:
        """Where the host keeps its rides."""
        return f"{self.store.schema}.ride" if self.store.schema else "ride"

    def commit(self, cursor: Any) -> None:
        """End the transaction."""
        cursor.connection.commit()

    def rollback(self, cursor: Any) -> None:
        """End the transaction, and leave no trace of it."""
        cursor.connection.rollback()


@contextmanager
def host_with(driver: str) -> Iterator[Host]:
    """A host with a scheme in its database, gone afterwards."""
    if driver.startswith("psycopg"):
        pytest.importorskip(driver)
    with fresh("sqlite" if driver.startswith("sqlite3") else "postgres") as store:
        host = Host(driver, store)
        store.create("ayen", clock=host.clock)
        host.connect(autocommit=True).cursor().execute(f"CREATE TABLE {host.table} (id text)")
        try:
            yield host
        finally:
            for connection in host.connections:
                connection.close()
