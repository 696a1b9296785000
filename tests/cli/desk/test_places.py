"""What an agent names: places with and without their table, the ledger, hours past midnight."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from tests.cli.desk.conftest import DAY, Ask, Run, asked, offered

DRIVER = ("--roles", "driver", "--charter", "2026-03-02", "--licence", "2026-03-02", "--badge", "1")
POINTS = ("--start", "1.324,45.254", "--end", "1.409, 45.263")


@pytest.mark.usefixtures("desk")
def test_a_table_that_is_gone_is_told(run: Run) -> None:
    Path("desk.places.csv").unlink()
    code, _, err = run("request", *asked("r1", "paul"))
    assert code == 2
    assert err.count("the table of places desk.places.csv is not there") == 2
    assert "lon,lat" in err
    assert "table des lieux" in run("offer", *offered("o7"), "--lang", "fr")[2]


def test_coordinates_need_no_table(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MSAP_DESK", "bare.sqlite")
    run("init")
    run("member", "jeanne", *DRIVER)
    given = (
        "o1",
        "--driver",
        "jeanne",
        *POINTS,
        "--depart",
        f"{DAY} 08:10",
        "--max-detour",
        "5 min",
    )
    code, out, _ = run("offer", *given)
    assert code == 0
    assert "1.324,45.254 → 1.409,45.263" in out


def test_a_ledger_that_is_not_there_is_refused(run: Run) -> None:
    code, _, err = run("init", "new.sqlite", "--ledger", "nowhere.sqlite")
    assert code == 2
    assert "nowhere.sqlite" in err
    assert not Path("new.sqlite").exists()
    assert not Path("nowhere.sqlite").exists()


@pytest.mark.usefixtures("ledger")
def test_a_ledger_that_is_there_is_joined(run: Run) -> None:
    assert run("init", "new.sqlite")[0] == 0


def test_a_file_that_is_no_ledger_is_refused(run: Run) -> None:
    with sqlite3.connect("other.sqlite") as other:
        other.execute("CREATE TABLE t (n)")
    other.close()
    assert run("init", "new.sqlite", "--ledger", "other.sqlite")[0] != 0
    assert not Path("new.sqlite").exists()


@pytest.mark.usefixtures("desk")
def test_hours_past_midnight_are_two_moments_around_a_slash(ask: Ask, run: Run) -> None:
    way = ("--driver", "jeanne", "--start", "ayen", "--end", "objat", "--max-detour", "5 min")
    made = ask("offer", "night", *way, "--depart", f"{DAY} 23:30/2031-12-03 00:30")["offers"][0]
    assert made["depart"] == ["2031-12-02T23:30:00+01:00", "2031-12-03T00:30:00+01:00"]
    code, _, err = run("offer", "wrong", *way, "--depart", f"{DAY} 23:30-00:30")
    assert code == 2
    assert "2026-12-01 23:30/2026-12-02 00:30" in err
