"""Where a desk's tables lie: what is asked of a database, and how its place is written."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from msap_mobility.desk.sqlite_store import SqliteStore
from msap_mobility.errors import Fault, InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from contextlib import AbstractContextManager

__all__ = ["Run", "Store", "create_store", "open_store"]

_SERVERS = ("postgresql://", "postgres://")


class Run(Protocol):
    """Runs a statement and gives all its rows."""

    def __call__(self, sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Run `sql`: ``{p}`` stands before the names of tables, ``?`` for each value."""


class Store(Protocol):
    """One desk in one database. Any thread may use it; a thread that writes keeps others waiting.

    A host with a database of its own gives a desk this much, and its own connection.
    """

    def writing(self) -> AbstractContextManager[Run]:
        """A transaction, one at a time over all programs, on disk when left; undone by an error.

        Raises
        ------
        DeskUnusable
            If nothing can be written.
        """

    def reading(self) -> AbstractContextManager[Run]:
        """What is read inside is of one instant.

        Raises
        ------
        DeskUnusable
            If nothing can be read.
        """

    def forget(self) -> None:
        """Leave no byte behind of what was deleted, as far as the database can."""

    def close(self) -> None:
        """Let go of the database."""


def create_store(where: str | Path | None, schema: str, begin: Callable[[Run], None]) -> Store:
    """Make the tables in memory (None or ``":memory:"``), in a file, or on a PostgreSQL server.

    Parameters
    ----------
    where, schema
        See `Desk.create`.
    begin
        Writes the first rows, in the transaction that makes the tables.

    Raises
    ------
    InputError
        If a desk is there already.
    DeskUnusable
        If the place cannot hold one.
    """
    if where is None or where == ":memory:":
        return SqliteStore.create(None, begin)
    if _on_server(where):
        from msap_mobility.desk.postgres_store import PostgresStore  # noqa: PLC0415 - an extra

        return PostgresStore.create(str(where), schema, begin)
    return SqliteStore.create(_path(where), begin)


def open_store(where: str | Path, schema: str) -> Store:
    """Open what `create_store` made.

    Raises
    ------
    InputError
        If there is no desk.
    DeskUnusable
        If it is none of ours, or cannot be used.
    """
    if _on_server(where):
        from msap_mobility.desk.postgres_store import PostgresStore  # noqa: PLC0415 - an extra

        return PostgresStore.open(str(where), schema)
    return SqliteStore.open(_path(where))


def _on_server(where: object) -> bool:
    return isinstance(where, str) and where.startswith(_SERVERS)


def _path(where: object) -> Path:
    if not isinstance(where, (str, Path)) or not str(where).strip() or "\0" in str(where):
        raise InputError([Fault(code="not_a_name", column="where", value=where)])
    return Path(where)
