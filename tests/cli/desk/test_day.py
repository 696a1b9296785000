"""The day of an agent, through the commands: from the first call to the report."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.desk.conftest import DAY, Run, asked, offered

pytestmark = pytest.mark.usefixtures("desk")


def test_a_desk_is_set_up_with_its_places_beside_it(run: Run) -> None:
    assert Path("desk.places.csv").read_bytes() == Path("places.csv").read_bytes()
    code, out, _ = run("members")
    assert code == 0
    assert "jeanne (05 55 00 00 00)" in out
    code, out, _ = run("offers", "--on", DAY)
    assert code == 0
    assert "Ayen → Objat" in out


def test_from_the_call_to_the_settlement(run: Run, ledger: str) -> None:
    assert "asked for" in run("request", *asked("r1", "paul"))[1]
    code, out, err = run("book", "r1", "--offer", "o1")
    assert (code, err) == (0, "")
    assert "r1 of paul is promised:" in out
    assert "8:10 am Ayen → 8:24 am Objat" in out
    assert "jeanne (05 55 00 00 00) (offer o1)" in out
    assert "price: 0.54 €" in out
    assert "A carpool: the costs are shared" in out
    assert "would take it, if sent by 3 December 2031, 8:10 am." in out
    assert "held back for rides" in run("ledger", "balance", ledger, "paul")[1]
    for verb, stage in (("drive", "driven"), ("confirm", "confirmed"), ("settle", "settled")):
        code, out, err = run(verb, "r1")
        assert (code, err) == (0, "")
        assert f"paul, way there: {stage}. With jeanne" in out
    assert "41 coupons" in run("ledger", "balance", ledger, "paul")[1]
    assert "9 coupons" in run("ledger", "balance", ledger, "jeanne")[1]
    _, out, _ = run("report", "--from", DAY, "--to", DAY)
    assert "Requests: 1; served or promised: 1; still open: 0" in out
    assert "Settled: 1" in out


@pytest.mark.usefixtures("ledger")
def test_the_same_day_in_french(run: Run) -> None:
    french = ("--lang", "fr")
    assert "demandé" in run("request", *asked("r1", "paul"), *french)[1]
    _, out, _ = run("book", "r1", "--offer", "o1", *french)
    assert "2 décembre 2031 : 8 h 10 Ayen → 8 h 24 Objat" in out
    assert "prix : 0,54" in out
    assert "droit : Covoiturage" in out
    assert "s'il est envoyé avant le 3 décembre 2031" in out
    _, out, _ = run("report", "--month", "12/2031", *french)
    assert "1er décembre 2031 au 31 décembre 2031" in out


def test_who_is_aboard_is_told_to_expect_another_time(run: Run) -> None:
    away = ("--start", "perpezac", "--end", "objat", "--depart", f"{DAY} 07:30-09:00")
    run("offer", "o2", "--driver", "jeanne", *away, "--max-detour", "20 min")
    run("request", *asked("r1", "paul", hours="07:30-09:00"))
    _, out, _ = run("book", "r1", "--offer", "o2")
    assert "Tell" not in out
    start = ("--start", "perpezac", "--end", "objat", "--depart", f"{DAY} 08:00-08:15")
    run("request", "r2", "--rider", "lucie", *start)
    code, out, _ = run("propose", "r2", "--offer", "o2")
    assert code == 0
    assert "Tell" not in out
    code, out, _ = run("book", "r2", "--offer", "o2")
    assert code == 0
    assert "Tell paul: fetched at" in out
    _, out, _ = run("rides", "--from", DAY)
    assert out.count("promised") == 2
    assert "lucie, paul" in run("offers", "--on", DAY)[1]


def test_a_driver_who_says_no(run: Run) -> None:
    run("request", *asked("r1", "paul"))
    assert "r1 of paul is proposed to a driver:" in run("propose", "r1", "--offer", "o1")[1]
    assert (
        run("log-call", "r1", "jeanne", "--outcome", "declined")[1].strip().endswith("jeanne: no")
    )
    assert "r1: paul, way there: asked for." in run("decline", "r1")[1]
    run("offer", *offered("o3", hour="08:20"))
    assert "is promised" in run("book", "r1", "--offer", "o3")[1]


def test_cancelled_missed_and_asked_again(run: Run, ledger: str) -> None:
    run("request", *asked("r1", "paul"))
    run("book", "r1", "--offer", "o1")
    assert "r1: paul, way there: cancelled." in run("cancel", "r1", "--why", "weather")[1]
    assert "held back" not in run("ledger", "balance", ledger, "paul")[1]
    run("request", *asked("r2", "lucie"))
    _, out, _ = run("book", "r2", "--offer", "o1")
    assert "The ledger holds no coupons for the ride r2" in out
    assert "r2~2: lucie, way there: asked for." in run("again", "r2")[1]
    run("book", "r2~2", "--offer", "o1")
    assert "a no-show" in run("no-show", "r2~2", "--absent", "driver")[1]
    _, out, _ = run("report", "--from", DAY)
    assert "not served, cancelled for the weather: 1" in out


@pytest.mark.usefixtures("ledger")
def test_a_round_with_a_volunteer_who_waits(run: Run) -> None:
    free = ("--depart", f"{DAY} 13:00", "--arrive", f"{DAY} 19:00")
    run("offer", "o4", "--driver", "jeanne", "--kind", "volunteer", "--start", "ayen", *free)
    way = ("--start", "ayen", "--end", "objat", "--arrive", f"{DAY} 14:30-15:00", "--stay", "1 h")
    run("request", "r1", "--rider", "paul", *way)
    code, out, _ = run("book", "r1", "--offer", "o4")
    assert code == 0
    assert "way there, 2 December 2031:" in out
    assert "way back, 2 December 2031:" in out
    assert "Transport of social utility" in out
    assert "WARNING" not in out
    assert "there and back: driven" in run("drive", "r1", "--km", "17,5")[1]
    assert "17.5 km" in run("confirm", "r1")[1]
    run("settle", "r1")
    Path("who.csv").write_text("member,residence,resources\npaul,yes,no\n", encoding="utf-8")
    code, out, _ = run("report", "--prefect", "2031", "--beneficiaries", "who.csv")
    assert code == 0
    assert "Trips: 1" in out


def test_settled_without_a_ledger_nobody_is_paid(
    run: Run, ledger: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("offer", *offered("o1"))
    run("request", *asked("r1", "paul"))
    run("book", "r1", "--offer", "o1")
    for verb in ("drive", "confirm"):
        run(verb, "r1")
    monkeypatch.delenv("MSAP_LEDGER")
    code, _, told = run("settle", "r1")
    assert code == 0
    assert "Nobody is paid: no ledger is named." in told
    assert "posting was made up for" in run("rides", "--ledger", ledger)[2]
    assert "41 coupons" in run("ledger", "balance", ledger, "paul")[1]


def test_nobody_to_forget_and_somebody(run: Run) -> None:
    assert run("forget", "--before", "2020-01-01")[1] == "Names forgotten: 0\n"
    assert run("forget", "--before", "2020-01-01", "--lang", "fr")[1] == "Noms oubliés : 0\n"
