"""Each refusal ends with 5, in words and as data; wrong input ends with 2 and tells every fault."""

from __future__ import annotations

import contextlib
import io
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from msap_mobility.cli import main
from msap_mobility.wording import codes
from tests.cli.desk.conftest import DAY, PLACES, Ask, Run, asked, offered

REFUSED = {
    "not_a_member": ("request", *asked("r9", "nobody")),
    "member_lacks": ("request", *asked("r9", "jeanne")),
    "offer_unknown": ("book", "r2", "--offer", "o9"),
    "offer_withdrawn": ("book", "r2", "--offer", "gone"),
    "offer_in_use": ("withdraw", "o1"),
    "offer_differs": ("offer", *offered("o1", hour="09:10")),
    "request_unknown": ("book", "r9", "--offer", "o1"),
    "request_differs": ("request", *asked("r1", "lucie")),
    "rode_already": ("again", "driven"),
    "out_of_turn": ("confirm", "r1"),
    "over": ("drive", "cancelled"),
    "not_asked": ("drive", "r9"),
    "not_sought": ("who", "r1"),
    "carpool_seats_short": ("book", "three", "--offer", "o1"),
    "carpool_car_comes_earlier": ("book", "late", "--offer", "o1"),
    "carpool_no_wheelchair": ("book", "seated", "--offer", "o1"),
    "ledger": ("settle", "confirmed", "--serials", "Z001..Z009"),
}

ELSEWHERE = {
    "seat_taken",
    "offer_changed",
    "in_two_cars",  # somebody else was quicker: see test_at_once
    "return_or_nothing",
    "other_request",
    "rider_differs",  # no choice of ours is like that
}

TO_BRIVE = ("o9", "--driver", "jeanne", "--start", "ayen", "--end", "brive", "--depart")

WRONG = {
    "an offer": (
        (
            *("offer", "o9", "--driver", "jeanne", "--start", "atlantis", "--end", "ayen"),
            *("--depart", "2020-01-01 08:00", "--seats", "0", "--max-detour", "5 min"),
            *("--max-detour-distance", "200 km", "--at", "soon"),
        ),
        {"unknown_place", "window_is_past", "out_of_range", "not_a_typed_moment"},
    ),
    "a window": (
        ("offer", *TO_BRIVE, f"{DAY} 09:00-08:00", "--seats", "many", "--max-detour", "far"),
        {"window_closed_before_open", "not_whole", "not_a_duration"},
    ),
    "an offer without a detour": (
        ("offer", *TO_BRIVE, f"{DAY} 09:00"),
        {"trip_without_detour"},
    ),
    "coordinates": (
        ("offer", *TO_BRIVE, f"{DAY} 09:00", "--max-detour", "5 min", "--start", "200,45"),
        {"out_of_range"},
    ),
    "a request": (
        (
            *("request", "r9", "--rider", "paul", "--start", "ayen", "--end", "nowhere at all"),
            *("--depart", f"{DAY} 09:00", "--party", "0", "--only-with", "paul"),
            *("--stay", "long"),
        ),
        {"unknown_place", "out_of_range", "own_passenger", "not_a_duration"},
    ),
    "a way back too soon": (
        ("request", *asked("r9", "paul", "--back", f"{DAY} 07:00")),
        {"back_too_soon"},
    ),
    "a member": (
        (
            *("member", "zoe", "--roles", "pilot", "--charter", "soon", "--commune", "Ayen"),
            *("--phone", "1\n2"),
        ),
        {"unknown_choice", "not_a_typed_day", "not_a_commune_code", "not_printable"},
    ),
    "with whom": (("book", "r2"), {"no_offer_named"}),
    "a booking": (
        ("book", "r2", "--offer", "o1", "--at", "soon", "--slips", "later"),
        {"not_a_typed_moment"},
    ),
    "a drive": (
        ("drive", "r1", "--km", "far", "--at", "soon"),
        {"amount_not_exact", "not_a_typed_moment"},
    ),
    "a slip": (
        ("settle", "r1", "--serials", "A9..A1", "--date", "soon"),
        {"not_a_series", "not_a_typed_day"},
    ),
    "places": (("request", *asked("r9", "paul"), "--places", "absent.csv"), {"table_unreadable"}),
    "days": (("rides", "--from", "soon", "--to", "32/12/2031"), {"not_a_typed_day"}),
    "a report": (("report", "--from", DAY, "--to", "2031-12-01"), {"ends_before_start"}),
    "a month and days": (("report", "--from", DAY, "--month", "12/2031"), {"month_or_days"}),
    "the prefect": (
        ("report", "--prefect", "soon", "--month", "soon"),
        {"not_a_report_year", "not_a_typed_month", "no_beneficiaries"},
    ),
    "beneficiaries": (
        ("report", "--prefect", "2031", "--beneficiaries", "absent.csv"),
        {"beneficiaries_missing"},
    ),
    "who says so": (("cancel", "r1", "--by", " "), {"not_a_name"}),
    "an id": (("request", *asked("r9-back", "paul")), {"request_id_back"}),
    "a ledger": (("rides", "--ledger", "absent.sqlite"), {"ledger_missing"}),
}


