"""The same commands on a PostgreSQL server, desk and ledger in one database."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.desk.conftest import DAY, PLACES, Ask, Run, asked, offered


def test_the_day_of_an_agent_on_a_server(
    run: Run, ask: Ask, server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("places.csv").write_text(PLACES, encoding="utf-8")
    for name in ("MSAP_DESK", "MSAP_LEDGER"):
        monkeypatch.setenv(name, server)
    monkeypatch.setenv("MSAP_AGENT", "marie")
    run("ledger", "init", "--rules", "ayen")
    assert ask("init", ends=0)["place"].startswith("postgresql://")
    assert ask("init", ends=2)["faults"][0]["code"] == "desk_exists"
    monkeypatch.setenv("MSAP_PLACES", "places.csv")
    run("ledger", "sell", "paul", "--km", 50)
    papers = ("--charter", "2026-03-02", "--licence", "2026-03-02", "--badge", 12)
    run("member", "jeanne", "--roles", "driver", *papers)
    for name in ("paul", "lucie"):
        run("member", name, "--roles", "rider", "--charter", "2026-03-02")
    run("offer", *offered("o1", "--seats", 1))
    for name, rider in (("r1", "paul"), ("r2", "lucie")):
        run("request", *asked(name, rider))
    booked = ask("book", "r1", "--offer", "o1")
    assert (booked["price_cents"], booked["unposted"]) == (54, [])
    assert ask("book", "r2", "--offer", "o1", ends=5)["code"] == "carpool_seats_taken"
    for verb in ("drive", "confirm", "settle"):
        assert run(verb, "r1")[0] == 0
    assert ask("rides", "--from", DAY)["rides"][0]["stage"] == "settled"
    assert "41 coupons" in run("ledger", "balance", "paul")[1]
    assert ask("report", "--from", DAY)["settled"] == 1
