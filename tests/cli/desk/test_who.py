"""Who can take a passenger, and the choice booked by its sign: still there, or clearly refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.desk.conftest import DAY, Ask, Run, asked, offered

pytestmark = pytest.mark.usefixtures("desk")


@pytest.fixture
def luc(run: Run, desk: str) -> str:
    """A second driver, who takes a longer way round."""
    papers = ("--charter", "2026-03-02", "--licence", "2026-03-02", "--badge", 13)
    run("member", desk, "luc", "--roles", "driver", *papers)
    way = ("--start", "ayen", "--end", "brive", "--depart", f"{DAY} 08:10", "--max-detour")
    run("offer", desk, "far", "--driver", "luc", *way, "15 min")
    return "far"


@pytest.mark.usefixtures("luc", "ledger")
def test_choices_are_read_out_with_their_signs_and_whom_to_ring(run: Run, ask: Ask) -> None:
    run("request", *asked("r1", "paul"))
    found = ask("who", "r1")["choices"]
    assert [choice["out"]["driver"] for choice in found] == ["jeanne", "luc"]
    assert found[0]["price_cents"] == 54
    for lang in ("en", "fr"):
        code, out, err = run("who", "r1", "--lang", lang)
        assert code == 0
        for number, choice in enumerate(found, start=1):
            assert f"{number}. [{choice['token']}] {choice['text'][lang]}" in out
        assert "jeanne (05 55 00 00 00)" in out
        assert "--roads" in err
    assert len(ask("who", "r1", "--most", 1)["choices"]) == 1


def test_a_choice_is_booked_by_its_sign_and_told_twice(run: Run, ask: Ask) -> None:
    run("request", *asked("r1", "paul"))
    (choice,) = ask("who", "r1")["choices"]
    first = ask("book", "r1", "--choice", choice["token"])
    assert first["rides"][0]["stage"] == "promised"
    assert first["cars"][0]["stops"] == choice["out"]["stops"]
    assert ask("book", "r1", "--choice", choice["token"].upper())["rides"] == first["rides"]


@pytest.mark.parametrize("seats", [1, 3])
def test_a_choice_that_has_changed_is_refused_in_both_languages(
    run: Run, ask: Ask, seats: int
) -> None:
    run("offer", *offered("o2", "--seats", seats))
    run("withdraw", "o1")
    run("request", *asked("r1", "paul"))
    run("request", *asked("r2", "lucie"))
    (choice,) = ask("who", "r1")["choices"]
    run("book", "r2", "--offer", "o2")
    words = ("book", "r1", "--choice", choice["token"])
    refusal = ask(*words, ends=5)
    assert (refusal["code"], refusal["about"]) == ("choice_gone", "r1")
    for lang in ("en", "fr"):
        code, out, err = run(*words, "--lang", lang)
        assert (code, out, err.strip()) == (5, "", refusal["text"][lang])
        assert choice["token"] in err
    anew = ask("who", "r1")["choices"]
    assert len(anew) == (0 if seats == 1 else 1)
    for choice in anew:
        assert run("book", "r1", "--choice", choice["token"])[0] == 0


@pytest.mark.usefixtures("luc")
def test_what_does_not_touch_a_choice_leaves_its_sign(run: Run, ask: Ask) -> None:
    run("request", *asked("r1", "paul"))
    before = {each["out"]["driver"]: each["token"] for each in ask("who", "r1")["choices"]}
    run("request", *asked("r2", "lucie"))
    run("book", "r2", "--offer", "o1")
    after = {each["out"]["driver"]: each["token"] for each in ask("who", "r1")["choices"]}
    assert after["luc"] == before["luc"]
    assert after["jeanne"] != before["jeanne"]
    assert run("book", "r1", "--choice", before["luc"])[0] == 0


@pytest.mark.usefixtures("luc")
def test_who_said_no_is_not_named_again(run: Run, ask: Ask) -> None:
    run("request", *asked("r1", "paul"))
    first, _ = ask("who", "r1")["choices"]
    run("propose", "r1", "--choice", first["token"])
    run("decline", "r1")
    assert [each["out"]["driver"] for each in ask("who", "r1")["choices"]] == ["luc"]


@pytest.mark.usefixtures("luc")
def test_who_said_no_on_the_telephone_is_not_named_again(
    run: Run, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MSAP_AGENT", "marie")
    run("request", *asked("r1", "paul"))
    (call,) = ask("log-call", "r1", "jeanne", "--outcome", "declined")["calls"]
    assert (call["member"], call["by"]) == ("jeanne", "marie")
    assert [each["out"]["driver"] for each in ask("who", "r1")["choices"]] == ["luc"]


def test_there_and_back_in_two_cars(run: Run, ask: Ask) -> None:
    home = ("--start", "objat", "--end", "ayen", "--depart", f"{DAY} 11:00")
    run("offer", "home", "--driver", "jeanne", *home, "--max-detour", "5 min")
    run("request", *asked("r1", "paul", "--back", f"{DAY} 10:30-11:30"))
    (choice,) = ask("who", "r1")["choices"]
    booked = ask("book", "r1", "--choice", choice["token"])
    assert [(ride["ride"], ride["stage"]) for ride in booked["rides"]] == [
        ("r1", "promised"),
        ("r1-back", "promised"),
    ]
    assert ask("book", "r1", "--choice", choice["token"])["rides"] == booked["rides"]


def test_nobody_can_and_what_would_help(run: Run, ask: Ask) -> None:
    run("request", *asked("r1", "paul", hours="08:40-09:00"))
    found = ask("who", "r1")
    assert found["choices"] == []
    assert [each["offer"] for each in found["refused"]] == ["o1"]
    assert ("out", -1800) in {(each["change"], each["amount"]) for each in found["almost"]}
    _, out, _ = run("who", "r1", "--refused")
    assert "Nobody can take you" in out
    assert found["refused"][0]["text"]["en"] in out
    assert "30 min earlier" in out


def test_what_cannot_be_asked(run: Run, ask: Ask) -> None:
    assert ask("who", "r9", ends=5)["code"] == "request_unknown"
    assert ask("book", "r9", "--choice", "zzzzz", ends=5)["code"] == "request_unknown"
    run("request", *asked("r1", "paul"))
    faults = ask("book", "r1", "--choice", "zzzzz", "--offer", "o1", ends=2)["faults"]
    assert [fault["code"] for fault in faults] == ["choice_and_offer"]
    assert ask("book", "r1", "--choice", "zzzzz", ends=5)["code"] == "choice_gone"


def test_a_passenger_who_walks_is_met_at_a_meeting_point(run: Run, ask: Ask) -> None:
    Path("points.csv").write_text("id,name,lon,lat\nhall,Mairie,1.324,45.254\n", encoding="utf-8")
    way = ("--start", "1.3205,45.2565", "--end", "objat", "--depart", f"{DAY} 07:45-08:30")
    run("offer", *offered("o2", "--max-detour", "0 min"))
    run("withdraw", "o1")
    run("request", "r1", "--rider", "paul", *way, "--walk-limit", "1 km")
    assert ask("who", "r1")["choices"] == []
    met = ("--meeting-points", "points.csv")
    (choice,) = ask("who", "r1", *met)["choices"]
    assert choice["walk_m"] > 0
    assert ask("book", "r1", "--choice", choice["token"], ends=5)["code"] == "choice_gone"
    assert run("book", "r1", "--choice", choice["token"], *met)[0] == 0
    faults = ask("who", "r1", "--meeting-points", "absent.csv", ends=2)["faults"]
    assert [fault["code"] for fault in faults] == ["table_unreadable"]
