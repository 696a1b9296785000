"""The same commands on a PostgreSQL server."""

from __future__ import annotations

import pytest

from tests.cli.ledger.conftest import Ask, Run, ridden


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
