"""Cars that are under way at midnight: each time is told with its own day."""

from __future__ import annotations

import pytest

from msap_mobility.cli.desk.asking import Opened
from msap_mobility.cli.desk.trips import when_told
from msap_mobility.desk import Desk
from msap_mobility.model.window import Window
from tests.cli.desk.conftest import DAY, Ask, Run

NEXT = "2031-12-03"


@pytest.fixture
def night(desk: str, run: Run) -> str:
    """Lucie rides from before midnight until after it, Paul is fetched after it, by one car."""
    way = ("--start", "ayen", "--end", "brive", "--depart", f"{DAY} 23:55", "--max-detour")
    assert run("offer", "night", "--driver", "jeanne", *way, "15 min")[0] == 0
    begins = f"{DAY} 23:50/{NEXT} 00:30"
    asks = {"r1": ("paul", "objat", f"{NEXT} 00:05-00:30"), "r2": ("lucie", "ayen", begins)}
    for name, (rider, start, times) in asks.items():
        trip = ("--start", start, "--end", "brive", "--depart", times)
        assert run("request", name, "--rider", rider, *trip)[0] == 0
    return desk


@pytest.mark.usefixtures("night")
def test_a_seat_is_told_with_both_of_its_days(run: Run) -> None:
    code, out, _ = run("book", "r2", "--offer", "night")
    assert code == 0
    assert "way there, 2 December 2031: 11:55 pm Ayen → 3 December 2031, 12:" in out
    code, out, _ = run("book", "r1", "--offer", "night")
    assert code == 0
    assert "way there, 3 December 2031: 12:" in out


@pytest.mark.usefixtures("night")
def test_rides_are_listed_on_every_day_they_are_under_way(run: Run, ask: Ask) -> None:
    for name in ("r2", "r1"):
        run("book", name, "--offer", "night")
    _, out, _ = run("rides", "--from", NEXT)
    assert f"{NEXT} 12:" in out
    assert f"{DAY} 11:55 pm Ayen" in out
    for day, count in (("2031-12-01", 0), (DAY, 2), (NEXT, 2), ("2031-12-04", 0)):
        assert len(ask("rides", "--from", day)["rides"]) == count


def test_hours_past_midnight_are_told_with_both_days() -> None:
    window = Window.of((f"{DAY} 23:30", f"{NEXT} 00:30"))
    with Desk.create(None) as desk:
        told = when_told(window, Opened(desk=desk, ledger=None), "en")
    assert told == "2 December 2031, 11:30 pm to 3 December 2031, 12:30 am"


@pytest.mark.usefixtures("night")
def test_days_that_are_exchanged_are_a_fault(ask: Ask) -> None:
    faults = ask("rides", "--from", NEXT, "--to", DAY, ends=2)["faults"]
    assert [(each["code"], each["column"]) for each in faults] == [("ends_before_start", "last")]
