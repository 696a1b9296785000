"""The same commands on a PostgreSQL server."""

from __future__ import annotations

import os
from collections.abc import Iterator
from urllib.parse import quote

import pytest

from tests.cli.ledger.conftest import Ask, Run, ridden
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


def test_every_command_finds_the_schema_that_was_named(run: Run, ask: Ask, server: str) -> None:
    there = ("--schema", "coupons")
    for _ in range(2):
        again = ("--idempotency-key", "k", *there)
        assert ask("init", server, "--rules", "ayen", *again)["scheme"] == "ayen"
    run("sell", server, "paul", "--km", 50, *there)
    assert ask("cover", server, *there)["fund"]["units"] == 300
    assert ask("verify", server, *there)["verification"]["sound"]
    assert run("cover", server)[0] == 5
    run("init", server, "--rules", "argences")
    assert ask("cover", server)["fund"]["units"] == 0


def test_the_life_of_ayen_on_a_server(
    run: Run, ask: Ask, server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MSAP_LEDGER", server)
    assert ask("init", "--rules", "ayen")["scheme"] == "ayen"
    run("shop", "bakery")
    run("sell", "paul", "--km", 50)
    first = ask("settle", *ridden())["posted"]
    assert ask("settle", *ridden())["posted"] == {**first, "replayed": True}
    run("exchange", "jeanne", "--km", 25)
    run("spend", "jeanne", "bakery", "--amount", "1.50")
    assert ask("reconvert", "jeanne", "--amount", 1, ends=5)["code"] == "refund_to_person"
    run("reconvert", "bakery", "--amount", "1.50")
    assert ask("cover")["fund"]["units"] == 150
    assert ask("verify", "--checkpoint", run("checkpoint")[1])["verification"]["sound"]
    assert ask("backup", "--out", "x.sqlite", ends=2)["faults"][0]["code"] == "backup_not_a_file"
    assert ask("cover", "postgresql://localhost:1/x", ends=5)["code"] == "cannot_connect"