@pytest.fixture(scope="module")
def worked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a desk and a ledger in which something has happened."""
    folder = tmp_path_factory.mktemp("worked")
    quiet = contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO())
    with contextlib.chdir(folder), pytest.MonkeyPatch.context() as patch, quiet[0], quiet[1]:
        patch.setenv("MSAP_DESK", "desk.sqlite")
        patch.setenv("MSAP_LEDGER", "ayen.sqlite")
        Path("places.csv").write_text(PLACES, encoding="utf-8")
        for words in story():
            with pytest.raises(SystemExit) as ended:
                main([*map(str, words), "--lang", "en"])
            assert not ended.value.code, words
    return folder


def story() -> Iterator[tuple[object, ...]]:
    """What has happened there."""
    yield "ledger", "init", "--rules", "ayen"
    yield "ledger", "sell", "paul", "--km", 50
    yield "desk", "init", "--places", "places.csv"
    charter = ("--charter", "2026-03-02")
    papers = (*charter, "--licence", "2026-03-02", "--badge", 12)
    yield "desk", "member", "jeanne", "--roles", "driver", *papers
    for name in ("paul", "lucie"):
        yield "desk", "member", name, "--roles", "rider", *charter
    for name, hour in (("o1", "08:10"), ("gone", "08:10"), ("o2", "13:10"), ("o3", "15:10")):
        yield "desk", "offer", *offered(name, hour=hour)
    yield "desk", "withdraw", "gone"
    for name in ("r1", "cancelled"):
        yield "desk", "request", *asked(name, "paul")
    yield "desk", "request", *asked("driven", "paul", hours="13:00-13:30")
    yield "desk", "request", *asked("confirmed", "paul", hours="15:00-15:30")
    yield "desk", "request", *asked("r2", "lucie")
    yield "desk", "request", *asked("late", "lucie", hours="11:00-11:30")
    yield "desk", "request", *asked("three", "lucie", "--party", 4)
    yield "desk", "request", *asked("seated", "lucie", "--wheelchair")
    yield "desk", "cancel", "cancelled"
    for name, offer in (("driven", "o2"), ("confirmed", "o3")):
        yield "desk", "book", name, "--offer", offer
        yield "desk", "drive", name
    yield "desk", "confirm", "confirmed"
    yield "desk", "book", "r1", "--offer", "o1"


@pytest.fixture
def busy(run: Run, worked: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Commands on a copy of that folder."""
    shutil.copytree(worked, Path(), dirs_exist_ok=True)
    monkeypatch.setenv("MSAP_DESK", "desk.sqlite")
    monkeypatch.setenv("MSAP_LEDGER", "ayen.sqlite")
    return run


@pytest.mark.usefixtures("busy")
@pytest.mark.parametrize("code", REFUSED)
def test_a_refusal_ends_with_five(run: Run, ask: Ask, code: str) -> None:
    refusal = ask(*REFUSED[code], ends=5)
    assert refusal["schema"] == "msap.desk.refusal/1"
    assert refusal["code"] == code
    for lang in ("en", "fr"):
        ended, out, err = run(*REFUSED[code], "--lang", lang)
        assert (ended, out) == (5, "")
        assert err.strip() == refusal["text"][lang]
    assert refusal["text"]["fr"] != refusal["text"]["en"]


def test_every_refusal_of_the_desk_is_looked_at() -> None:
    known = {code.rpartition(".")[2] for code in codes("en") if code.startswith("desk.refused.")}
    assert known <= {*REFUSED, *ELSEWHERE}


@pytest.mark.usefixtures("busy")
@pytest.mark.parametrize("name", WRONG)
def test_wrong_input_ends_with_two_and_tells_every_fault(run: Run, ask: Ask, name: str) -> None:
    words, codes = WRONG[name]
    faults = ask(*words, ends=2)
    assert faults["schema"] == "msap.faults/1"
    assert {fault["code"] for fault in faults["faults"]} == codes
    code, out, err = run(*words, "--lang", "fr")
    assert (code, out) == (2, "")
    assert len(err.splitlines()) == 1 + len(faults["faults"])


