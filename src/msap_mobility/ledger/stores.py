"""Where a ledger lives, told from how its place is written."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from msap_mobility.errors import Fault, InputError
from msap_mobility.ledger.engines.postgres_schema import SCHEMA
from msap_mobility.ledger.engines.sqlite import SqliteEngine

if TYPE_CHECKING:
    from collections.abc import Callable

    from msap_mobility.ledger.engines.protocol import Engine
    from msap_mobility.ledger.entry import Entry

__all__ = ["create_engine", "open_engine", "path_of"]

_SERVERS = ("postgresql://", "postgres://")


def create_engine(
    place: str | Path | None,
    scheme: str,
    first: Entry,
    clock: Callable[[], int],
    schema: str = SCHEMA,
) -> Engine:
    """Begin a scheme in memory (None or ``":memory:"``), in a file, or on a PostgreSQL server.

    Raises
    ------
    InputError
        If a scheme of this name is there already.
    Unusable
        If the place cannot hold a ledger.
    """
    if place is None or place == ":memory:":
        return SqliteEngine.create(None, scheme, first, clock)
    if _on_server(place):
        from msap_mobility.ledger.engines.postgres import PostgresEngine  # noqa: PLC0415 - extra

        return PostgresEngine.create(str(place), scheme, first, clock, schema=schema, owner=True)
    return SqliteEngine.create(path_of(place), scheme, first, clock)


def open_engine(
    place: str | Path,
    scheme: str | None,
    clock: Callable[[], int],
    schema: str = SCHEMA,
) -> Engine:
    """Open a scheme of a file or a server; the only one if none is named.

    Raises
    ------
    InputError
        If there is no such file or scheme.
    Unusable
        If it is no ledger, or cannot be used.
    """
    if _on_server(place):
        from msap_mobility.ledger.engines.postgres import PostgresEngine  # noqa: PLC0415 - extra

        return PostgresEngine.open(str(place), scheme, clock, schema=schema)
    return SqliteEngine.open(path_of(place), scheme, clock)


def _on_server(place: object) -> bool:
    return isinstance(place, str) and place.startswith(_SERVERS)


def path_of(place: object) -> Path:
    """Where a file is.

    Raises
    ------
    InputError
        If it is neither a path nor a text that can be one.
    """
    if not isinstance(place, (str, Path)) or not str(place).strip() or "\0" in str(place):
        raise InputError([Fault(code="not_a_name", column="path", value=place)])
    return Path(place)
