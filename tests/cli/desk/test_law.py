"""What the law and the registry of proofs say is told at booking, and never blocks it."""

from __future__ import annotations

import pytest

from tests.cli.desk.conftest import DAY, Ask, Run, asked, offered

pytestmark = pytest.mark.usefixtures("desk")


def volunteer(run: Run, name: str) -> None:
    """Jeanne would drive for somebody, all afternoon."""
    free = ("--depart", f"{DAY} 13:00", "--arrive", f"{DAY} 19:00")
    run("offer", name, "--driver", "jeanne", "--kind", "volunteer", "--start", "ayen", *free)


def doctor(run: Run, name: str, start: str, end: str) -> None:
    """Paul has an appointment, and wants to be brought back."""
    way = ("--start", start, "--end", end, "--arrive", f"{DAY} 14:30-15:00", "--stay", "1 h")
    run("request", name, "--rider", "paul", *way)


@pytest.mark.parametrize(
    ("lang", "warning", "within"),
    [("en", "WARNING", "within 24 h"), ("fr", "ATTENTION", "24 h")],
)
def test_slips_that_come_too_late(run: Run, lang: str, warning: str, within: str) -> None:
    run("request", *asked("r1", "paul"))
    words = ("book", "r1", "--offer", "o1", "--slips", "2031-12-05 10:00", "--lang", lang)
    code, out, _ = run(*words)
    assert code == 0
    (line,) = [line for line in out.splitlines() if warning in line]
    assert within in line
    assert "RPC API v3.3" in line


def test_a_ride_under_two_kilometres(run: Run, ask: Ask) -> None:
    near = ("--start", "ayen", "--end", "1.335,45.254", "--depart")
    more = ("--max-detour", "5 min")
    run("offer", "near", "--driver", "jeanne", *near, f"{DAY} 12:00-13:00", *more)
    run("request", "r1", "--rider", "paul", *near, f"{DAY} 12:00-13:00")
    law = ask("book", "r1", "--offer", "near")["law"]
    found = law[0]["registry"][0]["refusals"]
    assert [each["code"] for each in found] == ["distance_too_short"]


def test_a_fifth_trip_of_the_day(run: Run, ask: Ask) -> None:
    codes = []
    for number in range(5):
        hour = f"{8 + 2 * number:02d}"
        run("offer", *offered(f"a{number}", hour=f"{hour}:10"))
        run("request", *asked(f"r{number}", "paul", hours=f"{hour}:00-{hour}:30"))
        law = ask("book", f"r{number}", "--offer", f"a{number}")["law"]
        codes.append({each["code"] for each in law[0]["registry"][0]["refusals"]})
    assert codes == [set(), set(), set(), set(), {"too_many_trips_by_day"}]


def test_the_same_two_again_within_half_an_hour(run: Run, ask: Ask) -> None:
    run("request", *asked("r1", "paul"))
    assert ask("book", "r1", "--offer", "o1")["law"][0]["registry"][0]["accepted"]
    home = ("--start", "objat", "--end", "ayen", "--depart")
    for hour, codes in (("08:40", {"too_close_trips"}), ("12:00", set())):
        more = ("--max-detour", "5 min")
        name = hour.partition(":")[0]
        run("offer", f"a{name}", "--driver", "jeanne", *home, f"{DAY} {hour}", *more)
        run("request", f"h{name}", "--rider", "paul", *home, f"{DAY} {hour}")
        law = ask("book", f"h{name}", "--offer", f"a{name}")["law"]
        assert {each["code"] for each in law[0]["registry"][0]["refusals"]} == codes


@pytest.mark.usefixtures("ledger")
@pytest.mark.parametrize(
    ("end", "kind", "known"),
    [("objat", "tus", True), ("brive", "neither", True), ("nowhere", "tus", False)],
)
def test_who_drives_for_the_passenger(run: Run, ask: Ask, end: str, kind: str, known: bool) -> None:
    volunteer(run, "v1")
    doctor(run, "r1", "ayen", end)
    (law,) = ask("book", "r1", "--offer", "v1")["law"]
    assert (law["regime"]["kind"], law["places_known"]) == (kind, known)
    text = law["text"]["en"]
    assert ("WARNING" in text) == (kind == "neither" or not known)
    assert ("urban_unit" in text) == (not known)
    assert ("R3133-4" in text) == (kind == "neither" or not known)
    assert law["text"]["fr"] != text


def test_the_commune_of_the_passenger_counts_as_their_residence(run: Run, ask: Ask) -> None:
    run("member", "paul", "--commune", "19031")
    volunteer(run, "v1")
    doctor(run, "r1", "ayen", "objat")
    (law,) = ask("book", "r1", "--offer", "v1")["law"]
    assert law["regime"]["kind"] == "neither"
    assert "tus_not_eligible" in {each["code"] for each in law["regime"]["failing"]}


def test_what_was_cancelled_counts_no_more(run: Run, ask: Ask) -> None:
    run("request", *asked("r1", "paul"))
    run("book", "r1", "--offer", "o1")
    run("cancel", "r1")
    run("offer", *offered("a2", hour="08:20"))
    run("request", *asked("r2", "paul"))
    assert ask("book", "r2", "--offer", "a2")["law"][0]["registry"][0]["accepted"]