@pytest.mark.usefixtures("busy")
def test_nothing_is_written_by_what_is_wrong_or_refused(ask: Ask, run: Run) -> None:
    span = ("--from", DAY, "--to", DAY)
    before = ask("rides", *span), ask("offers", "--on", DAY), ask("members")
    for words in (*REFUSED.values(), *(words for words, _ in WRONG.values())):
        run(*words)
    assert (ask("rides", *span), ask("offers", "--on", DAY), ask("members")) == before


@pytest.mark.usefixtures("desk")
def test_faults_bear_the_names_of_the_options(ask: Ask) -> None:
    words, _ = WRONG["an offer without a detour"]
    assert ask(*words, ends=2)["faults"][0]["column"] == "max_detour"
    faults = ask("member", "zoe", "--roles", "rider", "--commune", "Ayen", ends=2)["faults"]
    assert faults[0]["column"] == "commune"


@pytest.mark.usefixtures("desk")
def test_a_table_of_places_with_faults_is_told_whole(ask: Ask) -> None:
    rows = "id,name,lon,lat,urban_unit\na,A,far,45,0\na,B,1,95,\nc,C,1,45,0\n"
    Path("bad.csv").write_text(rows, encoding="utf-8")
    faults = ask("request", *asked("r9", "paul"), "--places", "bad.csv", ends=2)["faults"]
    assert {(fault["row"], fault["column"]) for fault in faults} == {
        (2, "lon"),
        (3, "id"),
        (3, "lat"),
    }
    Path("bad.csv").write_text("id,name,lon,lat,urban_unit\na,A,1,45,-1\n", encoding="utf-8")
    faults = ask("request", *asked("r9", "paul"), "--places", "bad.csv", ends=2)["faults"]
    assert [(fault["row"], fault["code"]) for fault in faults] == [(2, "out_of_range")]


@pytest.mark.usefixtures("desk")
def test_a_passenger_is_no_driver_of_their_own(run: Run, ask: Ask) -> None:
    run("member", "jeanne", "--roles", "driver;rider")
    run("request", *asked("r1", "jeanne"))
    assert ask("book", "r1", "--offer", "o1", ends=5)["code"] == "carpool_same_person"


@pytest.mark.parametrize(
    "words",
    [
        ("members",),
        ("member", "paul", "--roles", "rider"),
        ("offers",),
        ("rides",),
        ("book", "r1", "--offer", "o1"),
        ("report",),
        ("forget",),
    ],
)
def test_a_missing_desk_is_refused_and_not_made(ask: Ask, words: tuple[str, ...]) -> None:
    faults = ask(words[0], "absent.sqlite", *words[1:], ends=2)["faults"]
    assert [fault["code"] for fault in faults] == ["desk_missing"]
    assert list(Path().iterdir()) == []


def test_a_file_that_is_no_desk(run: Run, ask: Ask) -> None:
    Path("notes.txt").write_text("bread, milk\n" * 500, encoding="utf-8")
    unusable = ask("members", "notes.txt", ends=5)
    assert unusable["schema"] == "msap.desk.unusable/1"
    code, out, err = run("members", "notes.txt", "--lang", "fr")
    assert (code, out, err.strip()) == (5, "", unusable["text"]["fr"])


def test_a_desk_is_set_up_once(run: Run, ask: Ask, desk: str) -> None:
    assert ask("init", desk, ends=2)["faults"][0]["code"] == "desk_exists"
    assert run("members")[0] == 0


def test_other_places_are_not_written_over(ask: Ask) -> None:
    rows = "id,name,lon,lat\na,A,1,45\n"
    Path("mine.csv").write_text(rows, encoding="utf-8")
    Path("desk.places.csv").write_text(rows.replace("45", "46"), encoding="utf-8")
    faults = ask("init", "desk.sqlite", "--places", "mine.csv", ends=2)["faults"]
    assert [fault["code"] for fault in faults] == ["places_there"]
    assert not Path("desk.sqlite").exists()


def test_a_server_keeps_no_table_of_places(ask: Ask) -> None:
    Path("mine.csv").write_text("id,name,lon,lat\na,A,1,45\n", encoding="utf-8")
    faults = ask("init", "postgresql://localhost/x", "--places", "mine.csv", ends=2)["faults"]
    assert [fault["code"] for fault in faults] == ["places_beside_server"]


@pytest.mark.parametrize("words", [("fly",), ("book",), ("offer", "desk.sqlite", "o1")])
def test_words_there_are_not(run: Run, words: tuple[str, ...]) -> None:
    code, out, err = run(*words)
    assert (code, out) == (2, "")
    assert err


def test_a_server_without_its_extra(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    code, _, err = run("members", "postgresql://localhost/nothing")
    assert code == 3
    assert "msap-mobility[postgres]" in err
