"""What the tests of several groups of commands share."""

from __future__ import annotations

import os
from collections.abc import Iterator
from urllib.parse import quote

import pytest

from tests.ledger.postgres_server import dsn


@pytest.fixture
def server() -> Iterator[str]:
    """The address of a database of its own."""
    base, name = dsn(), f"msap_cli_{os.getpid()}"  # skips where there is no server
    from psycopg import connect, conninfo, sql

    with connect(base, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    parts = conninfo.conninfo_to_dict(base, dbname=name)
    yield "postgresql://?" + "&".join(f"{k}={quote(str(v), safe='')}" for k, v in parts.items())
    with connect(base, autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE {}").format(sql.Identifier(name)))
